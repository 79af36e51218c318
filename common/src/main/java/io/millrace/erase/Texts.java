package io.millrace.erase;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Texts in rows that speak of a person. */
public final class Texts {

  private Texts() {}

  /**
   * Rows of which some text holds the person; a file's name is no part of a row, others' rows may
   * come of it.
   */
  public static Column mentions(StructType schema, Subject subject) {
    UDF1<String, Boolean> test = subject::isIn;
    Column any = lit(false);
    for (StructField field : schema.fields()) {
      if (field.dataType().equals(DataTypes.StringType) && !field.name().equals(RawColumns.FILE)) {
        any = any.or(udf(test, DataTypes.BooleanType).apply(Columns.named(field.name())));
      }
    }
    return any;
  }

  /** All columns of a schema. */
  public static Set<String> all(StructType schema) {
    return Set.of(schema.fieldNames());
  }

  /**
   * The rows with {@code (erased)} where the value stood in a text of these columns, also within
   * lists and structures.
   *
   * @param columns as a search names them: of a nested text the whole path
   * @param within whether texts that are the value and nothing else stay
   */
  public static Dataset<Row> redacted(
      Dataset<Row> rows, Subject subject, Set<String> columns, boolean within) {
    if (!subject.isDistinctive()) {
      return rows;
    }
    UDF1<String, String> redact = within ? subject::redactedWithin : subject::redacted;
    UserDefinedFunction redacted = udf(redact, DataTypes.StringType);
    List<Column> selected = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      Column column = Columns.named(field.name());
      boolean asked =
          columns.stream()
              .anyMatch(name -> name.equals(field.name()) || name.startsWith(field.name() + "."));
      selected.add(asked ? redacted(column, field.dataType(), redacted).as(field.name()) : column);
    }
    return rows.select(selected.toArray(Column[]::new));
  }

  private static Column redacted(Column column, DataType type, UserDefinedFunction redact) {
    if (type.equals(DataTypes.StringType)) {
      return redact.apply(column);
    } else if (type instanceof ArrayType list) {
      return transform(column, element -> redacted(element, list.elementType(), redact));
    } else if (type instanceof StructType struct) {
      List<Column> fields = new ArrayList<>();
      for (StructField field : struct.fields()) {
        Column held = column.getField(field.name());
        fields.add(redacted(held, field.dataType(), redact).as(field.name()));
      }
      return when(column.isNotNull(), struct(fields.toArray(Column[]::new)));
    }
    return column;
  }
}
