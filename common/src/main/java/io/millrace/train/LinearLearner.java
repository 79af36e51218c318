package io.millrace.train;

import io.millrace.config.AlgorithmSpec.Linear;
import io.millrace.model.Link;
import io.millrace.model.Numbers;
import io.millrace.model.Predictor;
import java.util.OptionalInt;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;

/**
 * Linear regression by Spark MLlib: least half mean squared error plus {@code regularization *
 * (elasticNet * |w|_1 + (1 - elasticNet) / 2 * |w|_2^2)}, in units of the label's deviation.
 */
record LinearLearner(Linear spec) implements Learner {

  private static final double TOLERANCE = 1e-6;
  private static final int MOST_SLOTS_OF_NORMAL_EQUATIONS = 4096;

  @Override
  public Learned fit(Encoded rows) {
    LinearForm form = new LinearForm();
    boolean small = rows.encoders().slots() <= MOST_SLOTS_OF_NORMAL_EQUATIONS;
    LinearRegressionModel model =
        new LinearRegression()
            .setSolver(small ? "normal" : "l-bfgs")
            .setLoss("squaredError")
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
            .fit(MllibRows.of(rows, form, MllibRows.plainFeatures(), 0));
    Predictor predictor =
        new Predictor.Linear(
            Numbers.of(model.coefficients().toArray()),
            Numbers.of(model.intercept()),
            Link.IDENTITY);
    return new Learned(
        predictor,
        sample ->
            MllibRows.vectors(sample, form).stream()
                .map(vector -> new double[] {model.predict(vector)})
                .toArray(double[][]::new),
        OptionalInt.empty());
  }
}
