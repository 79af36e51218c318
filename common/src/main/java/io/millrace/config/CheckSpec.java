package io.millrace.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What must hold of a source's rows. */
@KindKey("check")
@Doc("One thing that must hold of a source's rows.")
public sealed interface CheckSpec {

  /** What happens where it doesn't hold. */
  OnFail onFail();

  /** The share of rows that may break it before the check as a whole fails. */
  default double atMost() {
    return 0;
  }

  /** What happens where a check fails. */
  enum OnFail {
    /** It is told, and no more. */
    WARN,
    /** The rows that break it go to quarantine, the others go on. */
    QUARANTINE,
    /** Nothing goes on until it is mended. */
    STOP
  }

  /** No null. */
  @Kind("not-null")
  @Doc("None of these columns is null.")
  record NotNull(
      @Doc("The columns.") List<String> columns,
      @Doc("Share of rows that may break it: 0.1%.") @Default("0.0") @Share @Within("[0, 1]")
          double atMost,
      @Doc("warn, quarantine or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {
    public NotNull {
      columns = List.copyOf(columns);
    }
  }

  /** A number within limits. */
  @Kind("in-range")
  @Doc("A number from min to max, both included; null passes, NaN doesn't.")
  record InRange(
      @Doc("The column.") String column,
      @Doc("Smallest value.") Optional<Double> min,
      @Doc("Largest value.") Optional<Double> max,
      @Doc("Share of rows that may break it: 0.1%.") @Default("0.0") @Share @Within("[0, 1]")
          double atMost,
      @Doc("warn, quarantine or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {}

  /** One of some values. */
  @Kind("one-of")
  @Doc("One of these values, compared as text; null passes.")
  record OneOf(
      @Doc("The column.") String column,
      @Doc("The values.") List<String> values,
      @Doc("Share of rows that may break it: 0.1%.") @Default("0.0") @Share @Within("[0, 1]")
          double atMost,
      @Doc("warn, quarantine or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {
    public OneOf {
      values = List.copyOf(values);
    }
  }

  /** A text of a pattern. */
  @Kind("matches")
  @Doc(
      "The whole text matches a regular expression (RE2's syntax, whose time grows with the text"
          + " alone); null passes.")
  record Matches(
      @Doc("The column.") String column,
      @Doc("The regular expression.") String pattern,
      @Doc("Share of rows that may break it: 0.1%.") @Default("0.0") @Share @Within("[0, 1]")
          double atMost,
      @Doc("warn, quarantine or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {}

  /** No two rows alike. */
  @Kind("unique")
  @Doc("No two rows of a slice have the same values in these columns; rows with a null pass.")
  record Unique(
      @Doc("The columns.") List<String> columns,
      @Doc("Share of rows that may break it: 0.1%.") @Default("0.0") @Share @Within("[0, 1]")
          double atMost,
      @Doc("warn, quarantine or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {
    public Unique {
      columns = List.copyOf(columns);
    }
  }

  /** Any condition. */
  @Kind("expression")
  @Doc("A SQL condition over one row; only false breaks it, null passes.")
  record Expression(
      @Doc("Name of the check in tables and reports.") String name,
      @Doc("The condition.") String expression,
      @Doc("Share of rows that may break it: 0.1%.") @Default("0.0") @Share @Within("[0, 1]")
          double atMost,
      @Doc("warn, quarantine or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {}

  /** How many rows. */
  @Kind("row-count")
  @Doc("How many rows a slice has.")
  record RowCount(
      @Doc("Fewest rows.") @Within("[0, )") Optional<Long> min,
      @Doc("Most rows.") @Within("[0, )") Optional<Long> max,
      @Doc("warn or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {}

  /** New enough. */
  @Kind("fresh")
  @Doc("The newest time isn't older than a span before the end of the logical date.")
  record Fresh(
      @Doc("Column of the time; absent: that of the source.") Optional<String> column,
      @Doc("The span: 36h, 2d.") Duration within,
      @Doc("warn or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {}

  /** Known to another source. */
  @Kind("exists-in")
  @Doc("The values stand in another source, as it was known at the date; rows with a null pass.")
  record ExistsIn(
      @Doc("The columns.") List<String> columns,
      @Doc("The other source.") String source,
      @Doc("Its columns, in the same order; empty: of the same names.") @Default("[]")
          List<String> references,
      @Doc("Share of rows that may break it: 0.1%.") @Default("0.0") @Share @Within("[0, 1]")
          double atMost,
      @Doc("warn, quarantine or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {
    public ExistsIn {
      columns = List.copyOf(columns);
      references = List.copyOf(references);
    }
  }

  /** A functional dependency. */
  @Kind("determines")
  @Doc(
      "Rows that agree in some columns agree in another: zip determines state. The value of most"
          + " rows is taken for right; where no value leads, all rows of the group break it.")
  record Determines(
      @Doc("The columns that determine.") List<String> by,
      @Doc("The column that they determine.") String column,
      @Doc("Share of rows that may break it: 0.1%.") @Default("0.0") @Share @Within("[0, 1]")
          double atMost,
      @Doc("warn, quarantine or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {
    public Determines {
      by = List.copyOf(by);
    }
  }

  /** No value far from the others. */
  @Kind("no-outliers")
  @Doc(
      "No number lies further outside the quartiles of its slice than some times their distance"
          + " (Tukey's fences).")
  record NoOutliers(
      @Doc("The column.") String column,
      @Doc("How many times the distance of the quartiles.") @Default("3.0") @Within("(0, )")
          double times,
      @Doc("Share of rows that may break it: 0.1%.") @Default("0.0") @Share @Within("[0, 1]")
          double atMost,
      @Doc("warn, quarantine or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {}

  /** As the slices before. */
  @Kind("like-before")
  @Doc(
      "A measure of the slice lies within the band of the slices before it: their median and some"
          + " times their spread (1.4826 times the median absolute deviation).")
  record LikeBefore(
      @Doc("The measure.") Measure measure,
      @Doc("The column; absent: of the rows (only row-count).") Optional<String> column,
      @Doc("How many slices before; passes with fewer than four.") @Default("14") @Within("[4, )")
          int last,
      @Doc("How many spreads wide the band is to each side.") @Default("4.0") @Within("(0, )")
          double band,
      @Doc("warn or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {

    /** A measure of a slice. */
    public enum Measure {
      ROW_COUNT,
      NULL_SHARE,
      DISTINCT,
      MEAN,
      STDDEV,
      MIN,
      MAX,
      MEDIAN
    }
  }

  /** As the model was trained. */
  @Kind("like-training")
  @Doc(
      "Columns are as those that the champion was trained on: of the same type, nulls no more"
          + " frequent than chance explains, no unknown category, no number outside the range."
          + " Passes where there is no champion.")
  record LikeTraining(
      @Doc("The columns; empty: all that are features by their own name.") @Default("[]")
          List<String> columns,
      @Doc("Share of rows that may break it: 0.1%.") @Default("1%") @Share @Within("[0, 1]")
          double atMost,
      @Doc("warn or stop.") @Default("warn") OnFail onFail)
      implements CheckSpec {
    public LikeTraining {
      columns = List.copyOf(columns);
    }
  }
}
