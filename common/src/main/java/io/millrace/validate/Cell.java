package io.millrace.validate;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;

/** One column of the rows of a scan: where it stands, and what it holds as a text. */
final class Cell implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Characters of a value that a reason shows. */
  private static final int LONGEST = 100;

  private final String name;
  private final int position;
  private final DataType type;
  private final NumberReader number;

  Cell(String name, int position, DataType type) {
    this.name = name;
    this.position = position;
    this.type = type;
    number = NumberKind.of(type).isPresent() ? new NumberReader(type, position) : null;
  }

  String name() {
    return name;
  }

  int position() {
    return position;
  }

  DataType type() {
    return type;
  }

  boolean isText() {
    return type instanceof StringType;
  }

  /** The reader of a number, date or time; null for other types. */
  NumberReader number() {
    return number;
  }

  boolean isNull(InternalRow row) {
    return row.isNullAt(position);
  }

  /** What a row holds, for people; long texts are cut. */
  String text(InternalRow row) {
    if (row.isNullAt(position)) {
      return "null";
    } else if (number != null) {
      return number.kind().text(number.bits(row));
    } else if (type instanceof BooleanType) {
      return Boolean.toString(row.getBoolean(position));
    } else if (!isText()) {
      return type.simpleString();
    }
    // a prefix by characters of 4 bytes at most, so that a long text isn't turned into a string
    return shortened(row.getUTF8String(position).substring(0, LONGEST + 1).toString());
  }

  private static String shortened(String text) {
    boolean cut = text.codePointCount(0, text.length()) > LONGEST;
    return cut ? text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…" : text;
  }
}
