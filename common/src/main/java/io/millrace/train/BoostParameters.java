package io.millrace.train;

import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.config.AlgorithmSpec.Direction;
import io.millrace.config.AlgorithmSpec.Xgboost;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.model.Encoders;
import io.millrace.model.Feature;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * XGBoost's parameters, every one that reaches a result stated: its releases change defaults. Names
 * and meanings: XGBoost 3.1, "XGBoost Parameters".
 */
final class BoostParameters {

  private BoostParameters() {}

  /**
   * All parameters of a fit.
   *
   * @param baseScore score that boosting starts from: a probability, or a number
   */
  static Map<String, Object> of(
      Xgboost spec, Task task, int classes, Encoders encoders, double baseScore, long seed) {
    Map<String, Object> p = new HashMap<>(tree(spec));
    p.putAll(objective(spec, task, classes));
    p.put("base_score", baseScore);
    p.put("monotone_constraints", monotone(spec, encoders));
    p.put("seed", (int) (seed ^ (seed >>> 32)) & Integer.MAX_VALUE);
    p.put("seed_per_iteration", false);
    // More threads sum in another order; a worker is one core, more workers are more cores.
    p.put("nthread", 1);
    p.put("device", "cpu");
    p.put("verbosity", 1);
    return p;
  }

  private static Map<String, Object> tree(Xgboost spec) {
    Map<String, Object> p = new HashMap<>();
    p.put("booster", "gbtree");
    p.put("tree_method", "hist");
    p.put("grow_policy", "depthwise");
    p.put("max_leaves", 0);
    p.put("max_depth", spec.depth());
    p.put("eta", spec.learningRate());
    p.put("min_child_weight", spec.minChildWeight());
    p.put("subsample", spec.subsample());
    p.put("sampling_method", "uniform");
    p.put("colsample_bytree", spec.columnSample());
    p.put("colsample_bylevel", 1.0);
    p.put("colsample_bynode", 1.0);
    p.put("lambda", spec.lambda());
    p.put("alpha", spec.alpha());
    p.put("gamma", spec.gamma());
    p.put("max_bin", spec.maxBins());
    p.put("max_delta_step", 0.0);
    p.put("scale_pos_weight", 1.0);
    p.put("num_parallel_tree", 1);
    p.put("max_cat_to_onehot", spec.maxCategoriesOneHot());
    p.put("max_cat_threshold", spec.maxCategoriesSplit());
    return p;
  }

  private static Map<String, Object> objective(Xgboost spec, Task task, int classes) {
    return switch (task) {
      case BINARY -> Map.of("objective", "binary:logistic", "eval_metric", "logloss");
      case MULTI_CLASS ->
          Map.of(
              "objective", "multi:softprob",
              "eval_metric", "mlogloss",
              "num_class", classes,
              "multi_strategy", "one_output_per_tree");
      case REGRESSION ->
          spec.quantile().isPresent()
              ? Map.of(
                  "objective", "reg:quantileerror",
                  "eval_metric", "quantile",
                  "quantile_alpha", spec.quantile().get())
              : Map.of("objective", "reg:squarederror", "eval_metric", "rmse");
    };
  }

  /** {@code (0,1,-1)}: one number per slot. */
  private static String monotone(Xgboost spec, Encoders encoders) {
    Map<String, Integer> wanted = new TreeMap<>();
    for (Map.Entry<String, Direction> e : spec.monotone().entrySet()) {
      wanted.put(e.getKey(), e.getValue() == Direction.RISING ? 1 : -1);
    }
    StringJoiner signs = new StringJoiner(",", "(", ")");
    for (int feature : encoders.slotFeatures()) {
      signs.add(
          String.valueOf(wanted.getOrDefault(encoders.schema().features().get(feature).name(), 0)));
    }
    return signs.toString();
  }

  /**
   * Checks that monotone constraints name features that have an order.
   *
   * @throws SpecException when one doesn't
   */
  static void checkMonotone(Xgboost spec, Iterable<Feature> features) {
    Map<String, FeatureKind> kinds = new TreeMap<>();
    features.forEach(feature -> kinds.put(feature.name(), feature.kind()));
    for (String name : new TreeMap<>(spec.monotone()).keySet()) {
      if (kinds.get(name) == null || kinds.get(name) == FeatureKind.CATEGORY) {
        throw new SpecException(
            "train.algorithm.monotone."
                + name
                + ": "
                + (kinds.get(name) == null ? "no such feature" : "a category has no order")
                + "; name a numeric or boolean feature");
      }
    }
  }
}
