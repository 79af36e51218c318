package io.millrace.promote;

import io.millrace.Nearest;
import io.millrace.config.PromoteSpec;
import io.millrace.config.PromoteSpec.Gate;
import io.millrace.config.PromoteSpec.Slice;
import io.millrace.evaluate.KnownMetric;
import io.millrace.evaluate.Metric;
import io.millrace.promote.Rule.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Judges a challenger by the spec's gates. Whatever can't be judged blocks; only a comparison with
 * the champion passes where there is no champion yet. Figures are compared as the decimal numbers
 * that they are written as, so that 0.81 is 0.02 below 0.83.
 */
public final class Judge {

  private final Rule rule;
  private final Gate gate;
  private final Scores scores;

  private Judge(Gate gate, Scores scores) {
    this.rule = Rule.of(gate);
    this.gate = gate;
    this.scores = scores;
  }

  /** One verdict or more per gate, in the spec's order; see {@link Verdict#promotes}. */
  public static List<Verdict> judge(PromoteSpec spec, Scores scores) {
    if (spec.gates().isEmpty()) {
      String reason = "`promote.gates` is empty, so no model is promoted by itself";
      OptionalDouble none = OptionalDouble.empty();
      return List.of(new Verdict("none", "", "", "", none, none, "", false, reason));
    }
    return spec.gates().stream()
        .flatMap(gate -> new Judge(gate, scores).verdicts().stream())
        .toList();
  }

  private List<Verdict> verdicts() {
    String column = gate.slice().map(Slice::column).orElse("");
    if (!Double.isFinite(rule.number())) {
      String reason = "a bound of " + rule.number() + " can't be judged; give a finite number";
      return List.of(blocked(column, "", reason));
    }
    Optional<KnownMetric> known = KnownMetric.find(gate.metric());
    if (known.isEmpty()) {
      String nearest = KnownMetric.nearest(gate.metric());
      String reason = "there is no metric `" + gate.metric() + "`; did you mean `" + nearest + "`?";
      return List.of(blocked(column, "", reason));
    }
    Optional<String> unfit = rule.unfit(known.get());
    if (unfit.isPresent()) {
      return List.of(blocked(column, "", unfit.get()));
    }
    return gate.slice().isPresent()
        ? ofSlices(gate.slice().get(), known.get())
        : List.of(ofRows("", "", known.get()));
  }

  private List<Verdict> ofSlices(Slice slice, KnownMetric known) {
    Map<String, Long> rows = new TreeMap<>();
    for (Metric metric : scores.challenger()) {
      if (metric.sliceColumn().equals(slice.column())) {
        rows.put(metric.sliceValue(), metric.rows());
      }
    }
    if (rows.isEmpty()) {
      String reason = "there are no metrics by " + slice.column() + "; add it to `evaluate.slices`";
      return List.of(blocked(slice.column(), "", reason));
    }
    List<Verdict> verdicts = new ArrayList<>();
    boolean judged = false;
    for (Map.Entry<String, Long> entry : rows.entrySet()) {
      if (entry.getValue() < slice.minRows()) {
        verdicts.add(passedOver(slice, entry.getKey(), entry.getValue()));
      } else {
        judged = true;
        verdicts.add(ofRows(slice.column(), entry.getKey(), known));
      }
    }
    if (!judged) {
      String reason =
          String.format(
              "no value of %s has %d rows or more, so the gate can't be judged",
              slice.column(), slice.minRows());
      verdicts.add(blocked(slice.column(), "", reason));
    }
    return verdicts;
  }

  private Verdict passedOver(Slice slice, String value, long rows) {
    String reason =
        String.format(
            "%s=%s was passed over: it has %d rows, fewer than %d",
            slice.column(), value, rows, slice.minRows());
    return new Verdict(
        rule.kind(),
        gate.metric(),
        slice.column(),
        value,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        rule.bound(),
        true,
        reason);
  }

  private Verdict ofRows(String column, String value, KnownMetric known) {
    Optional<Metric> figure = figure(column, value);
    if (figure.isEmpty()) {
      return blocked(column, value, absence(column, value));
    }
    Finding finding = rule.judge(figure.get(), known, scores);
    return new Verdict(
        rule.kind(),
        gate.metric(),
        column,
        value,
        OptionalDouble.of(figure.get().value()),
        finding.against(),
        rule.bound(),
        finding.passed(),
        finding.reason());
  }

  private Optional<Metric> figure(String column, String value) {
    return scores.challenger().stream()
        .filter(m -> m.metric().equals(gate.metric()))
        .filter(m -> m.sliceColumn().equals(column) && m.sliceValue().equals(value))
        .findFirst();
  }

  /** Where the figure is absent: it is undefined on these rows, or of another task or class. */
  private String absence(String column, String value) {
    List<String> names = scores.challenger().stream().map(Metric::metric).distinct().toList();
    String where = column.isEmpty() ? "" : " on " + column + "=" + value;
    if (names.contains(gate.metric())) {
      return gate.metric() + " is undefined" + where + ", so the gate can't be judged";
    }
    String mend =
        Nearest.closest(gate.metric(), names).map(n -> "; the nearest is `" + n + "`").orElse("");
    return "the challenger has no " + gate.metric() + where + mend;
  }

  /** A gate that can't be judged. */
  private Verdict blocked(String column, String value, String reason) {
    OptionalDouble none = OptionalDouble.empty();
    String bound = Double.isFinite(rule.number()) ? rule.bound() : String.valueOf(rule.number());
    return new Verdict(rule.kind(), gate.metric(), column, value, none, none, bound, false, reason);
  }
}
