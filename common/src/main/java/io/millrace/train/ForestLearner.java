package io.millrace.train;

import io.millrace.Task;
import io.millrace.config.AlgorithmSpec.RandomForest;
import io.millrace.model.Forest;
import io.millrace.model.Link;
import io.millrace.model.Numbers;
import io.millrace.model.Predictor;
import io.millrace.model.TreeNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressor;
import org.apache.spark.ml.tree.LeafNode;
import org.apache.spark.ml.tree.Node;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Random forest (Breiman 2001) by Spark MLlib; a tree's say is its leaf's class shares or mean. */
record ForestLearner(RandomForest spec, Task task, int classes, long seed) implements Learner {

  private static final int MEMORY_OF_NODE_GROUPS = 512;

  @Override
  public Learned fit(Encoded rows) {
    ForestForm form = new ForestForm(rows.encoders());
    Dataset<Row> data = MllibRows.of(rows, form, MllibRows.features(form.attributes()), classes);
    int bins = Math.max(spec.maxBins(), form.bins());
    return task == Task.REGRESSION
        ? regression(data, form, bins)
        : classification(data, form, bins);
  }

  private Learned classification(Dataset<Row> data, ForestForm form, int bins) {
    RandomForestClassificationModel model =
        new RandomForestClassifier()
            .setNumTrees(spec.trees())
            .setMaxDepth(spec.depth())
            .setMinInstancesPerNode(spec.minRows())
            .setSubsamplingRate(spec.subsample())
            .setMaxBins(bins)
            .setImpurity("gini")
            .setFeatureSubsetStrategy("sqrt")
            .setMinInfoGain(0)
            .setMinWeightFractionPerNode(0)
            .setBootstrap(true)
            .setMaxMemoryInMB(MEMORY_OF_NODE_GROUPS)
            .setCacheNodeIds(false)
            .setSeed(seed)
            .setFeaturesCol(MllibRows.FEATURES)
            .setLabelCol(TrainingSet.LABEL)
            .setWeightCol(TrainingSet.WEIGHT)
            .fit(data);
    List<Node> roots = new ArrayList<>();
    for (var tree : model.trees()) {
      roots.add(tree.rootNode());
    }
    Function<Vector, double[]> scores =
        task == Task.BINARY
            ? vector -> new double[] {model.predictProbability(vector).apply(1)}
            : vector -> model.predictProbability(vector).toArray();
    return learned(roots, this::shares, form, scores);
  }

  private Learned regression(Dataset<Row> data, ForestForm form, int bins) {
    RandomForestRegressionModel model =
        new RandomForestRegressor()
            .setNumTrees(spec.trees())
            .setMaxDepth(spec.depth())
            .setMinInstancesPerNode(spec.minRows())
            .setSubsamplingRate(spec.subsample())
            .setMaxBins(bins)
            .setImpurity("variance")
            .setFeatureSubsetStrategy("onethird")
            .setMinInfoGain(0)
            .setMinWeightFractionPerNode(0)
            .setBootstrap(true)
            .setMaxMemoryInMB(MEMORY_OF_NODE_GROUPS)
            .setCacheNodeIds(false)
            .setSeed(seed)
            .setFeaturesCol(MllibRows.FEATURES)
            .setLabelCol(TrainingSet.LABEL)
            .setWeightCol(TrainingSet.WEIGHT)
            .fit(data);
    List<Node> roots = new ArrayList<>();
    for (var tree : model.trees()) {
      roots.add(tree.rootNode());
    }
    return learned(
        roots,
        leaf -> Numbers.of(leaf.prediction()),
        form,
        vector -> new double[] {model.predict(vector)});
  }

  /** Shares of the classes among a leaf's rows; for two classes that of the positive one. */
  private Numbers shares(LeafNode leaf) {
    double[] stats = leaf.impurityStats().stats();
    double sum = 0;
    for (double x : stats) {
      sum += x;
    }
    if (task == Task.BINARY) {
      return Numbers.of(stats.length < 2 ? 0 : stats[1] / sum);
    }
    double[] shares = new double[classes];
    for (int k = 0; k < stats.length; k++) {
      shares[k] = stats[k] / sum;
    }
    return Numbers.of(shares);
  }

  private Learned learned(
      List<Node> roots,
      Function<LeafNode, Numbers> values,
      ForestForm form,
      Function<Vector, double[]> scores) {
    MllibTrees converter = new MllibTrees(form, values);
    List<TreeNode> trees = roots.stream().map(converter::convert).toList();
    int width = task == Task.MULTI_CLASS ? classes : 1;
    Predictor predictor =
        new Predictor.Trees(
            Forest.of(trees, Collections.nCopies(trees.size(), 0), width),
            Numbers.of(new double[width]),
            Link.MEAN,
            form.slots());
    return new Learned(
        predictor,
        sample -> MllibRows.vectors(sample, form).stream().map(scores).toArray(double[][]::new),
        OptionalInt.empty());
  }
}
