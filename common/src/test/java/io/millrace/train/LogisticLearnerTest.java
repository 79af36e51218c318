package io.millrace.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.Task;
import io.millrace.config.AlgorithmSpec.Logistic;
import io.millrace.model.Predictor;
import io.millrace.model.Predictor.Linear;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spark MLlib minimises the same objective. */
class LogisticLearnerTest {

  @ParameterizedTest
  @CsvSource({
    "BINARY, 0.0001, 0.0",
    "BINARY, 0.05, 0.0",
    "BINARY, 0.02, 0.5",
    "BINARY, 0.03, 1.0",
    "MULTI_CLASS, 0.001, 0.0",
    "MULTI_CLASS, 0.01, 0.7"
  })
  void weightsAreThoseOfMllib(Task task, double regularization, double elasticNet) {
    withRows(
        task,
        (rows, classes) -> {
          Logistic spec = new Logistic(regularization, elasticNet, 500);
          double[] ours =
              parameters(new LogisticLearner(spec, task, classes).fit(rows).predictor());
          double[] theirs = mllib(spec, task, rows, classes);
          assertThat(ours).hasSameSizeAs(theirs);
          for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).as("parameter " + i).isCloseTo(theirs[i], within(5e-4));
          }
          double value = objective(spec, rows, ours, classes);
          assertThat(value).isLessThanOrEqualTo(objective(spec, rows, theirs, classes) + 1e-7);
        });
  }

  @ParameterizedTest
  @CsvSource({"BINARY, 0.0", "BINARY, 0.5", "MULTI_CLASS, 0.0"})
  void sumsOfSparkJobsAndOfThisProcessAreTheSameBits(Task task, double elasticNet) {
    withRows(
        task,
        (rows, classes) -> {
          var learner = new LogisticLearner(new Logistic(1e-3, elasticNet, 200), task, classes);
          assertThat(parameters(learner.fit(rows, 0).predictor()))
              .containsExactly(parameters(learner.fit(rows, Long.MAX_VALUE).predictor()));
        });
  }

  @Test
  void aStrongL1PenaltyLeavesNoWeight() {
    withRows(
        Task.BINARY,
        (rows, classes) -> {
          var learner = new LogisticLearner(new Logistic(10, 1, 200), Task.BINARY, classes);
          Linear model = (Linear) learner.fit(rows).predictor();
          for (int j = 0; j < model.weights().size(); j++) {
            assertThat(model.weights().get(j)).isZero();
          }
          // What is left is the share of the class.
          double[] counts = new double[2];
          for (EncodedRows train : rows.map(Block::train)) {
            for (int i = 0; i < train.size(); i++) {
              counts[(int) train.label(i)] += train.weight(i);
            }
          }
          assertThat(model.intercepts().get(0))
              .isCloseTo(Math.log(counts[1] / counts[0]), within(1e-4));
        });
  }

  private interface Body {
    void accept(Encoded rows, int classes);
  }

  private static void withRows(Task task, Body body) {
    TrainingSet set = TrainingData.of(task, 700);
    double[] classWeights = task == Task.BINARY ? new double[] {1, 2.5} : new double[] {1, 1, 2};
    try (Placement placement = Placement.of(set, 3);
        Encoded rows =
            Encoded.of(
                placement,
                Map.of(),
                Algorithms.style(TrainingData.logistic(), task),
                classWeights)) {
      body.accept(rows, set.classes().size());
    }
  }

  private static double[] parameters(Predictor predictor) {
    Linear linear = (Linear) predictor;
    return DoubleStream.concat(
            Arrays.stream(linear.weights().toArray()), Arrays.stream(linear.intercepts().toArray()))
        .toArray();
  }

  private static double[] mllib(Logistic spec, Task task, Encoded rows, int classes) {
    StructField features = MllibRows.plainFeatures();
    LogisticRegressionModel model =
        new LogisticRegression()
            .setFamily(task == Task.BINARY ? "binomial" : "multinomial")
            .setRegParam(spec.regularization())
            .setElasticNetParam(spec.elasticNet())
            .setMaxIter(spec.iterations())
            .setTol(1e-10)
            .setStandardization(false)
            .setFeaturesCol(MllibRows.FEATURES)
            .setLabelCol(TrainingSet.LABEL)
            .setWeightCol(TrainingSet.WEIGHT)
            .fit(MllibRows.of(rows, new LinearForm(), features, classes));
    int slots = model.coefficientMatrix().numCols();
    int outputs = model.coefficientMatrix().numRows();
    double[] all = new double[outputs * (slots + 1)];
    for (int k = 0; k < outputs; k++) {
      for (int j = 0; j < slots; j++) {
        all[k * slots + j] = model.coefficientMatrix().apply(k, j);
      }
      all[outputs * slots + k] = model.interceptVector().apply(k);
    }
    return all;
  }

  /** Written out, row by row. */
  private static double objective(Logistic spec, Encoded rows, double[] parameters, int classes) {
    int slots = rows.encoders().slots();
    int outputs = parameters.length / (slots + 1);
    double loss = 0;
    double weight = 0;
    for (EncodedRows train : rows.map(Block::train)) {
      float[] row = new float[slots];
      for (int i = 0; i < train.size(); i++) {
        train.copy(i, row);
        double[] scores = new double[classes];
        for (int k = 0; k < outputs; k++) {
          int at = outputs == 1 ? 1 : k;
          scores[at] = parameters[outputs * slots + k];
          for (int j = 0; j < slots; j++) {
            scores[at] += parameters[k * slots + j] * row[j];
          }
        }
        double total = 0;
        for (double score : scores) {
          total += Math.exp(score);
        }
        loss += train.weight(i) * (Math.log(total) - scores[(int) train.label(i)]);
        weight += train.weight(i);
      }
    }
    double penalty = 0;
    for (int i = 0; i < outputs * slots; i++) {
      double w = parameters[i];
      penalty += spec.elasticNet() * Math.abs(w) + (1 - spec.elasticNet()) / 2 * w * w;
    }
    return loss / weight + spec.regularization() * penalty;
  }
}
