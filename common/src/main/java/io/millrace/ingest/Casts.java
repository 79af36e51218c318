package io.millrace.ingest;

import static org.apache.spark.sql.functions.date_trunc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.try_to_timestamp;
import static org.apache.spark.sql.functions.when;

import io.millrace.SpecException;
import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.ColumnType;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.VariantType;

/**
 * Casts that give null where a value isn't one of the type, and never round, cut or guess.
 *
 * <ul>
 *   <li>LONG: a whole number of 64 bits; {@code +5}, {@code 007} and {@code 17850.0} are ones.
 *   <li>DOUBLE: a decimal number, also {@code 1e-3}; {@code NaN}, {@code Infinity}, {@code inf}
 *       with or without a sign, in any case. A number too great for a double isn't one.
 *   <li>BOOLEAN: true, t, yes, y, 1 and false, f, no, n, 0, in any case.
 *   <li>DATE: {@code 2026-01-31}, or a timestamp at midnight. TIMESTAMP: {@code 2026-01-31
 *       23:59:59.999999} or with a {@code T}, a date alone at its midnight; UTC unless it names a
 *       zone. Both by the column's pattern where it has one.
 *   <li>STRING: any text; nested values as JSON; binary values that are UTF-8.
 * </ul>
 *
 * A try_cast that fails throws and catches inside Spark, which costs up to 10 µs a value, so that
 * what often fails is told apart before; a regular expression on each value would cost more.
 */
final class Casts {

  private static final String WHOLE = "^\\s*[+-]?[0-9]{1,19}(\\.0*)?\\s*$";
  private static final String INFINITE = "(?i)^\\s*[+-]?inf(inity)?\\s*$";
  private static final String ISO_DATE = "^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\\s*$";
  private static final String ISO_TIME = "^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9].*)?$";
  private static final String TRUTH = "(?i)^\\s*(true|t|yes|y|1|false|f|no|n|0)\\s*$";

  private Casts() {}

  /** The type that a file's own type becomes; none for the type of nothing but nulls. */
  static Optional<ColumnType> typeOf(DataType type) {
    if (type instanceof NullType) {
      return Optional.empty();
    }
    return Optional.of(
        switch (type.typeName()) {
          case "byte", "short", "integer", "long" -> ColumnType.LONG;
          case "boolean" -> ColumnType.BOOLEAN;
          case "date" -> ColumnType.DATE;
          case "timestamp", "timestamp_ntz" -> ColumnType.TIMESTAMP;
          default -> type instanceof NumericType ? ColumnType.DOUBLE : ColumnType.STRING;
        });
  }

  /** The texts that mean null; of CSV, the reader knows the empty text itself. */
  static List<String> nulls(SourceSpec spec) {
    return spec.nulls().stream()
        .filter(text -> !(spec instanceof SourceSpec.Csv && text.isEmpty()))
        .toList();
  }

  /** A value without the texts that mean null. */
  static Column known(Column value, DataType type, List<String> nulls) {
    if (!(type instanceof StringType) || nulls.isEmpty()) {
      return value;
    }
    return when(value.isin(nulls.toArray()), lit(null)).otherwise(value);
  }

  /** A value as one of the type, null if it isn't one. */
  static Column cast(Column value, DataType from, ColumnType to, Optional<String> format) {
    if (from instanceof NullType) {
      return value.cast(ColumnTypes.sparkType(to));
    }
    if (to == ColumnType.STRING) {
      return text(value, from);
    }
    if (from instanceof StringType || from instanceof BinaryType) {
      return parse(text(value, from), to, format);
    }
    return convert(value, from, to);
  }

  /** Whether the cast can't fail, so that nobody needs to look. */
  static boolean isSafe(DataType from, ColumnType to) {
    return from instanceof NullType
        || to == ColumnType.STRING && !(from instanceof BinaryType)
        || to == ColumnType.DOUBLE && from instanceof NumericType
        || to != ColumnType.STRING && ColumnTypes.sparkType(to).equals(from)
        || to == ColumnType.LONG && typeOf(from).equals(Optional.of(ColumnType.LONG))
        || to == ColumnType.TIMESTAMP && from instanceof TimestampNTZType;
  }

  static Column text(Column value, DataType from) {
    if (from instanceof StringType) {
      return value;
    }
    if (from instanceof BinaryType) {
      return functions.try_validate_utf8(value.cast("string"));
    }
    boolean nested =
        from instanceof StructType
            || from instanceof ArrayType
            || from instanceof MapType
            || from instanceof VariantType;
    return nested ? to_json(value) : value.cast("string");
  }

  private static Column parse(Column text, ColumnType to, Optional<String> format) {
    return switch (to) {
      case STRING -> text;
      case BOOLEAN -> when(text.rlike(TRUTH), text.try_cast("boolean"));
      case LONG ->
          when(text.contains(lit(".")).unary_$bang(), text.try_cast("bigint"))
              .when(text.rlike(WHOLE), regexp_replace(text, "\\.0*\\s*$", "").try_cast("bigint"));
      case DOUBLE -> number(text);
      case DATE -> format.map(f -> midnight(byPattern(text, f))).orElseGet(() -> date(text));
      case TIMESTAMP ->
          format
              .map(f -> byPattern(text, f))
              .orElseGet(() -> when(text.rlike(ISO_TIME), text.try_cast("timestamp")));
    };
  }

  /** Java also takes 1d, 1f and 0x1p3 for numbers. */
  private static Column number(Column text) {
    Column parsed = text.try_cast("double");
    Column infinite = functions.abs(parsed).equalTo(Double.POSITIVE_INFINITY);
    Column foreign = text.contains(lit("x")).or(text.contains(lit("X")));
    for (String suffix : new String[] {"d", "D", "f", "F"}) {
      foreign = foreign.or(text.endsWith(lit(suffix)));
    }
    return when(infinite, when(text.rlike(INFINITE), parsed)).when(foreign.unary_$bang(), parsed);
  }

  private static Column date(Column text) {
    return when(text.rlike(ISO_DATE), text.try_cast("date"))
        .when(text.rlike(ISO_TIME), midnight(text.try_cast("timestamp")));
  }

  private static Column midnight(Column moment) {
    return when(moment.equalTo(date_trunc("day", moment)), moment.cast("date"));
  }

  private static Column byPattern(Column text, String format) {
    return try_to_timestamp(text, lit(format));
  }

  private static Column convert(Column value, DataType from, ColumnType to) {
    Column none = lit(null).cast(ColumnTypes.sparkType(to));
    boolean number = from instanceof NumericType;
    boolean moment = typeOf(from).equals(Optional.of(ColumnType.TIMESTAMP));
    return switch (to) {
      case STRING -> text(value, from);
      case BOOLEAN ->
          from.equals(DataTypes.BooleanType)
              ? value
              : number ? when(value.isin(0, 1), value.equalTo(1)) : none;
      case LONG -> number ? whole(value, from) : none;
      case DOUBLE -> number ? value.cast("double") : none;
      case DATE ->
          from.equals(DataTypes.DateType)
              ? value
              : moment ? midnight(value.cast("timestamp")) : none;
      case TIMESTAMP -> moment || from.equals(DataTypes.DateType) ? value.cast("timestamp") : none;
    };
  }

  private static Column whole(Column value, DataType from) {
    if (typeOf(from).equals(Optional.of(ColumnType.LONG))) {
      return value.cast("bigint");
    }
    Column whole = value.try_cast("bigint");
    return when(whole.try_cast(from).equalTo(value), whole);
  }

  /**
   * The pattern of a column in a spec, whichever way the spec names it.
   *
   * @throws SpecException if Java's DateTimeFormatter doesn't know the pattern
   */
  static Optional<String> format(SourceSpec spec, String name) {
    return declared(spec.formats(), name).map(Casts::checked);
  }

  private static String checked(String pattern) {
    try {
      DateTimeFormatter unused = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
      return pattern;
    } catch (IllegalArgumentException e) {
      throw new SpecException(
          "formats: %s is no pattern: %s; as in dd/MM/yyyy HH:mm"
              .formatted(pattern, e.getMessage()),
          e);
    }
  }

  /** What a spec says of a column by its name in the file or in the table. */
  static <T> Optional<T> declared(Map<String, T> byName, String name) {
    return byName.entrySet().stream()
        .filter(entry -> ColumnNames.safe(entry.getKey()).equals(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
