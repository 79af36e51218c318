package io.millrace.erase;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.millrace.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Texts in rows that speak of a person. */
public final class Texts {

  private Texts() {}

  /** Rows of which some text holds the person. */
  public static Column mentions(StructType schema, Subject subject) {
    UDF1<String, Boolean> test = subject::isIn;
    Column any = lit(false);
    for (StructField field : schema.fields()) {
      if (field.dataType().equals(DataTypes.StringType)) {
        any = any.or(udf(test, DataTypes.BooleanType).apply(Columns.named(field.name())));
      }
    }
    return any;
  }

  /** The rows with {@code (erased)} where the value stood in a text of these columns. */
  public static Dataset<Row> redacted(Dataset<Row> rows, Subject subject, Set<String> columns) {
    if (!subject.isDistinctive()) {
      return rows;
    }
    UDF1<String, String> redact = subject::redacted;
    List<Column> selected = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      Column column = Columns.named(field.name());
      boolean text = field.dataType().equals(DataTypes.StringType);
      selected.add(
          text && columns.contains(field.name())
              ? udf(redact, DataTypes.StringType).apply(column).as(field.name())
              : column);
    }
    return rows.select(selected.toArray(Column[]::new));
  }
}
