package io.millrace.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be wrong within one record, whatever the others say. */
final class RecordChecks {

  private static final double SUM_TOLERANCE = 1e-9;

  private final Faults faults;

  RecordChecks(Faults faults) {
    this.faults = faults;
  }

  /** Adds the faults of a record that was bound at the path. */
  void check(Object record, KeyPath path) {
    if (record instanceof SourceSpec source) {
      new SourceCheck(faults, path).check(source);
    } else if (record instanceof SplitSpec split) {
      split(split, path);
    } else if (record instanceof SplitSpec.Period period) {
      if (period.to().isBefore(period.from())) {
        faults.add(path.then("to"), "before from, " + period.from() + "; swap them");
      }
    } else if (record instanceof LabelSpec label) {
      new LabelCheck(faults, path).check(label);
    } else if (record instanceof FeaturesSpec features) {
      new FeaturesCheck(faults, path).check(features);
    } else if (record instanceof WindowSpec window) {
      new WindowCheck(faults, path).check(window);
    } else if (record instanceof JoinSpec join) {
      new JoinCheck(faults, path).check(join);
    } else if (record instanceof EvaluateSpec evaluate) {
      unique(evaluate.slices(), path.then("slices"), faults);
    } else if (record instanceof TrainSpec train) {
      new TuneCheck(faults, path).check(train);
    } else if (record instanceof TrainSpec.ClassWeights weights) {
      weights(weights, path);
    } else if (record instanceof TuneSpec.Range range) {
      range(range, path);
    } else if (record instanceof MonitorSpec.Drift drift) {
      new MonitorCheck(faults).drift(drift, path);
    } else if (record instanceof MonitorSpec.Limits limits) {
      new MonitorCheck(faults).limits(limits, path);
    } else if (record instanceof MonitorSpec.Retrain retrain) {
      new MonitorCheck(faults).retrain(retrain, path);
    } else if (record instanceof ReleaseSpec release) {
      new MonitorCheck(faults).release(release, path);
    } else if (record instanceof ScheduleSpec schedule) {
      new ScheduleCheck(faults, path).check(schedule);
    } else if (record instanceof EnvSpec env) {
      new EnvCheck(faults, path).check(env);
    } else if (record instanceof MlflowSpec mlflow) {
      new TrackingCheck(faults, path).check(mlflow);
    } else if (record instanceof OpenLineageSpec lineage) {
      new TrackingCheck(faults, path).check(lineage);
    }
  }

  /** Adds a fault for each text of a list that is empty or stands in it twice. */
  static void unique(List<String> names, KeyPath path, Faults faults) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isBlank()) {
        faults.add(path.then(i), "an empty name; name a column");
      } else if (!seen.add(name)) {
        faults.add(path.then(i), name + " stands in the list twice; keep one");
      }
    }
  }

  private void split(SplitSpec split, KeyPath path) {
    if (split instanceof SplitSpec.ByHash s) {
      sum(s.train(), s.tune(), s.test(), path);
    } else if (split instanceof SplitSpec.ByTime s) {
      sum(s.train(), s.tune(), s.test(), path);
    } else if (split instanceof SplitSpec.ByFile s && s.test().isBlank()) {
      faults.add(path.then("test"), "an empty glob; name the files that test");
    } else if (split instanceof SplitSpec.ByPeriod s && !s.test().from().isAfter(s.train().to())) {
      faults.add(
          path.then("test", "from"),
          "not after " + s.train().to() + ", the last day that trains; test on later days");
    }
  }

  private void sum(double train, double tune, double test, KeyPath path) {
    double sum = train + tune + test;
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      double rounded = Math.round(sum * 1e9) / 1e9;
      faults.add(
          path, "train, tune and test sum to " + Numbers.text(rounded) + "; make them sum to 1");
    }
  }

  private void weights(TrainSpec.ClassWeights weights, KeyPath path) {
    if (weights.balanced() && !weights.weights().isEmpty()) {
      faults.add(path, "both balanced and weights; keep one");
    } else if (!weights.balanced() && weights.weights().isEmpty()) {
      faults.add(path, "neither balanced nor weights; write balanced: true, or a weight per label");
    }
  }

  private void range(TuneSpec.Range range, KeyPath path) {
    Optional<Double> min = range.min();
    Optional<Double> max = range.max();
    boolean interval = min.isPresent() || max.isPresent() || range.log();
    if (range.values().isEmpty() != interval) {
      String fault = interval ? "both values and an interval" : "neither values nor an interval";
      faults.add(path, fault + "; write values: [...], or min and max");
    } else if (interval && (min.isEmpty() || max.isEmpty())) {
      faults.add(path, "an interval with one end; write min and max");
    } else if (interval && min.get() >= max.get()) {
      faults.add(path, "min isn't below max; swap or widen them");
    } else if (range.log() && min.get() <= 0) {
      faults.add(path.then("min"), "the logarithm needs a min above 0; raise it or drop log");
    }
  }
}
