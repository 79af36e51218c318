package io.millrace.config;

import java.util.Map;
import java.util.Optional;

/** A learner with all its settings. */
@Doc("A learner and its settings.")
public sealed interface AlgorithmSpec {

  /** Gradient-boosted trees by XGBoost4J-Spark. */
  @Kind("xgboost")
  @Doc("Gradient-boosted trees by XGBoost.")
  record Xgboost(
      @Doc("Boosting rounds.") @Default("400") @Within("[1, )") int rounds,
      @Doc("Depth of a tree.") @Default("6") @Within("[1, 30]") int depth,
      @Doc("Shrinkage of each round.") @Default("0.1") @Within("(0, )") double learningRate,
      @Doc("Stop when the tune rows haven't improved for this many rounds.") @Within("[1, )")
          Optional<Integer> earlyStopping,
      @Doc("Least sum of hessians in a leaf.") @Default("1.0") @Within("[0, )")
          double minChildWeight,
      @Doc("Share of rows per round.") @Default("1.0") @Within("(0, 1]") double subsample,
      @Doc("Share of columns per tree.") @Default("1.0") @Within("(0, 1]") double columnSample,
      @Doc("L2 penalty of leaf weights.") @Default("1.0") @Within("[0, )") double lambda,
      @Doc("L1 penalty of leaf weights.") @Default("0.0") @Within("[0, )") double alpha,
      @Doc("Least loss reduction of a split.") @Default("0.0") @Within("[0, )") double gamma,
      @Doc("Histogram bins per feature.") @Default("256") @Within("[2, )") int maxBins,
      @Doc("Predict this quantile instead of the mean (regression).") @Within("(0, 1)")
          Optional<Double> quantile,
      @Doc("Use one-hot splits for categories of at most this many levels.")
          @Default("4")
          @Within("[1, )")
          int maxCategoriesOneHot,
      @Doc("Most levels on one side of a categorical split.") @Default("64") @Within("[1, )")
          int maxCategoriesSplit,
      @Doc("Features whose effect may only rise or fall.") @Default("{}")
          Map<String, Direction> monotone)
      implements AlgorithmSpec {

    public Xgboost {
      monotone = SortedMaps.copyOf(monotone);
    }
  }

  /** Logistic regression, binary or multinomial. */
  @Kind("logistic")
  @Doc("Logistic regression.")
  record Logistic(
      @Doc("Strength of the penalty.") @Default("0.0001") @Within("[0, )") double regularization,
      @Doc("Share of L1 in the penalty.") @Default("0.0") @Within("[0, 1]") double elasticNet,
      @Doc("Iterations at the most.") @Default("200") @Within("[1, )") int iterations)
      implements AlgorithmSpec {}

  /** Linear regression. */
  @Kind("linear")
  @Doc("Linear regression.")
  record Linear(
      @Doc("Strength of the penalty.") @Default("0.0001") @Within("[0, )") double regularization,
      @Doc("Share of L1 in the penalty.") @Default("0.0") @Within("[0, 1]") double elasticNet,
      @Doc("Iterations at the most.") @Default("200") @Within("[1, )") int iterations)
      implements AlgorithmSpec {}

  /** Random forest by Spark MLlib. */
  @Kind("random-forest")
  @Doc("Random forest.")
  record RandomForest(
      @Doc("Trees.") @Default("100") @Within("[1, )") int trees,
      @Doc("Depth of a tree.") @Default("10") @Within("[1, 30]") int depth,
      @Doc("Least rows in a leaf.") @Default("1") @Within("[1, )") int minRows,
      @Doc("Share of rows per tree.") @Default("1.0") @Within("(0, 1]") double subsample,
      @Doc("Histogram bins per feature.") @Default("64") @Within("[2, )") int maxBins)
      implements AlgorithmSpec {}

  /** A monotone constraint. */
  enum Direction {
    RISING,
    FALLING
  }
}
