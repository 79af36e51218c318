package io.millrace.validate;

import io.millrace.table.TableDefinition;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * What was measured of one column in the rows of one slice, or in those of them that hold one value
 * of another column.
 *
 * @param table name of the table: {@code raw/customers}
 * @param sliceRunId run id of the slice
 * @param day the slice's day
 * @param sliceColumn the column by whose values the slice is divided; absent for all rows
 * @param sliceValue its value as text; absent for all rows, or where it is null
 * @param column the column that was measured
 * @param type its type as Spark writes it
 * @param measures what was found
 */
public record Profile(
    String table,
    String sliceRunId,
    LocalDate day,
    Optional<String> sliceColumn,
    Optional<String> sliceValue,
    String column,
    String type,
    ColumnMeasures measures) {

  private static final int TOP = 20;

  /** The columns of a table of profiles, in the order of {@link #toRow}. */
  public static List<StructField> columns() {
    List<StructField> columns = new ArrayList<>();
    text(columns, "table", "Table that was measured");
    text(columns, "slice_run_id", "Run that brought the rows that were measured");
    add(columns, "day", DataTypes.DateType, "Day that these rows stand for");
    text(columns, "slice_column", "Column by whose values rows are told apart; null: all rows");
    text(columns, "slice_value", "Its value in these rows");
    text(columns, "column", "Column that was measured");
    text(columns, "type", "Its type");
    count(columns, "rows", "Number of rows");
    count(columns, "nulls", "Rows with null");
    count(columns, "nans", "Rows with NaN");
    count(columns, "infinities", "Rows with an infinity");
    count(columns, "distinct", "Distinct values; many: to within some 2%");
    text(columns, "min", "Smallest value, infinities aside");
    text(columns, "max", "Largest value, infinities aside");
    String units = "of dates in days, of times in microseconds since 1970";
    real(columns, "mean", "Mean of the finite numbers; " + units);
    real(columns, "stddev", "Standard deviation of the finite numbers (n - 1)");
    for (int percent : List.of(5, 25, 50, 75, 95)) {
      String comment = "Quantile of " + percent + "% of the finite numbers, to within 1%";
      real(columns, "p%02d".formatted(percent), comment);
    }
    text(columns, "top_values", "Most frequent values with counts, as JSON");
    count(columns, "min_length", "Characters of the shortest text");
    count(columns, "max_length", "Characters of the longest text");
    real(columns, "mean_length", "Mean number of characters");
    text(columns, "patterns", "Most frequent patterns (A, a, 9; runs folded) with counts, as JSON");
    text(columns, "sketch", "All that was measured, to be merged; base64");
    return columns;
  }

  /** The values of {@link #columns()} by name: text, Long, Double, LocalDate or null. */
  public Map<String, Object> toRow() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("table", table);
    row.put("slice_run_id", sliceRunId);
    row.put("day", day);
    row.put("slice_column", sliceColumn.orElse(null));
    row.put("slice_value", sliceValue.orElse(null));
    row.put("column", column);
    row.put("type", type);
    row.put("rows", measures.rows());
    row.put("nulls", measures.nulls());
    row.put("nans", measures.nans());
    row.put("infinities", measures.infinities());
    row.put("distinct", value(measures.distinct()));
    row.put("min", measures.min().orElse(null));
    row.put("max", measures.max().orElse(null));
    row.put("mean", value(measures.mean()));
    row.put("stddev", value(measures.stddev()));
    for (int percent : List.of(5, 25, 50, 75, 95)) {
      row.put("p%02d".formatted(percent), value(measures.quantile(percent / 100.0)));
    }
    row.put("top_values", ValueCount.json(measures.topValues(TOP)));
    row.put("min_length", value(measures.minLength()));
    row.put("max_length", value(measures.maxLength()));
    row.put("mean_length", value(measures.meanLength()));
    row.put("patterns", ValueCount.json(measures.patterns(TOP)));
    row.put("sketch", Base64.getEncoder().encodeToString(measures.toBytes()));
    return row;
  }

  /**
   * The profile of a row that {@link #toRow} made; the numbers are those of its sketch.
   *
   * @throws IllegalArgumentException if the sketch is none
   */
  public static Profile of(Map<String, Object> row) {
    return new Profile(
        (String) row.get("table"),
        (String) row.get("slice_run_id"),
        (LocalDate) row.get("day"),
        Optional.ofNullable((String) row.get("slice_column")),
        Optional.ofNullable((String) row.get("slice_value")),
        (String) row.get("column"),
        (String) row.get("type"),
        ColumnMeasures.of(Base64.getDecoder().decode((String) row.get("sketch"))));
  }

  /**
   * This profile with the rows of another slice added; both stay as they are.
   *
   * @throws IllegalArgumentException if the other is of another column or type
   */
  public Profile merge(Profile other) {
    if (!column.equals(other.column) || !type.equals(other.type)) {
      throw new IllegalArgumentException(
          "profiles of %s %s and %s %s can't be merged"
              .formatted(column, type, other.column, other.type));
    }
    ColumnMeasures merged = ColumnMeasures.of(measures.toBytes());
    merged.merge(other.measures);
    return new Profile(table, sliceRunId, day, sliceColumn, sliceValue, column, type, merged);
  }

  private static Long value(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static Double value(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private static void text(List<StructField> columns, String name, String comment) {
    add(columns, name, DataTypes.StringType, comment);
  }

  private static void count(List<StructField> columns, String name, String comment) {
    add(columns, name, DataTypes.LongType, comment);
  }

  private static void real(List<StructField> columns, String name, String comment) {
    add(columns, name, DataTypes.DoubleType, comment);
  }

  private static void add(List<StructField> columns, String name, DataType type, String comment) {
    columns.add(TableDefinition.column(name, type, comment));
  }
}
