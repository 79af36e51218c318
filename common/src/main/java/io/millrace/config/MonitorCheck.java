package io.millrace.config;

import io.millrace.Nearest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What can be wrong in how columns are watched, and in what keeps a date back. */
final class MonitorCheck {

  /** Columns that are watched beside features. */
  private static final Set<String> OUTCOMES = Set.of("label", "prediction", "probability");

  private final Faults faults;

  MonitorCheck(Faults faults) {
    this.faults = faults;
  }

  void drift(MonitorSpec.Drift drift, KeyPath path) {
    limits(drift.warn(), drift.stop(), path);
  }

  void limits(MonitorSpec.Limits limits, KeyPath path) {
    limits(limits.warn(), limits.stop(), path);
  }

  private void limits(double warn, double stop, KeyPath path) {
    if (warn >= stop) {
      faults.add(
          path.then("warn"),
          Numbers.text(warn)
              + " isn't below stop, "
              + Numbers.text(stop)
              + "; lower it or raise stop");
    }
  }

  void retrain(MonitorSpec.Retrain retrain, KeyPath path) {
    KeyPath at = path.then("when");
    Optional<RetrainRule> rule = RetrainRule.parse(retrain.when());
    if (rule.isEmpty()) {
      faults.add(at, "no rule: " + retrain.when() + "; write it like " + RetrainRule.FORM);
    } else if (rule.get().dates() < 1) {
      faults.add(at, "no date over the limit would be enough; ask for 1 or more");
    } else if (rule.get().dates() > rule.get().last()) {
      String many = rule.get().dates() + " of " + rule.get().last() + " dates can't be";
      faults.add(at, many + "; lower the first number or raise the second");
    }
  }

  void release(ReleaseSpec release, KeyPath path) {
    Set<ReleaseSpec.Finding> seen = new HashSet<>();
    for (int i = 0; i < release.holdWhen().size(); i++) {
      ReleaseSpec.Finding finding = release.holdWhen().get(i);
      if (!seen.add(finding)) {
        String word = Words.kebab(finding.name());
        faults.add(path.then("hold-when", i), word + " stands in the list twice; keep one");
      }
    }
  }

  /** What doesn't fit the rest of the pipeline. */
  void pipeline(PipelineSpec spec) {
    columns(spec);
    if (spec.monitor().retrain().isPresent() && spec.train().isEmpty()) {
      faults.add(
          KeyPath.of("monitor", "retrain"), "nothing is trained; add train or take retrain away");
    }
    int ofChecks = spec.release().holdWhen().indexOf(ReleaseSpec.Finding.CHECK_WARN);
    if (ofChecks >= 0 && spec.validate().values().stream().allMatch(List::isEmpty)) {
      faults.add(
          KeyPath.of("release", "hold-when", ofChecks),
          "check-warn, but no source is checked; add validate or take it away");
    }
  }

  /** Where the names of all features are known, limits must be of one of them, or an outcome. */
  private void columns(PipelineSpec spec) {
    if (spec.features().columns().isEmpty()) {
      return;
    }
    Set<String> known = new TreeSet<>(OUTCOMES);
    known.addAll(FeaturesCheck.names(spec.features()));
    spec.features().windows().forEach(window -> addFeatures(window, known));
    spec.features()
        .joins()
        .forEach(join -> join.columns().forEach(column -> known.add(join.feature(column))));
    for (String column : spec.monitor().drift().columns().keySet()) {
      if (!known.contains(column)) {
        faults.add(
            KeyPath.of("monitor", "drift", "columns", column),
            "nothing watched is named " + column + "; " + Nearest.mend(column, known, "columns"));
      }
    }
  }

  private static void addFeatures(WindowSpec window, Set<String> known) {
    for (Duration span : window.over()) {
      window
          .aggregate()
          .forEach(
              (column, aggregates) ->
                  aggregates.forEach(a -> known.add(window.feature(column, a, span))));
    }
  }
}
