package io.millrace.jobs;

import io.millrace.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A few rows of Spark as people and machines are shown them: numbers, truth values and texts. */
final class Shown {

  private Shown() {}

  /** The first rows, by column. */
  static List<Map<String, Object>> first(Dataset<Row> rows, int number) {
    if (number == 0) {
      return List.of();
    }
    Column[] columns =
        Arrays.stream(rows.schema().fields()).map(Shown::value).toArray(Column[]::new);
    List<Map<String, Object>> shown = new ArrayList<>();
    for (Row row : rows.limit(number).select(columns).collectAsList()) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int i = 0; i < columns.length; i++) {
        values.put(rows.columns()[i], row.get(i));
      }
      shown.add(values);
    }
    return shown;
  }

  private static Column value(StructField field) {
    Column value = Columns.named(field.name());
    DataType type = field.dataType();
    if (type instanceof NumericType || type instanceof BooleanType) {
      return value;
    }
    boolean nested =
        type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
    return (nested ? functions.to_json(value) : value.cast("string")).as(field.name());
  }
}
