package io.millrace.erase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.ingest.ColumnNames;
import io.millrace.table.Columns;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Keys as texts: the same person gives the same text, of whatever type a table has the key. */
final class KeyTexts {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A number as a source may write it, or as JSON writes a double. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]{1,40}(\\.[0-9]{1,40}(E\\+?[0-9]{1,2})?)?");

  /** A point in time as a source may write it, or as JSON does. */
  private static final Pattern MOMENT =
      Pattern.compile(
          "([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?)(Z|[+-][0-9]{2}:[0-9]{2})?");

  private static final Pattern WHOLE = Pattern.compile("-?[1-9][0-9]*");

  /** From here on a double is written with an exponent. */
  private static final int DIGITS_OF_AN_EXPONENT = 8;

  private static final int DIGITS_OF_A_LONG = 18;
  private static final int DAY = 10;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

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
      if (type.equals(DataTypes.StringType)) {
        return true;
      } else if (type.equals(DataTypes.TimestampType) && MOMENT.matcher(text).matches()) {
        return plain(text).equals(text);
      } else if (type.equals(DataTypes.DateType) || type.equals(DataTypes.TimestampType)) {
        return LocalDate.parse(text).toString().equals(text);
      }
      BigDecimal number = new BigDecimal(text);
      return plain(text).equals(text) && (type.equals(DataTypes.DoubleType) || number.scale() == 0);
    } catch (DateTimeException | NumberFormatException e) {
      return false;
    }
  }

  /** A whole number or a time as {@link #text} tells it, of whatever text; others as they are. */
  static String plain(String text) {
    if (NUMBER.matcher(text).matches()) {
      BigDecimal number = new BigDecimal(text);
      return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0
          ? number.toBigInteger().toString()
          : text;
    }
    Matcher moment = MOMENT.matcher(text);
    return moment.matches() ? plain(moment).orElse(text) : text;
  }

  private static Optional<String> plain(Matcher moment) {
    try {
      LocalDateTime local = LocalDateTime.parse(moment.group(1) + "T" + moment.group(2));
      ZoneOffset zone = moment.group(3) == null ? ZoneOffset.UTC : ZoneOffset.of(moment.group(3));
      return Optional.of(text(local.toInstant(zone)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** A point in time as {@link #text} tells it. */
  static String text(Instant moment) {
    LocalDateTime utc = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
    if (utc.toLocalTime().equals(LocalTime.MIDNIGHT)) {
      return utc.toLocalDate().toString();
    }
    return utc.format(SECONDS).replaceAll("\\.?0{1,6}$", "");
  }

  /**
   * The ways in which JSON may write a value of a key, without what JSON escapes: as it is, as a
   * double with an exponent, as a point in time.
   */
  static Set<String> written(String value) {
    Set<String> written = new LinkedHashSet<>(List.of(value));
    boolean exponent =
        WHOLE.matcher(value).matches()
            && value.length() >= DIGITS_OF_AN_EXPONENT
            && value.length() <= DIGITS_OF_A_LONG;
    if (exponent) {
      written.add(Double.toString(Long.parseLong(value)));
    }
    Matcher moment = MOMENT.matcher(value.length() == DAY ? value + " 00:00:00" : value);
    if (moment.matches()) {
      written.add(moment.group(1) + "T" + moment.group(2));
      String[] seconds = moment.group(2).split("\\.");
      String millis = (seconds.length == 1 ? "" : seconds[1]) + "000";
      written.add(moment.group(1) + "T" + seconds[0] + "." + millis.substring(0, 3) + "Z");
    }
    return written;
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
