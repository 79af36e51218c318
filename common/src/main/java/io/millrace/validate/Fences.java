package io.millrace.validate;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;

import io.millrace.SpecException;
import io.millrace.config.CheckSpec;
import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Tukey's fences ("Exploratory Data Analysis", 1977): the quartiles of a slice, widened by some
 * times their distance. Quartiles are those of {@link ColumnMeasures#quantile}.
 *
 * @param low least number that isn't far out
 * @param high greatest number that isn't far out
 */
record Fences(double low, double high) {

  /** The fences of a column; none without finite numbers. */
  static Optional<Fences> of(ColumnMeasures measures, double times) {
    if (measures.quantile(0.5).isEmpty()) {
      return Optional.empty();
    }
    double lower = measures.quantile(0.25).getAsDouble();
    double upper = measures.quantile(0.75).getAsDouble();
    double reach = times * (upper - lower);
    return Optional.of(new Fences(lower - reach, upper + reach));
  }

  /** Whether a column's extremes are outside. */
  boolean crossedBy(NumberMeasures measures) {
    return measures.infinities() > 0
        || measures.quantile(0).orElse(low) < low
        || measures.quantile(1).orElse(high) > high;
  }

  /** What was expected, for people. */
  String text() {
    return String.format(Locale.ROOT, "from %s to %s", NumberKind.text(low), NumberKind.text(high));
  }

  /**
   * The measures of a column of numbers.
   *
   * @throws SpecException if it is of another type
   */
  static NumberMeasures numbers(ColumnMeasures measures, String column, String place) {
    if (measures instanceof NumberMeasures numbers) {
      return numbers;
    }
    throw new SpecException(
        "%s.column: %s holds no numbers; take another check".formatted(place, column));
  }

  /** The rows with a column for a check, if the extremes of a slice cross its fences. */
  static LateRows mark(
      LateRows rows, int index, CheckSpec.NoOutliers check, Map<String, NumberMeasures> slices) {
    List<Row> crossed = new ArrayList<>();
    slices.forEach(
        (runId, measures) ->
            of(measures, check.times())
                .filter(fences -> fences.crossedBy(measures))
                .ifPresent(f -> crossed.add(RowFactory.create(runId, f.low(), f.high()))));
    if (crossed.isEmpty()) {
      return rows;
    }
    String low = "#low " + index;
    String high = "#high " + index;
    String slice = "#slice " + index;
    StructType type =
        new StructType()
            .add(slice, DataTypes.StringType)
            .add(low, DataTypes.DoubleType)
            .add(high, DataTypes.DoubleType);
    Dataset<Row> fences = rows.rows().sparkSession().createDataFrame(crossed, type);
    Column number = number(check.column(), rows.rows());
    LateRows joined =
        new LateRows(
            rows.rows().join(broadcast(fences), col(RawColumns.RUN_ID).equalTo(col(slice)), "left"),
            rows.columns());
    Column outside = number.lt(col(low)).or(number.gt(col(high))).and(not(isnan(number)));
    LateRows marked = joined.with(index, outside);
    return new LateRows(marked.rows().drop(slice, low, high), marked.columns());
  }

  /** A column in the units of its measures. */
  private static Column number(String name, Dataset<Row> rows) {
    Column column = Columns.named(name);
    NumberKind kind = NumberKind.of(rows.schema().apply(name).dataType()).orElseThrow();
    return switch (kind) {
      case DATE -> unix_date(column).cast("double");
      case TIME -> unix_micros(column.cast("timestamp")).cast("double");
      default -> column.cast("double");
    };
  }
}
