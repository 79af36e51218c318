package io.millrace.train;

import static java.util.stream.Collectors.toSet;

import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.config.AlgorithmSpec;
import io.millrace.config.Kind;
import io.millrace.config.TrainSpec;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** From an algorithm's settings to its learner. */
final class Algorithms {

  private Algorithms() {}

  /** The spec's word for the algorithm. */
  static String word(AlgorithmSpec spec) {
    return spec.getClass().getAnnotation(Kind.class).value();
  }

  /** The learner with these settings. */
  static Learner learner(AlgorithmSpec spec, Placement placement, long seed) {
    TrainingSet set = placement.set();
    int classes = set.classes().size();
    if (spec instanceof AlgorithmSpec.Xgboost s) {
      return XgboostLearner.of(s, placement, seed);
    }
    if (spec instanceof AlgorithmSpec.Logistic s) {
      return new LogisticLearner(s, set.task(), classes);
    }
    if (spec instanceof AlgorithmSpec.Linear s) {
      return new LinearLearner(s);
    }
    return new ForestLearner((AlgorithmSpec.RandomForest) spec, set.task(), classes, seed);
  }

  /** The encoders that the algorithm wants. */
  static EncoderFitter.Style style(AlgorithmSpec spec, Task task) {
    if (spec instanceof AlgorithmSpec.RandomForest && task != Task.MULTI_CLASS) {
      return EncoderFitter.Style.FOREST;
    }
    return spec instanceof AlgorithmSpec.Logistic || spec instanceof AlgorithmSpec.Linear
        ? EncoderFitter.Style.LINEAR
        : EncoderFitter.Style.TREES;
  }

  /** The quantile that the algorithm predicts instead of the mean. */
  static Optional<Double> quantile(AlgorithmSpec spec) {
    return spec instanceof AlgorithmSpec.Xgboost s ? s.quantile() : Optional.empty();
  }

  /**
   * Checks what the spec says of single features.
   *
   * @throws SpecException when a feature isn't there or has no order
   */
  static void checkFeatures(TrainSpec spec, FeatureSchema schema) {
    Stream.concat(Stream.of(spec.algorithm()), spec.baseline().stream())
        .filter(algorithm -> algorithm instanceof AlgorithmSpec.Xgboost)
        .forEach(x -> BoostParameters.checkMonotone((AlgorithmSpec.Xgboost) x, schema.features()));
    Set<String> names = schema.features().stream().map(Feature::name).collect(toSet());
    for (String name : new TreeSet<>(spec.encoders().keySet())) {
      if (!names.contains(name)) {
        throw new SpecException(
            "train.encoders." + name + ": no such feature; name one of " + new TreeSet<>(names));
      }
    }
  }

  /** Whether rows that tune decide something. */
  static boolean needsTuneRows(TrainSpec spec) {
    return spec.tune().isPresent()
        || stopsEarly(spec.algorithm())
        || spec.baseline().filter(Algorithms::stopsEarly).isPresent();
  }

  private static boolean stopsEarly(AlgorithmSpec spec) {
    return spec instanceof AlgorithmSpec.Xgboost s && s.earlyStopping().isPresent();
  }

  /**
   * Checks that the algorithm can do the task and that its settings are in range.
   *
   * @param place of the algorithm in the spec
   * @throws SpecException when not
   */
  static void check(AlgorithmSpec spec, String place, Task task) {
    boolean fits =
        !(spec instanceof AlgorithmSpec.Logistic && task == Task.REGRESSION)
            && !(spec instanceof AlgorithmSpec.Linear && task != Task.REGRESSION);
    if (!fits) {
      throw new SpecException(
          String.format(
              "%s: %s can't do a %s task; use %s, xgboost or random-forest",
              place, word(spec), name(task), task == Task.REGRESSION ? "linear" : "logistic"));
    }
    if (spec instanceof AlgorithmSpec.Xgboost s) {
      checkXgboost(s, place, task);
    } else if (spec instanceof AlgorithmSpec.RandomForest s) {
      in(place + ".trees", s.trees(), 1, 100_000);
      in(place + ".depth", s.depth(), 1, 30);
      in(place + ".min-rows", s.minRows(), 1, Integer.MAX_VALUE);
      in(place + ".max-bins", s.maxBins(), 2, 65_536);
      in(place + ".subsample", s.subsample(), Double.MIN_VALUE, 1);
    } else if (spec instanceof AlgorithmSpec.Logistic s) {
      checkPenalty(place, s.regularization(), s.elasticNet(), s.iterations());
    } else if (spec instanceof AlgorithmSpec.Linear s) {
      checkPenalty(place, s.regularization(), s.elasticNet(), s.iterations());
    }
  }

  private static void checkPenalty(String place, double strength, double l1, int iterations) {
    in(place + ".regularization", strength, 0, Double.MAX_VALUE);
    in(place + ".elastic-net", l1, 0, 1);
    in(place + ".iterations", iterations, 1, 1_000_000);
  }

  private static void checkXgboost(AlgorithmSpec.Xgboost s, String place, Task task) {
    if (s.quantile().isPresent() && task != Task.REGRESSION) {
      throw new SpecException(
          place + ".quantile: a " + name(task) + " task has no quantiles; take it out");
    }
    in(place + ".rounds", s.rounds(), 1, 1_000_000);
    in(place + ".depth", s.depth(), 1, 30);
    in(place + ".learning-rate", s.learningRate(), Double.MIN_VALUE, 1);
    in(place + ".early-stopping", s.earlyStopping().orElse(1), 1, Integer.MAX_VALUE);
    in(place + ".min-child-weight", s.minChildWeight(), 0, Double.MAX_VALUE);
    in(place + ".subsample", s.subsample(), Double.MIN_VALUE, 1);
    in(place + ".column-sample", s.columnSample(), Double.MIN_VALUE, 1);
    in(place + ".lambda", s.lambda(), 0, Double.MAX_VALUE);
    in(place + ".alpha", s.alpha(), 0, Double.MAX_VALUE);
    in(place + ".gamma", s.gamma(), 0, Double.MAX_VALUE);
    in(place + ".max-bins", s.maxBins(), 2, 65_536);
    in(place + ".quantile", s.quantile().orElse(0.5), 0.0001, 0.9999);
    in(place + ".max-categories-one-hot", s.maxCategoriesOneHot(), 1, Integer.MAX_VALUE);
    in(place + ".max-categories-split", s.maxCategoriesSplit(), 1, Integer.MAX_VALUE);
  }

  private static void in(String place, double value, double least, double greatest) {
    if (value >= least && value <= greatest) {
      return;
    }
    String range =
        greatest >= Integer.MAX_VALUE
            ? number(least) + " at the least"
            : (least == Double.MIN_VALUE ? "above 0" : "from " + number(least))
                + " to "
                + number(greatest);
    throw new SpecException(place + ": must be " + range + ", but is " + number(value));
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e15 ? String.valueOf((long) x) : String.valueOf(x);
  }

  private static String name(Task task) {
    return task.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
