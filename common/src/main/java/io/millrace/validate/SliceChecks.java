package io.millrace.validate;

import io.millrace.SpecException;
import io.millrace.config.CheckSpec;
import io.millrace.config.CheckSpec.LikeBefore.Measure;
import io.millrace.config.Spans;
import io.millrace.stats.HyperLogLog;
import io.millrace.stats.LogHistogram;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Checks of a slice as a whole, judged by its measures. */
final class SliceChecks {

  private static final int FEWEST_BEFORE = 4;

  /** Makes the median absolute deviation of normal numbers their standard deviation. */
  private static final double NORMAL = 1.4826;

  /** What rounding may change. */
  private static final double ROUNDING = 1e-12;

  /** Measures that are never below 0. */
  private static final Set<Measure> UNSIGNED =
      Set.of(Measure.ROW_COUNT, Measure.NULL_SHARE, Measure.DISTINCT, Measure.STDDEV);

  private final ValidateContext context;
  private final History history;

  SliceChecks(ValidateContext context, History history) {
    this.context = context;
    this.history = history;
  }

  static Finding rowCount(CheckSpec.RowCount check, long rows) {
    boolean passed = rows >= check.min().orElse(0L) && rows <= check.max().orElse(Long.MAX_VALUE);
    String expected =
        RowFindings.range(check.min().map(RowFindings::count), check.max().map(RowFindings::count));
    String found = RowFindings.count(rows) + " rows";
    return Finding.of(
        passed, Long.toString(rows), expected, passed ? found : found + ", expected " + expected);
  }

  /** By the newest date, that is its first moment, or time. */
  Finding fresh(CheckSpec.Fresh check, Slice slice, Map<String, Profile> columns) {
    String column = check.column().or(context::time).orElse("");
    Profile profile = columns.get(column);
    if (profile == null) {
      throw new SpecException(
          "validate.%s: fresh needs a column of time; name it by column, or sources.%s.time"
              .formatted(context.source(), context.source()));
    }
    NumberKind kind = profile.type().equals("date") ? NumberKind.DATE : NumberKind.TIME;
    if (!(profile.measures() instanceof NumberMeasures)
        || !profile.type().matches("date|timestamp.*")) {
      throw new SpecException(
          "validate.%s: %s is a %s, no date or time; declare its type"
              .formatted(context.source(), column, profile.type()));
    }
    Instant oldest = slice.end().minus(check.within());
    String expected = "not before " + oldest;
    Optional<Instant> newest = newest(kind, profile.measures());
    if (newest.isEmpty()) {
      return Finding.of(
          false, "none", expected, "no time in " + column + ", expected one " + expected);
    }
    boolean passed = !newest.get().isBefore(oldest);
    String found = "the newest " + column + " is " + newest.get();
    String message =
        passed
            ? found
            : found + ", more than " + Spans.text(check.within()) + " before " + slice.end();
    return Finding.of(passed, newest.get().toString(), expected, message);
  }

  private static Optional<Instant> newest(NumberKind kind, ColumnMeasures measures) {
    OptionalDouble max = measures.quantile(1);
    if (max.isEmpty()) {
      return Optional.empty();
    }
    long micros =
        (long) max.getAsDouble() * (kind == NumberKind.DATE ? NumberKind.MICROS_OF_DAY : 1);
    return Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  /**
   * By the median of the slices before and their spread, which is at least what the measure itself
   * can't tell apart: rounding, and the errors of sketches.
   */
  Finding likeBefore(
      CheckSpec.LikeBefore check, Slice slice, Map<String, Profile> columns, long rows) {
    List<Double> before = new ArrayList<>();
    for (History.Earlier earlier : history.before(slice.day(), check.last())) {
      ColumnMeasures measures = check.column().map(earlier.columns()::get).orElse(null);
      measure(check.measure(), measures, earlier.rows()).ifPresent(before::add);
    }
    ColumnMeasures measures = check.column().map(columns::get).map(Profile::measures).orElse(null);
    OptionalDouble value = measure(check.measure(), measures, rows);
    String found = value.isEmpty() ? "none" : rounded(value.getAsDouble());
    if (before.size() < FEWEST_BEFORE) {
      String few = found + "; only " + before.size() + " slices before, so nothing to compare";
      return Finding.of(true, found, "any", few);
    }
    double middle = median(before);
    double spread = NORMAL * median(before.stream().map(x -> Math.abs(x - middle)).toList());
    double reach =
        check.band() * Math.max(spread, ROUNDING * Math.abs(middle)) + blur(check, middle);
    String expected = band(check.measure(), middle - reach, middle + reach);
    boolean passed = value.isPresent() && Math.abs(value.getAsDouble() - middle) <= reach;
    String band = expected + " as in the " + before.size() + " slices before";
    return Finding.of(passed, found, expected, found + (passed ? ", " : ", expected ") + band);
  }

  /** A band that begins below what a measure can be catches no fall, and says so. */
  private static String band(Measure measure, double least, double most) {
    return least < 0 && UNSIGNED.contains(measure)
        ? "at most " + rounded(most)
        : "from " + rounded(least) + " to " + rounded(most);
  }

  /** How far the measure may be from the truth, in this slice and in those before. */
  private static double blur(CheckSpec.LikeBefore check, double middle) {
    double relative =
        switch (check.measure()) {
          case DISTINCT -> middle > TextMeasures.VALUES ? 4 * HyperLogLog.RELATIVE_ERROR : 0;
          case MEDIAN -> 2 * LogHistogram.RELATIVE_ERROR;
          default -> 0;
        };
    return relative * Math.abs(middle);
  }

  private static OptionalDouble measure(Measure measure, ColumnMeasures column, long rows) {
    if (measure == Measure.ROW_COUNT) {
      return OptionalDouble.of(column == null ? rows : column.rows() - column.nulls());
    } else if (column == null) {
      return OptionalDouble.empty();
    }
    return switch (measure) {
      case NULL_SHARE -> column.nullShare();
      case DISTINCT ->
          column.distinct().isPresent()
              ? OptionalDouble.of(column.distinct().getAsLong())
              : OptionalDouble.empty();
      case MEAN -> column.mean();
      case STDDEV -> column.stddev();
      case MIN -> column.quantile(0);
      case MAX -> column.quantile(1);
      default -> column.quantile(0.5);
    };
  }

  private static double median(List<Double> numbers) {
    List<Double> sorted = new ArrayList<>(numbers);
    Collections.sort(sorted);
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** Six significant digits, without an exponent where people write none. */
  static String rounded(double x) {
    if (!Double.isFinite(x)) {
      return Double.toString(x);
    }
    java.math.BigDecimal six =
        new java.math.BigDecimal(x)
            .round(new java.math.MathContext(6, java.math.RoundingMode.HALF_EVEN));
    return NumberKind.text(six.doubleValue());
  }
}
