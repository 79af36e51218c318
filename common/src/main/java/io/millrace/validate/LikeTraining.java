package io.millrace.validate;

import io.millrace.config.CheckSpec;
import io.millrace.stats.Buckets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** Compares a slice's columns with those that a model was trained on. */
final class LikeTraining {

  /** One-sided 0.1% of the normal distribution. */
  private static final double CHANCE = 3.0902;

  private final Map<String, Profile> training = new LinkedHashMap<>();

  LikeTraining(List<Profile> training) {
    for (Profile profile : training) {
      if (profile.sliceColumn().isEmpty()) {
        this.training.put(profile.column(), profile);
      }
    }
  }

  /** Findings by column. Without a champion there are none. */
  Map<String, Finding> of(CheckSpec.LikeTraining check, Map<String, Profile> columns) {
    Map<String, Finding> findings = new LinkedHashMap<>();
    for (Profile known : training.values()) {
      String column = known.column();
      boolean meant = check.columns().isEmpty() || check.columns().contains(column);
      if (meant && columns.containsKey(column)) {
        findings.put(column, compare(check, known, columns.get(column)));
      } else if (check.columns().contains(column)) {
        String message = "the column is gone; the champion was trained on it";
        findings.put(column, Finding.of(false, "none", known.type(), message));
      }
    }
    return findings;
  }

  private static Finding compare(CheckSpec.LikeTraining check, Profile known, Profile now) {
    if (!known.type().equals(now.type())) {
      return Finding.of(
          false,
          now.type(),
          known.type(),
          "of type %s, trained on %s".formatted(now.type(), known.type()));
    }
    long rows = now.measures().rows();
    List<ValueCount> strange = strange(known.measures(), now.measures());
    long broken = strange.stream().mapToLong(ValueCount::count).sum();
    double share = rows == 0 ? 0 : (double) broken / rows;
    StringJoiner faults = new StringJoiner("; ");
    if (share > check.atMost()) {
      faults.add(faultOf(strange, broken, rows, share));
    }
    if (excess(known.measures(), now.measures()) > CHANCE) {
      faults.add(
          "%s null, %s in training"
              .formatted(
                  RowFindings.percent(now.measures().nullShare().orElse(0)),
                  RowFindings.percent(known.measures().nullShare().orElse(0))));
    }
    String expected = "as in training, but for " + RowFindings.percent(check.atMost());
    boolean passed = faults.length() == 0;
    String message = passed ? "as in training: " + RowFindings.count(rows) + " rows" : faults + "";
    return new Finding(passed, NumberKind.text(share), expected, broken, message);
  }

  private static String faultOf(List<ValueCount> strange, long broken, long rows, double share) {
    StringJoiner values = new StringJoiner(", ");
    strange.stream()
        .limit(RowFindings.SHOWN)
        .forEach(v -> values.add(v.value() + " (" + RowFindings.count(v.count()) + " times)"));
    return "%s of %s rows (%s) unknown in training: %s"
        .formatted(
            RowFindings.count(broken), RowFindings.count(rows), RowFindings.percent(share), values);
  }

  /** Values that training hadn't: unknown categories, or numbers outside of its range. */
  private static List<ValueCount> strange(ColumnMeasures known, ColumnMeasures now) {
    if (known instanceof NumberMeasures before && now instanceof NumberMeasures after) {
      return outside(before, after);
    }
    if (!known.knowsAllValues()) {
      return List.of();
    }
    Set<String> values = new HashSet<>();
    known.topValues(Integer.MAX_VALUE).forEach(value -> values.add(value.value()));
    return now.topValues(Integer.MAX_VALUE).stream()
        .filter(value -> !values.contains(value.value()))
        .toList();
  }

  /**
   * Numbers below and above those of training. Counted by buckets of about 1.6%: a number nearer
   * than that to the end of the range passes.
   */
  private static List<ValueCount> outside(NumberMeasures before, NumberMeasures after) {
    if (before.histogram().min().isEmpty() || after.histogram().min().isEmpty()) {
      return List.of();
    }
    double min = before.histogram().min().getAsDouble();
    double max = before.histogram().max().getAsDouble();
    Buckets buckets = after.histogram().buckets();
    long below = 0;
    long above = 0;
    for (int i = 0; i < buckets.counts().length; i++) {
      double lower = buckets.lower()[i];
      double upper = buckets.upper()[i];
      // a bucket of positive numbers holds its lower bound alone, one of negative ones its upper
      below += upper < min || upper == min && lower > 0 ? buckets.counts()[i] : 0;
      above += lower > max || lower == max && upper < 0 ? buckets.counts()[i] : 0;
    }
    List<ValueCount> outside = new ArrayList<>();
    if (below > 0) {
      outside.add(new ValueCount("below " + before.min().orElseThrow(), below));
    }
    if (above > 0) {
      outside.add(new ValueCount("above " + before.max().orElseThrow(), above));
    }
    return outside;
  }

  /**
   * By how many standard errors the share of nulls exceeds that of training: the two-sample test of
   * proportions with a pooled variance.
   */
  private static double excess(ColumnMeasures known, ColumnMeasures now) {
    if (known.rows() == 0 || now.rows() == 0) {
      return 0;
    }
    double pooled = (double) (known.nulls() + now.nulls()) / (known.rows() + now.rows());
    double error = Math.sqrt(pooled * (1 - pooled) * (1.0 / known.rows() + 1.0 / now.rows()));
    double more = now.nullShare().getAsDouble() - known.nullShare().getAsDouble();
    return error == 0 ? 0 : more / error;
  }
}
