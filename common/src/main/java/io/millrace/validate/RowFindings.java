package io.millrace.validate;

import io.millrace.config.CheckSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What checks of rows found, in words. */
final class RowFindings {

  /** Offending values that a message shows. */
  static final int SHOWN = 5;

  private static final int VALUES = 10;
  private static final int LONGEST_VALUE = 60;

  private RowFindings() {}

  static Finding of(
      CheckSpec check,
      long rows,
      long broken,
      List<ValueCount> offenders,
      Map<String, Profile> columns) {
    double share = rows == 0 ? 0 : (double) broken / rows;
    boolean passed = share <= check.atMost();
    return new Finding(
        passed,
        NumberKind.text(share),
        expected(check, columns),
        broken,
        message(check, rows, broken, share, offenders));
  }

  private static String message(
      CheckSpec check, long rows, long broken, double share, List<ValueCount> offenders) {
    if (broken == 0) {
      return rows == 0 ? "no rows" : "holds for all " + count(rows) + " rows";
    }
    StringBuilder message = new StringBuilder();
    message.append(count(broken)).append(" of ").append(count(rows)).append(" rows (");
    message.append(percent(share)).append(") break it");
    if (check.atMost() > 0) {
      String compared = share <= check.atMost() ? ", no more than the " : ", more than the ";
      message.append(compared).append(percent(check.atMost())).append(" allowed");
    }
    StringJoiner values = new StringJoiner(", ");
    for (ValueCount offender : offenders) {
      String times = offender.count() == 1 ? "" : " (" + count(offender.count()) + " times)";
      values.add(shown(offender.value()) + times);
    }
    return values.length() == 0 ? message.toString() : message + ": " + values;
  }

  private static String shown(String value) {
    int length = value.codePointCount(0, value.length());
    String cut =
        length <= LONGEST_VALUE
            ? value
            : value.substring(0, value.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
    return cut.isBlank() ? '"' + cut + '"' : cut.replaceAll("\\R", " ");
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A share with three significant digits, never rounded to 0%. */
  static String percent(double share) {
    java.math.BigDecimal percent = new java.math.BigDecimal(share * 100);
    return percent
            .round(new java.math.MathContext(3, java.math.RoundingMode.HALF_UP))
            .stripTrailingZeros()
            .toPlainString()
        + "%";
  }

  private static String expected(CheckSpec check, Map<String, Profile> columns) {
    if (check instanceof CheckSpec.NotNull) {
      return "no null";
    } else if (check instanceof CheckSpec.InRange c) {
      return range(c.min().map(NumberKind::text), c.max().map(NumberKind::text));
    } else if (check instanceof CheckSpec.OneOf c) {
      String some = String.join(", ", c.values().subList(0, Math.min(VALUES, c.values().size())));
      return c.values().size() > VALUES
          ? "one of " + c.values().size() + ": " + some + ", …"
          : "one of " + some;
    } else if (check instanceof CheckSpec.Matches c) {
      return c.pattern();
    } else if (check instanceof CheckSpec.Unique) {
      return "each once";
    } else if (check instanceof CheckSpec.Expression c) {
      return c.expression();
    } else if (check instanceof CheckSpec.ExistsIn c) {
      return "in " + c.source();
    } else if (check instanceof CheckSpec.Determines c) {
      return "one " + c.column() + " for each " + String.join(", ", c.by());
    }
    CheckSpec.NoOutliers outliers = (CheckSpec.NoOutliers) check;
    return Fences.of(columns.get(outliers.column()).measures(), outliers.times())
        .map(Fences::text)
        .orElse("any");
  }

  /** Limits in words. */
  static String range(java.util.Optional<String> min, java.util.Optional<String> max) {
    if (min.isPresent() && max.isPresent()) {
      return "from " + min.get() + " to " + max.get();
    }
    return min.map(least -> "at least " + least)
        .orElseGet(() -> max.map(most -> "at most " + most).orElse("any"));
  }
}
