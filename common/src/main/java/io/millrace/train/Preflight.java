package io.millrace.train;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.UnavailableException;
import io.millrace.config.AlgorithmSpec;
import io.millrace.config.TrainSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** Says in seconds what would else fail after hours. */
public final class Preflight {

  private static final int LEAST_ROWS = 20;

  private Preflight() {}

  /**
   * Checks settings and the cluster, before any row is read.
   *
   * @throws SpecException when algorithm and task, or settings, don't go together
   * @throws UnavailableException when the cluster has too few slots for a barrier stage
   */
  public static void check(SparkSession spark, TrainSpec spec, Task task) {
    if (spec.workers() < 1) {
      throw new SpecException("train.workers: must be 1 at the least, but is " + spec.workers());
    }
    Algorithms.check(spec.algorithm(), "train.algorithm", task);
    spec.baseline().ifPresent(baseline -> Algorithms.check(baseline, "train.baseline", task));
    if (spec.classWeights().isPresent() && task == Task.REGRESSION) {
      throw new SpecException("train.class-weights: a regression has no classes; take them out");
    }
    boolean boosts =
        Stream.concat(Stream.of(spec.algorithm()), spec.baseline().stream())
            .anyMatch(algorithm -> algorithm instanceof AlgorithmSpec.Xgboost);
    if (boosts) {
      checkBarrier(spark.sparkContext(), spec.workers());
    }
  }

  /** Boosting runs as one barrier stage: all workers at once or none. */
  private static void checkBarrier(SparkContext context, int workers) {
    if (context.conf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new SpecException(
          "train: XGBoost needs all its workers at once, which dynamic allocation can't promise;"
              + " set spark.dynamicAllocation.enabled=false");
    }
    Slots.await(context, workers);
  }

  /**
   * Checks the placed rows.
   *
   * @return warnings
   * @throws DataException when no model can come of them
   */
  static List<String> check(Census census, TrainingSet set, TrainSpec spec) {
    if (census.badLabels() > 0) {
      throw new DataException(
          census.badLabels()
              + " rows have a label that is null, not finite or no class; mend the label, or leave"
              + " these rows out of the population");
    }
    if (census.badWeights() > 0) {
      throw new DataException(
          census.badWeights() + " rows have a weight that is null, negative or not finite");
    }
    checkWorkers(census, spec);
    if (set.task() == Task.REGRESSION) {
      return checkNumbers(census);
    }
    return checkClasses(census, set, Algorithms.needsTuneRows(spec));
  }

  private static void checkWorkers(Census census, TrainSpec spec) {
    long least = Arrays.stream(census.train()).min().orElse(0);
    if (least < LEAST_ROWS) {
      throw new DataException(
          String.format(
              "train: %d rows train, which leaves one of %d workers with %d (%d at the least);"
                  + " lower train.workers, or bring more rows",
              census.trainRows(), census.train().length, least, LEAST_ROWS));
    }
    boolean emptyTune = Arrays.stream(census.tune()).anyMatch(rows -> rows == 0);
    if (emptyTune && Algorithms.needsTuneRows(spec)) {
      throw new DataException(
          String.format(
              "train: %d rows tune, too few for %d workers, but early stopping or tune needs them;"
                  + " raise the split's share of tune",
              census.tuneRows(), census.tune().length));
    }
  }

  private static List<String> checkNumbers(Census census) {
    if (census.leastLabel() == census.greatestLabel()) {
      throw new DataException(
          "label: all "
              + census.trainRows()
              + " rows that train have the label "
              + census.leastLabel()
              + "; there is nothing to learn");
    }
    return List.of();
  }

  private static List<String> checkClasses(Census census, TrainingSet set, boolean tunes) {
    long present = Arrays.stream(census.trainClasses()).filter(rows -> rows > 0).count();
    if (present < 2) {
      throw new DataException(
          "label: rows that train have one class or none ("
              + counts(set.classes(), census.trainClasses())
              + "); there is nothing to learn: check label.positive and the split");
    }
    List<String> warnings = new ArrayList<>();
    for (int k = 0; k < set.classes().size(); k++) {
      String name = set.classes().get(k);
      if (census.trainClasses()[k] == 0) {
        warnings.add("no row that trains has the label " + name);
      } else if (census.tuneClasses()[k] == 0 && tunes && set.task() == Task.BINARY) {
        throw new DataException(
            "label: no row that tunes has the label "
                + name
                + " ("
                + counts(set.classes(), census.tuneClasses())
                + "), but early stopping or tune needs both; change the split");
      } else if (census.tuneClasses()[k] == 0 && tunes) {
        warnings.add("no row that tunes has the label " + name);
      }
    }
    return warnings;
  }

  private static String counts(List<String> classes, long[] rows) {
    StringJoiner counts = new StringJoiner(", ");
    for (int k = 0; k < rows.length; k++) {
      counts.add(classes.get(k) + ": " + rows[k]);
    }
    return counts.toString();
  }
}
