package io.millrace.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.UnavailableException;
import io.millrace.config.AlgorithmSpec.Direction;
import io.millrace.config.TrainSpec;
import io.millrace.config.TrainSpec.ClassWeights;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class PreflightTest {

  private static final TrainSpec XGBOOST =
      TrainingData.spec(TrainingData.xgboost(5, Optional.empty()));

  private static Dataset<Row> frame(Task task) {
    return TrainingData.frame(TestSpark.session(), task, 400);
  }

  private static void assertBadData(TrainingSet set, TrainSpec spec, String message) {
    assertThatThrownBy(() -> Trainer.train(set, spec))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  private static void assertBadSpec(Task task, TrainSpec spec, String message) {
    assertThatThrownBy(() -> Trainer.train(TrainingData.of(task, 40), spec))
        .isInstanceOf(SpecException.class)
        .hasMessage(message);
  }

  @Test
  void barrierNeedsASlotPerWorker() {
    TrainSpec spec = TrainingData.spec(TrainingData.xgboost(5, Optional.empty()), 3);
    assertThatThrownBy(() -> Preflight.check(TestSpark.session(), spec, Task.BINARY))
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "train.workers: 3 workers must run at once, but Spark (master local[2], 1 core(s) per"
                + " task) has 2 slot(s); give it more cores, or lower workers (another model)");
  }

  @Test
  void algorithmFitsTheTask() {
    assertBadSpec(
        Task.REGRESSION,
        TrainingData.spec(TrainingData.logistic()),
        "train.algorithm: logistic can't do a regression task; use linear, xgboost or"
            + " random-forest");
    assertBadSpec(
        Task.MULTI_CLASS,
        TrainingData.spec(TrainingData.linear()),
        "train.algorithm: linear can't do a multi-class task; use logistic, xgboost or"
            + " random-forest");
    assertBadSpec(
        Task.BINARY,
        TrainingData.spec(TrainingData.xgboost(5, Optional.empty(), Optional.of(0.5), Map.of())),
        "train.algorithm.quantile: a binary task has no quantiles; take it out");
    assertBadSpec(
        Task.BINARY,
        TrainingData.spec(TrainingData.xgboost(0, Optional.empty())),
        "train.algorithm.rounds: must be from 1 to 1000000, but is 0");
  }

  @Test
  void monotoneFeaturesMustHaveAnOrder() {
    assertBadSpec(
        Task.BINARY,
        TrainingData.spec(
            TrainingData.xgboost(
                5, Optional.empty(), Optional.empty(), Map.of("city", Direction.RISING))),
        "train.algorithm.monotone.city: a category has no order; name a numeric or boolean"
            + " feature");
  }

  @Test
  void classWeightsNameLabels() {
    TrainSpec spec =
        new TrainSpec(
            TrainingData.logistic(),
            Optional.empty(),
            2,
            1,
            Optional.empty(),
            Map.of(),
            Optional.of(new ClassWeights(false, Map.of("yess", 2.0))),
            Optional.empty(),
            TrainingData.AUDIT);
    assertThatThrownBy(() -> Trainer.train(TrainingData.of(Task.BINARY, 400), spec))
        .isInstanceOf(SpecException.class)
        .hasMessage("train.class-weights.weights.yess: no such label; the labels are [no, yes]");
  }

  @Test
  void labelsMustBeUsable() {
    Dataset<Row> number = frame(Task.REGRESSION);
    assertBadData(
        TrainingData.of(Task.REGRESSION, number.withColumn("label", lit(2.5))),
        XGBOOST,
        "have the label 2.5; there is nothing to learn");
    assertBadData(
        TrainingData.of(
            Task.REGRESSION,
            number.withColumn("label", when(col("x2").gt(0), Double.NaN).otherwise(col("label")))),
        XGBOOST,
        "rows have a label that is null, not finite or no class");
    assertBadData(
        TrainingData.of(Task.BINARY, frame(Task.BINARY).withColumn("label", lit(1.0))),
        XGBOOST,
        "label: rows that train have one class or none (no: 0, yes: ");
    assertBadData(
        TrainingData.of(Task.BINARY, frame(Task.BINARY).withColumn("label", lit(0.5))),
        XGBOOST,
        "have a label that is null, not finite or no class; mend the label");
  }

  @Test
  void everyWorkerNeedsRows() {
    assertBadData(
        TrainingData.of(Task.BINARY, 40), XGBOOST, "(20 at the least); lower train.workers");
    TrainingSet set = TrainingData.of(Task.BINARY, 400);
    TrainingSet noTune =
        new TrainingSet(
            set.rows().withColumn("_split", lit("train")), set.schema(), set.task(), set.classes());
    assertBadData(
        noTune,
        TrainingData.spec(TrainingData.xgboost(5, Optional.of(3))),
        "0 rows tune, too few for 2 workers, but early stopping or tune needs them");
  }

  @Test
  void tuneRowsNeedBothClasses() {
    TrainingSet set = TrainingData.of(Task.BINARY, 400);
    Dataset<Row> rows =
        set.rows()
            .withColumn("label", when(col("_split").equalTo("tune"), 0.0).otherwise(col("label")));
    assertBadData(
        new TrainingSet(rows, set.schema(), set.task(), set.classes()),
        TrainingData.spec(TrainingData.xgboost(5, Optional.of(3))),
        "label: no row that tunes has the label yes (no: ");
  }

  @Test
  void keysStandOnce() {
    Dataset<Row> frame = frame(Task.BINARY);
    Dataset<Row> twice = frame.union(frame.filter("_key = 'key0' or _key = 'key1'"));
    assertBadData(TrainingData.of(Task.BINARY, twice), XGBOOST, "train: two rows have the key key");
  }

  @Test
  void featuresDontTakeOtherColumnsNames() {
    assertThatThrownBy(
            () ->
                new TrainingSet(
                    frame(Task.BINARY),
                    new io.millrace.model.FeatureSchema(
                        java.util.List.of(
                            new io.millrace.model.Feature(
                                "label", io.millrace.config.FeaturesSpec.FeatureKind.NUMERIC))),
                    Task.BINARY,
                    java.util.List.of("no", "yes")))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "features: a feature can't be called label; give it another name by an expression");
  }
}
