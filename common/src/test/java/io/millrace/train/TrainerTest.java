package io.millrace.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.Task;
import io.millrace.config.AlgorithmSpec;
import io.millrace.config.AlgorithmSpec.Direction;
import io.millrace.config.TrainSpec;
import io.millrace.config.TrainSpec.ClassWeights;
import io.millrace.config.TuneSpec;
import io.millrace.config.TuneSpec.Range;
import io.millrace.model.Model;
import io.millrace.model.RawRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainerTest {

  private static final int ROWS = 1500;

  private static AlgorithmSpec algorithm(String word) {
    return switch (word) {
      case "xgboost" -> TrainingData.xgboost(20, Optional.empty());
      case "logistic" -> TrainingData.logistic();
      case "linear" -> TrainingData.linear();
      default -> TrainingData.forest();
    };
  }

  /** Explained share of the variance, or the share of right classes. */
  @ParameterizedTest
  @CsvSource({
    "xgboost, BINARY, 0.78",
    "xgboost, MULTI_CLASS, 0.6",
    "xgboost, REGRESSION, 0.6",
    "logistic, BINARY, 0.7",
    "logistic, MULTI_CLASS, 0.5",
    "linear, REGRESSION, 0.4",
    "random-forest, BINARY, 0.72",
    "random-forest, MULTI_CLASS, 0.55",
    "random-forest, REGRESSION, 0.45"
  })
  void everyAlgorithmLearnsAndScoresAsItsLibrary(String word, Task task, double least) {
    TrainingSet set = TrainingData.of(task, ROWS);
    TrainResult result = Trainer.train(set, TrainingData.spec(algorithm(word)));
    assertThat(result.challenger().algorithm()).isEqualTo(word);
    assertThat(result.challenger().largestDifference()).isLessThan(Parity.LIMIT);
    assertThat(result.challenger().dropped()).containsOnlyKeys("empty");
    assertThat(result.warnings())
        .containsExactly("feature empty is left out of the model: no values");
    assertThat(skill(result.challenger().model(), set)).isGreaterThan(least);
  }

  private static double skill(Model model, TrainingSet set) {
    List<Row> rows = set.rows().filter("_split = 'test'").collectAsList();
    double[] out = new double[model.outputs()];
    double mean = rows.stream().mapToDouble(r -> r.<Double>getAs("label")).average().orElseThrow();
    double right = 0;
    double unexplained = 0;
    double variance = 0;
    for (Row row : rows) {
      score(model, row, out);
      double label = row.<Double>getAs("label");
      int best = out.length == 1 ? (out[0] > 0.5 ? 1 : 0) : 0;
      for (int k = 1; k < out.length; k++) {
        best = out[k] > out[best] ? k : best;
      }
      right += best == label ? 1 : 0;
      unexplained += (label - out[0]) * (label - out[0]);
      variance += (label - mean) * (label - mean);
    }
    return set.task() == Task.REGRESSION ? 1 - unexplained / variance : right / rows.size();
  }

  private static void score(Model model, Row row, double[] out) {
    RawRow raw = new RawRow(TrainingData.SCHEMA.size());
    for (int i = 0; i < TrainingData.SCHEMA.size(); i++) {
      Object value = row.getAs(TrainingData.SCHEMA.features().get(i).name());
      if (value instanceof Double x) {
        raw.setNumber(i, x);
      } else if (value instanceof Boolean flag) {
        raw.setFlag(i, flag);
      } else if (value instanceof String text) {
        raw.setText(i, text);
      }
    }
    model.score(raw, new float[model.encoders().slots()], out);
  }

  @Test
  void earlyStoppingCutsTheForest() {
    TrainingSet set = TrainingData.of(Task.BINARY, ROWS);
    TrainSpec spec = TrainingData.spec(TrainingData.xgboost(300, Optional.of(5)));
    TrainResult.Fitted fitted = Trainer.train(set, spec).challenger();
    int rounds = fitted.rounds().orElseThrow();
    assertThat(rounds).isBetween(5, 200);
    TrainSpec same = TrainingData.spec(TrainingData.xgboost(rounds, Optional.empty()));
    assertThat(Trainer.train(set, same).challenger().model()).isEqualTo(fitted.model());
  }

  @Test
  void classWeightsMoveTheProbabilities() {
    TrainingSet set = TrainingData.of(Task.BINARY, ROWS);
    TrainSpec plain = TrainingData.spec(TrainingData.logistic());
    ClassWeights weights = new ClassWeights(false, Map.of("yes", 3.0));
    double without = meanScore(Trainer.train(set, plain), set);
    double with = meanScore(Trainer.train(set, weighted(plain, weights)), set);
    double share =
        set.rows().filter("_split = 'train'").agg(Map.of("label", "avg")).head().getDouble(0);
    // A fit with an intercept predicts the weighted share of positives on its own rows.
    assertThat(without).isCloseTo(share, within(1e-3));
    assertThat(with).isGreaterThan(without + 0.1);
    assertThat(weightedMean(Trainer.train(set, weighted(plain, weights)), set, 3))
        .isCloseTo(3 * share / (3 * share + 1 - share), within(1e-3));
  }

  private static TrainSpec weighted(TrainSpec spec, ClassWeights weights) {
    return new TrainSpec(
        spec.algorithm(),
        spec.baseline(),
        spec.workers(),
        spec.seed(),
        spec.history(),
        spec.encoders(),
        Optional.of(weights),
        spec.tune(),
        spec.audit());
  }

  private static double meanScore(TrainResult result, TrainingSet set) {
    return weightedMean(result, set, 1);
  }

  private static double weightedMean(TrainResult result, TrainingSet set, double positiveWeight) {
    double[] out = new double[1];
    double sum = 0;
    double weight = 0;
    for (Row row : set.rows().filter("_split = 'train'").collectAsList()) {
      score(result.challenger().model(), row, out);
      double w = row.<Double>getAs("label") == 1 ? positiveWeight : 1;
      sum += w * out[0];
      weight += w;
    }
    return sum / weight;
  }

  @Test
  void monotoneFeaturesHold() {
    TrainingSet set = TrainingData.of(Task.REGRESSION, ROWS);
    AlgorithmSpec free = TrainingData.xgboost(40, Optional.empty());
    AlgorithmSpec rising =
        TrainingData.xgboost(
            40,
            Optional.empty(),
            Optional.empty(),
            Map.of("x1", Direction.RISING, "x2", Direction.FALLING));
    assertThat(breaks(Trainer.train(set, TrainingData.spec(free)).challenger().model()))
        .isPositive();
    assertThat(breaks(Trainer.train(set, TrainingData.spec(rising)).challenger().model())).isZero();
  }

  /** Steps at which a rising x1 lowers the score, or a rising x2 lifts it. */
  private static long breaks(Model model) {
    return steps(model, 0, s -> -s) + steps(model, 1, s -> s);
  }

  private static long steps(Model model, int feature, ToDoubleFunction<Double> wrong) {
    double[] out = new double[1];
    double last = Double.NaN;
    long breaks = 0;
    for (double x = -3; x <= 3; x += 0.01) {
      RawRow raw = new RawRow(TrainingData.SCHEMA.size());
      raw.setNumber(1 - feature, 0.3);
      raw.setNumber(feature, x);
      raw.setText(3, "city 4");
      raw.setFlag(4, true);
      model.score(raw, new float[model.encoders().slots()], out);
      breaks += wrong.applyAsDouble(out[0] - last) > 0 ? 1 : 0;
      last = out[0];
    }
    return breaks;
  }

  @Test
  void quantileCoversItsShare() {
    TrainingSet set = TrainingData.of(Task.REGRESSION, 4000);
    AlgorithmSpec spec = TrainingData.xgboost(60, Optional.empty(), Optional.of(0.9), Map.of());
    Model model = Trainer.train(set, TrainingData.spec(spec)).challenger().model();
    double[] out = new double[1];
    List<Row> rows = set.rows().filter("_split <> 'train'").collectAsList();
    long below = 0;
    for (Row row : rows) {
      score(model, row, out);
      below += row.<Double>getAs("label") <= out[0] ? 1 : 0;
    }
    assertThat((double) below / rows.size()).isCloseTo(0.9, within(0.04));
  }

  @Test
  void searchKeepsTheBestTrialAndTrainsTheBaselineBeside() {
    TrainingSet set = TrainingData.of(Task.BINARY, ROWS);
    Range depths = new Range(List.of(1.0, 4.0), Optional.empty(), Optional.empty(), false);
    TrainSpec spec =
        new TrainSpec(
            TrainingData.xgboost(15, Optional.empty()),
            Optional.of(TrainingData.logistic()),
            2,
            3,
            Optional.empty(),
            Map.of(),
            Optional.of(new ClassWeights(true, Map.of())),
            Optional.of(new TuneSpec(3, Optional.of("auc"), Map.of("depth", depths))),
            TrainingData.AUDIT);
    TrainResult result = Trainer.train(set, spec);
    assertThat(result.baseline().orElseThrow().algorithm()).isEqualTo("logistic");
    assertThat(result.trials()).hasSize(3).allMatch(trial -> trial.metric().equals("auc"));
    Trial chosen = result.trials().stream().filter(Trial::chosen).findFirst().orElseThrow();
    assertThat(result.trials()).allMatch(trial -> trial.value() <= chosen.value());
    assertThat(chosen.value()).isGreaterThan(0.8);
    assertThat(result.classRows().stream().mapToLong(n -> n).sum()).isEqualTo(result.trainRows());
  }
}
