package io.millrace.validate;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.ShortType;

/** Reads a column of numbers, dates or times without boxing. */
final class NumberReader implements Serializable {

  private static final long serialVersionUID = 1L;

  private enum Width {
    BYTE,
    SHORT,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL
  }

  private final NumberKind kind;
  private final Width width;
  private final int position;
  private final int precision;
  private final int scale;

  /**
   * A reader of a column.
   *
   * @throws IllegalArgumentException if the type is none of {@link NumberKind}
   */
  NumberReader(DataType type, int position) {
    this.position = position;
    kind = NumberKind.of(type).orElseThrow(() -> new IllegalArgumentException("no number " + type));
    width = width(type);
    precision = type instanceof DecimalType d ? d.precision() : 0;
    scale = type instanceof DecimalType d ? d.scale() : 0;
  }

  NumberKind kind() {
    return kind;
  }

  boolean isNull(InternalRow row) {
    return row.isNullAt(position);
  }

  /** A value that isn't null, as a double. */
  double real(InternalRow row) {
    return switch (width) {
      case FLOAT -> row.getFloat(position);
      case DOUBLE -> row.getDouble(position);
      case DECIMAL -> row.getDecimal(position, precision, scale).toDouble();
      default -> whole(row);
    };
  }

  /** A whole number, day or microsecond that isn't null. */
  long whole(InternalRow row) {
    return switch (width) {
      case BYTE -> row.getByte(position);
      case SHORT -> row.getShort(position);
      case INT -> row.getInt(position);
      case LONG -> row.getLong(position);
      default -> throw new IllegalStateException("a real number has no whole one");
    };
  }

  /** A value that isn't null, as {@link NumberKind#text(long)} takes it. */
  long bits(InternalRow row) {
    return kind == NumberKind.REAL ? Double.doubleToLongBits(real(row) + 0.0) : whole(row);
  }

  private static Width width(DataType type) {
    if (type instanceof ByteType) {
      return Width.BYTE;
    } else if (type instanceof ShortType) {
      return Width.SHORT;
    } else if (type instanceof IntegerType || type instanceof DateType) {
      return Width.INT;
    } else if (type instanceof FloatType) {
      return Width.FLOAT;
    } else if (type instanceof DoubleType) {
      return Width.DOUBLE;
    }
    return type instanceof DecimalType ? Width.DECIMAL : Width.LONG;
  }
}
