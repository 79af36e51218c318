package io.millrace.train;

import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.AlgorithmSpec;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.config.SplitSpec;
import io.millrace.config.TrainSpec;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows of a known law, with nulls in each kind of feature, and specs of small models. */
final class TrainingData {

  static final TrainSpec.Audit AUDIT = new TrainSpec.Audit(TrainSpec.OnLeak.WARN, List.of());

  static final FeatureSchema SCHEMA =
      new FeatureSchema(
          List.of(
              new Feature("x1", FeatureKind.NUMERIC),
              new Feature("x2", FeatureKind.NUMERIC),
              new Feature("empty", FeatureKind.NUMERIC),
              new Feature("city", FeatureKind.CATEGORY),
              new Feature("member", FeatureKind.BOOLEAN)));

  private static final StructType TYPE =
      new StructType()
          .add("_key", DataTypes.StringType)
          .add("x1", DataTypes.DoubleType)
          .add("x2", DataTypes.DoubleType)
          .add("empty", DataTypes.DoubleType)
          .add("city", DataTypes.StringType)
          .add("member", DataTypes.BooleanType)
          .add("label", DataTypes.DoubleType);

  private TrainingData() {}

  /** A training set of {@code rows} rows, split 70/15/15 by hash. */
  static TrainingSet of(Task task, int rows) {
    return of(task, frame(TestSpark.session(), task, rows));
  }

  /** A training set of these rows. */
  static TrainingSet of(Task task, Dataset<Row> frame) {
    List<String> classes =
        switch (task) {
          case BINARY -> List.of("no", "yes");
          case MULTI_CLASS -> List.of("low", "mid", "high");
          case REGRESSION -> List.of();
        };
    Dataset<Row> split =
        Splitter.add(frame, new SplitSpec.ByHash(0.7, 0.15, 0.15), java.time.Duration.ZERO);
    return new TrainingSet(split, SCHEMA, task, classes);
  }

  /** The rows themselves. */
  static Dataset<Row> frame(SparkSession spark, Task task, int rows) {
    Random random = new Random(11);
    List<Row> list = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double x1 = random.nextGaussian();
      double x2 = random.nextGaussian();
      int city = random.nextInt(9);
      boolean member = random.nextBoolean();
      double signal = 1.5 * x1 - x2 * x2 + 0.3 * ((city * 5) % 9) + (member ? 0.7 : 0);
      double noisy = signal + random.nextGaussian();
      list.add(
          RowFactory.create(
              "key" + i,
              random.nextInt(20) == 0 ? null : (Double) x1,
              x2,
              null,
              random.nextInt(20) == 0 ? null : "city " + city,
              random.nextInt(20) == 0 ? null : (Boolean) member,
              label(task, noisy)));
    }
    return spark.createDataFrame(list, TYPE);
  }

  private static double label(Task task, double noisy) {
    return switch (task) {
      case BINARY -> noisy > 0.8 ? 1 : 0;
      case MULTI_CLASS -> noisy < 0 ? 0 : noisy < 1.5 ? 1 : 2;
      case REGRESSION -> noisy;
    };
  }

  /** A spec of this algorithm alone. */
  static TrainSpec spec(AlgorithmSpec algorithm) {
    return spec(algorithm, 2);
  }

  /** A spec of this algorithm alone, on so many workers. */
  static TrainSpec spec(AlgorithmSpec algorithm, int workers) {
    return new TrainSpec(
        algorithm,
        Optional.empty(),
        workers,
        7,
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        AUDIT);
  }

  /** Boosting with few rounds. */
  static AlgorithmSpec.Xgboost xgboost(int rounds, Optional<Integer> earlyStopping) {
    return xgboost(rounds, earlyStopping, Optional.empty(), Map.of());
  }

  /** Boosting of a quantile, or with monotone features. */
  static AlgorithmSpec.Xgboost xgboost(
      int rounds,
      Optional<Integer> earlyStopping,
      Optional<Double> quantile,
      Map<String, AlgorithmSpec.Direction> monotone) {
    return new AlgorithmSpec.Xgboost(
        rounds, 3, 0.2, earlyStopping, 1, 0.8, 0.8, 1, 0, 0, 64, quantile, 4, 64, monotone);
  }

  /** Logistic regression with little penalty. */
  static AlgorithmSpec.Logistic logistic() {
    return new AlgorithmSpec.Logistic(1e-4, 0, 100);
  }

  /** Linear regression with little penalty. */
  static AlgorithmSpec.Linear linear() {
    return new AlgorithmSpec.Linear(1e-4, 0, 100);
  }

  /** A small forest. */
  static AlgorithmSpec.RandomForest forest() {
    return new AlgorithmSpec.RandomForest(10, 5, 2, 0.9, 32);
  }
}
