package io.millrace.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.Task;
import io.millrace.config.AlgorithmSpec.Linear;
import io.millrace.model.Predictor;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spark MLlib minimises the same objective. */
class LinearLearnerTest {

  private static final int FEW = 0;
  private static final int MANY = Integer.MAX_VALUE;

  @ParameterizedTest
  @CsvSource({
    "0.0001, 0.0, 1e-7",
    "0.3, 0.0, 1e-7",
    "0.1, 0.5, 2e-4",
    "0.05, 1.0, 2e-4",
    "5.0, 1.0, 1e-12"
  })
  void weightsAreThoseOfMllib(double regularization, double elasticNet, double tolerance) {
    withRows(
        set(),
        rows -> {
          Linear spec = new Linear(regularization, elasticNet, 1000);
          double[] theirs = mllib(spec, rows);
          assertThat(parameters(spec, rows, MANY)).containsExactly(theirs, within(tolerance));
          assertThat(parameters(spec, rows, FEW))
              .containsExactly(theirs, within(Math.max(tolerance, 2e-4)));
        });
  }

  @ParameterizedTest
  @CsvSource({"0.0001", "0.3"})
  void theSlopeOfTheObjectiveIsZero(double regularization) {
    withRows(
        set(),
        rows -> {
          double[] found = parameters(new Linear(regularization, 0, 1), rows, MANY);
          for (double slope : slope(rows, found, regularization)) {
            assertThat(slope).isCloseTo(0, within(1e-12));
          }
        });
  }

  /** One-hot slots of a category add up to one, so without a penalty many weights are as good. */
  @Test
  void dependentSlotsGiveTheErrorOfMllib() {
    withRows(
        set(),
        rows -> {
          Linear spec = new Linear(0, 0, 1000);
          double least = error(rows, mllib(spec, rows));
          assertThat(error(rows, parameters(spec, rows, MANY))).isCloseTo(least, within(1e-6));
          assertThat(error(rows, parameters(spec, rows, FEW))).isCloseTo(least, within(1e-6));
        });
  }

  @ParameterizedTest
  @CsvSource({"0.0, 0", "0.0, 2147483647", "0.5, 0", "0.5, 2147483647"})
  void sumsOfSparkJobsAndOfThisProcessAreTheSameBits(double elasticNet, int mostSlots) {
    withRows(
        set(),
        rows -> {
          LinearLearner learner = new LinearLearner(new Linear(1e-3, elasticNet, 50));
          assertThat(parameters(learner.fit(rows, 0, mostSlots)))
              .containsExactly(parameters(learner.fit(rows, Long.MAX_VALUE, mostSlots)));
        });
  }

  @Test
  void aLabelThatNeverChangesIsPredictedAsItIs() {
    TrainingSet set = set();
    TrainingSet constant =
        new TrainingSet(
            set.rows().withColumn(TrainingSet.LABEL, functions.lit(3.25)),
            set.schema(),
            set.task(),
            set.classes());
    withRows(
        constant,
        rows -> {
          double[] found = parameters(new Linear(1e-4, 0, 100), rows, MANY);
          assertThat(found[found.length - 1]).isEqualTo(3.25);
          assertThat(Arrays.copyOf(found, found.length - 1)).containsOnly(0);
        });
  }

  private static TrainingSet set() {
    return TrainingData.of(Task.REGRESSION, 700);
  }

  private static void withRows(TrainingSet set, Consumer<Encoded> body) {
    try (Placement placement = Placement.of(set, 3);
        Encoded rows =
            Encoded.of(
                placement,
                Map.of(),
                Algorithms.style(TrainingData.linear(), Task.REGRESSION),
                new double[0])) {
      body.accept(rows);
    }
  }

  private static double[] parameters(Linear spec, Encoded rows, int mostSlots) {
    return parameters(new LinearLearner(spec).fit(rows, RowSums.MOST_HERE, mostSlots));
  }

  private static double[] parameters(Learner.Learned learned) {
    Predictor.Linear linear = (Predictor.Linear) learned.predictor();
    double[] all = Arrays.copyOf(linear.weights().toArray(), linear.weights().size() + 1);
    all[all.length - 1] = linear.intercepts().get(0);
    return all;
  }

  private static double[] mllib(Linear spec, Encoded rows) {
    LinearRegressionModel model =
        new LinearRegression()
            .setSolver(spec.elasticNet() == 0 ? "normal" : "l-bfgs")
            .setRegParam(spec.regularization())
            .setElasticNetParam(spec.elasticNet())
            .setMaxIter(spec.iterations())
            .setTol(1e-12)
            .setStandardization(false)
            .setFeaturesCol(MllibRows.FEATURES)
            .setLabelCol(TrainingSet.LABEL)
            .setWeightCol(TrainingSet.WEIGHT)
            .fit(MllibRows.of(rows, new LinearForm(), MllibRows.plainFeatures(), 0));
    double[] all = Arrays.copyOf(model.coefficients().toArray(), model.coefficients().size() + 1);
    all[all.length - 1] = model.intercept();
    return all;
  }

  /** Half the mean squared error, written out. */
  private static double error(Encoded rows, double[] parameters) {
    double sum = 0;
    double weight = 0;
    for (EncodedRows train : rows.map(Block::train)) {
      float[] row = new float[train.slots()];
      for (int i = 0; i < train.size(); i++) {
        train.copy(i, row);
        double error = parameters[row.length] - train.label(i);
        for (int j = 0; j < row.length; j++) {
          error += parameters[j] * row[j];
        }
        sum += train.weight(i) * error * error / 2;
        weight += train.weight(i);
      }
    }
    return sum / weight;
  }

  /** Of the objective with an L2 penalty, written out. */
  private static double[] slope(Encoded rows, double[] parameters, double regularization) {
    int slots = parameters.length - 1;
    double[] slope = new double[slots + 1];
    double weight = 0;
    double labels = 0;
    double squares = 0;
    for (EncodedRows train : rows.map(Block::train)) {
      float[] row = new float[slots];
      for (int i = 0; i < train.size(); i++) {
        train.copy(i, row);
        double error = parameters[slots] - train.label(i);
        for (int j = 0; j < slots; j++) {
          error += parameters[j] * row[j];
        }
        for (int j = 0; j < slots; j++) {
          slope[j] += train.weight(i) * error * row[j];
        }
        slope[slots] += train.weight(i) * error;
        weight += train.weight(i);
        labels += train.weight(i) * train.label(i);
        squares += train.weight(i) * train.label(i) * train.label(i);
      }
    }
    double deviation = Math.sqrt(squares / weight - Math.pow(labels / weight, 2));
    for (int j = 0; j <= slots; j++) {
      slope[j] /= weight;
      slope[j] += j < slots ? regularization / deviation * parameters[j] : 0;
    }
    return slope;
  }
}
