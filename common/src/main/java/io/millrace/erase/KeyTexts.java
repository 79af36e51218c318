package io.millrace.erase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.ingest.ColumnNames;
import io.millrace.table.Columns;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Keys as texts: the same person gives the same text, of whatever type a table has the key. */
final class KeyTexts {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A whole number as a source may write it. */
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,40}(\\.0{1,40})?");

  private KeyTexts() {}

  /** {@link Subject#canonical} of each row of a schema; null where a column is. */
  static Column canonical(List<String> columns, StructType schema) {
    List<Column> parts = new ArrayList<>();
    for (String column : columns) {
      String name = (parts.isEmpty() ? "" : "\0") + column + "=";
      parts.add(functions.lit(name));
      parts.add(text(column, schema.apply(column).dataType()));
    }
    return functions.concat(parts.toArray(Column[]::new));
  }

  /** {@link Subject#canonical} of a refused row, by its cells; empty where it lacks a column. */
  static Optional<String> canonical(List<String> columns, Map<String, String> cells) {
    List<String> parts = new ArrayList<>();
    for (String column : columns) {
      if (!cells.containsKey(column)) {
        return Optional.empty();
      }
      parts.add(column + "=" + cells.get(column));
    }
    return Optional.of(String.join("\0", parts));
  }

  /**
   * A column as the text that tells persons apart: one of another type, or of the type to which it
   * was widened, gives the same. A whole number has no point, midnight is its day.
   */
  static Column text(String name, DataType type) {
    Column column = Columns.named(name);
    Column text = column.cast(DataTypes.StringType);
    if (type.equals(DataTypes.DoubleType)) {
      Column whole = column.try_cast(DataTypes.LongType);
      return functions
          .when(column.equalTo(whole.cast(DataTypes.DoubleType)), whole.cast(DataTypes.StringType))
          .otherwise(text);
    } else if (type.equals(DataTypes.TimestampType)) {
      Column day = column.cast(DataTypes.DateType);
      return functions
          .when(column.equalTo(day.cast(type)), day.cast(DataTypes.StringType))
          .otherwise(text);
    }
    return text;
  }

  /** Whether some value of a type is told by a text. */
  static boolean is(String text, DataType type) {
    try {
      if (type.equals(DataTypes.StringType) || type.equals(DataTypes.TimestampType)) {
        return true;
      } else if (type.equals(DataTypes.DateType)) {
        return LocalDate.parse(text).toString().equals(text);
      }
      BigDecimal number = new BigDecimal(text);
      return plain(text).equals(text) && (type.equals(DataTypes.DoubleType) || number.scale() == 0);
    } catch (DateTimeException | NumberFormatException e) {
      return false;
    }
  }

  /** A whole number as {@link #text} tells it, of whatever text; other texts as they are. */
  static String plain(String text) {
    return WHOLE.matcher(text).matches() ? new BigDecimal(text).toBigInteger().toString() : text;
  }

  /**
   * The cells of a row that was refused and kept as JSON, by the names that its table would have
   * given them; none where the text is no object.
   */
  static Map<String, String> cells(String text) {
    Map<String, String> cells = new TreeMap<>();
    try {
      JSON.readTree(text.startsWith("{") ? text : "{}")
          .fields()
          .forEachRemaining(
              field -> {
                if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                  cells.put(ColumnNames.safe(field.getKey()), field.getValue().asText());
                }
              });
    } catch (JsonProcessingException e) {
      return Map.of();
    }
    return cells;
  }
}
