package io.millrace.validate;

import io.millrace.config.CanonicalJson;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks that profiled rows keep, for a person to choose from. What holds in some rows need not be
 * a rule: each suggestion says the figures behind it.
 */
public final class Suggestions {

  /** Texts of at most so many values are a list of values. */
  private static final int MOST_VALUES = 20;

  /** A value that stands for fewer rows than these may be chance. */
  private static final int FEWEST_ROWS_PER_VALUE = 10;

  /** Share of rows that a pattern must cover. */
  private static final double DOMINANT = 0.99;

  /** By which part of the range it is widened to each side. */
  private static final double MARGIN = 0.1;

  private Suggestions() {}

  /**
   * Lines of YAML for {@code validate.<source>}: one check each, with a comment of the figures.
   *
   * @param profiles of one table's columns over all rows; those of several slices are merged, those
   *     of slice values left out
   */
  public static List<String> of(List<Profile> profiles) {
    Map<String, Profile> columns = new LinkedHashMap<>();
    for (Profile profile : profiles) {
      if (profile.sliceColumn().isEmpty()) {
        columns.merge(profile.column(), profile, Profile::merge);
      }
    }
    List<String> lines = new ArrayList<>();
    columns.values().forEach(profile -> suggest(profile.column(), profile.measures(), lines));
    return lines;
  }

  private static void suggest(String column, ColumnMeasures measures, List<String> lines) {
    long values = measures.rows() - measures.nulls();
    if (values == 0) {
      return;
    }
    if (measures.nulls() == 0) {
      line(lines, "not-null, columns: [" + text(column) + "]", rows(values) + ", no null");
    }
    if (isKey(measures, values)) {
      line(
          lines,
          "unique, columns: [" + text(column) + "]",
          "about %s distinct in %s"
              .formatted(RowFindings.count(measures.distinct().getAsLong()), rows(values)));
    }
    oneOf(column, measures, values, lines);
    range(column, measures, lines);
    pattern(column, measures, values, lines);
  }

  /** As many distinct values as rows, as far as the sketch can tell. */
  private static boolean isKey(ColumnMeasures measures, long values) {
    boolean keyLike = measures instanceof TextMeasures || isWhole(measures);
    double error = measures.knowsAllValues() ? 0 : 0.05;
    return keyLike
        && values >= FEWEST_ROWS_PER_VALUE
        && measures.distinct().getAsLong() >= (1 - error) * values;
  }

  private static boolean isWhole(ColumnMeasures measures) {
    return measures instanceof NumberMeasures numbers && numbers.isWhole();
  }

  private static boolean isList(ColumnMeasures measures, long values) {
    return measures.knowsAllValues()
        && measures.distinct().getAsLong() <= MOST_VALUES
        && values >= FEWEST_ROWS_PER_VALUE * measures.distinct().getAsLong();
  }

  private static void oneOf(
      String column, ColumnMeasures measures, long values, List<String> lines) {
    if (!(measures instanceof TextMeasures) || !isList(measures, values)) {
      return;
    }
    List<ValueCount> known = measures.topValues(MOST_VALUES);
    List<String> texts = known.stream().map(value -> text(value.value())).sorted().toList();
    ValueCount rarest = known.get(known.size() - 1);
    line(
        lines,
        "one-of, column: %s, values: [%s]".formatted(text(column), String.join(", ", texts)),
        "%s in %s, the rarest %s times"
            .formatted(
                known.size() == 1 ? "1 value" : known.size() + " values",
                rows(values),
                RowFindings.count(rarest.count())));
  }

  private static void range(String column, ColumnMeasures measures, List<String> lines) {
    boolean number = measures instanceof NumberMeasures numbers && numbers.isNumber();
    if (!number || measures.quantile(0).isEmpty() || isKey(measures, measures.rows())) {
      return;
    }
    double min = measures.quantile(0).getAsDouble();
    double max = measures.quantile(1).getAsDouble();
    double margin = MARGIN * (max - min);
    double low = min >= 0 ? 0 : rounded(min - margin, RoundingMode.FLOOR);
    double high =
        max <= 0 ? 0 : max <= 1 && min >= 0 ? 1 : rounded(max + margin, RoundingMode.CEILING);
    line(
        lines,
        "in-range, column: %s, min: %s, max: %s"
            .formatted(text(column), NumberKind.text(low), NumberKind.text(high)),
        "from %s to %s, median %s"
            .formatted(
                measures.min().orElseThrow(),
                measures.max().orElseThrow(),
                SliceChecks.rounded(measures.quantile(0.5).getAsDouble())));
  }

  /** Two significant digits, away from the data. */
  private static double rounded(double x, RoundingMode mode) {
    return new BigDecimal(x).round(new MathContext(2, mode)).doubleValue();
  }

  private static void pattern(
      String column, ColumnMeasures measures, long values, List<String> lines) {
    if (!(measures instanceof TextMeasures) || isList(measures, values)) {
      return;
    }
    Optional<ValueCount> top = measures.patterns(1).stream().findFirst();
    boolean dominant =
        top.isPresent()
            && top.get().count() >= DOMINANT * values
            && !top.get().value().endsWith("…")
            && top.get().value().matches(".*[9A].*|.*\\p{Punct}.*");
    if (dominant) {
      line(
          lines,
          "matches, column: %s, pattern: %s"
              .formatted(text(column), text(expression(top.get().value()))),
          "%s of %s, %s"
              .formatted(
                  RowFindings.percent((double) top.get().count() / values),
                  rows(values),
                  lengths(measures)));
    }
  }

  private static String lengths(ColumnMeasures measures) {
    long shortest = measures.minLength().getAsLong();
    long longest = measures.maxLength().getAsLong();
    return shortest == longest
        ? "of " + shortest + " characters each"
        : "of " + shortest + " to " + longest + " characters";
  }

  /** The regular expression of a pattern: classes for its letters, other characters as they are. */
  static String expression(String pattern) {
    StringBuilder expression = new StringBuilder();
    pattern
        .codePoints()
        .forEach(
            symbol -> {
              switch (symbol) {
                case 'A' -> expression.append("\\p{Lu}+");
                case 'a' -> expression.append("[\\p{Ll}\\p{Lt}\\p{Lm}\\p{Lo}]+");
                case '9' -> expression.append("\\p{Nd}+");
                default ->
                    expression
                        .append(com.google.re2j.Pattern.quote(Character.toString(symbol)))
                        .append('+');
              }
            });
    return expression.toString();
  }

  private static void line(List<String> lines, String check, String comment) {
    lines.add("- {check: " + check + "}  # " + comment);
  }

  private static String rows(long rows) {
    return RowFindings.count(rows) + (rows == 1 ? " row" : " rows");
  }

  /** A JSON text is a YAML text; plain words need no quotes. */
  private static String text(String value) {
    return value.matches("[A-Za-z][A-Za-z0-9_-]*")
            && !value.matches("(?i)y|n|yes|no|on|off|true|false|null")
        ? value
        : CanonicalJson.of(value);
  }
}
