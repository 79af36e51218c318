package io.millrace.train;

import io.millrace.Task;
import io.millrace.config.AlgorithmSpec.Logistic;
import io.millrace.model.Link;
import io.millrace.model.Numbers;
import io.millrace.model.Predictor;
import java.util.OptionalInt;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Matrix;

/**
 * Logistic regression by Spark MLlib: least mean log loss plus {@code regularization * (elasticNet
 * * |w|_1 + (1 - elasticNet) / 2 * |w|_2^2)} over the weights of the slots as encoded.
 */
record LogisticLearner(Logistic spec, Task task, int classes) implements Learner {

  private static final double TOLERANCE = 1e-8;

  @Override
  public Learned fit(Encoded rows) {
    LinearForm form = new LinearForm();
    LogisticRegressionModel model =
        new LogisticRegression()
            .setFamily(task == Task.BINARY ? "binomial" : "multinomial")
            .setRegParam(spec.regularization())
            .setElasticNetParam(spec.elasticNet())
            .setMaxIter(spec.iterations())
            .setTol(TOLERANCE)
            .setFitIntercept(true)
            .setStandardization(false)
            .setAggregationDepth(2)
            .setMaxBlockSizeInMB(1)
            .setFeaturesCol(MllibRows.FEATURES)
            .setLabelCol(TrainingSet.LABEL)
            .setWeightCol(TrainingSet.WEIGHT)
            .fit(MllibRows.of(rows, form, MllibRows.plainFeatures(), classes));
    return new Learned(
        predictor(model), sample -> scores(model, form, sample), OptionalInt.empty());
  }

  private Predictor predictor(LogisticRegressionModel model) {
    Matrix matrix = model.coefficientMatrix();
    double[] weights = new double[matrix.numRows() * matrix.numCols()];
    for (int k = 0; k < matrix.numRows(); k++) {
      for (int i = 0; i < matrix.numCols(); i++) {
        weights[k * matrix.numCols() + i] = matrix.apply(k, i);
      }
    }
    return new Predictor.Linear(
        Numbers.of(weights),
        Numbers.of(model.interceptVector().toArray()),
        task == Task.BINARY ? Link.LOGISTIC : Link.SOFTMAX);
  }

  private double[][] scores(LogisticRegressionModel model, LinearForm form, EncodedRows sample) {
    return MllibRows.vectors(sample, form).stream()
        .map(model::predictProbability)
        .map(p -> task == Task.BINARY ? new double[] {p.apply(1)} : p.toArray())
        .toArray(double[][]::new);
  }
}
