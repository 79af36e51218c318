package io.millrace.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.RealData;
import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.AlgorithmSpec;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.config.TrainSpec;
import io.millrace.config.TrainSpec.ClassWeights;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import io.millrace.model.Model;
import io.millrace.model.RawRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** UCI Adult against XGBoost and scikit-learn in Python ({@code adult_reference.py}). */
class AdultReferenceTest {

  private static final List<String> NUMBERS =
      List.of("age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week");
  private static final List<String> COLUMNS =
      List.of(
          "age",
          "workclass",
          "fnlwgt",
          "education",
          "education-num",
          "marital-status",
          "occupation",
          "relationship",
          "race",
          "sex",
          "capital-gain",
          "capital-loss",
          "hours-per-week",
          "native-country");

  private TrainingSet set;
  private JsonNode reference;

  @BeforeEach
  void read() throws IOException {
    List<Feature> features = new ArrayList<>();
    for (String name : COLUMNS) {
      features.add(
          new Feature(name, NUMBERS.contains(name) ? FeatureKind.NUMERIC : FeatureKind.CATEGORY));
    }
    set =
        new TrainingSet(
            file("train").union(file("test")),
            new FeatureSchema(features),
            Task.BINARY,
            List.of("<=50K", ">50K"));
    try (var json = getClass().getResourceAsStream("adult_reference.json")) {
      reference = new ObjectMapper().readTree(json);
    }
  }

  private static Dataset<Row> file(String split) {
    Dataset<Row> raw =
        TestSpark.session()
            .read()
            .option("ignoreLeadingWhiteSpace", true)
            .option("nullValue", "?")
            .csv(RealData.at("adult").resolve("adult-" + split + ".csv").toString());
    List<Column> columns = new ArrayList<>();
    columns.add(
        concat(lit(split), monotonically_increasing_id().cast("string")).as(TrainingSet.KEY));
    for (int i = 0; i < COLUMNS.size(); i++) {
      Column column = col("_c" + i);
      columns.add(
          (NUMBERS.contains(COLUMNS.get(i)) ? column.cast("double") : column).as(COLUMNS.get(i)));
    }
    columns.add(col("_c14").startsWith(">50K").cast("double").as(TrainingSet.LABEL));
    columns.add(lit(split).as(Splitter.SPLIT));
    return raw.select(columns.toArray(Column[]::new));
  }

  private static TrainSpec spec(AlgorithmSpec algorithm, Optional<ClassWeights> weights) {
    return new TrainSpec(
        algorithm,
        Optional.empty(),
        2,
        7,
        Optional.empty(),
        Map.of(),
        weights,
        Optional.empty(),
        TrainingData.AUDIT);
  }

  @Test
  void xgboostReachesThePythonPackage() {
    AlgorithmSpec algorithm =
        new AlgorithmSpec.Xgboost(
            400,
            4,
            0.05,
            Optional.empty(),
            1,
            1,
            1,
            1,
            0,
            0,
            256,
            Optional.empty(),
            4,
            64,
            Map.of());
    compare(spec(algorithm, Optional.empty()), "xgboost", 0.001, 0.926);
  }

  @Test
  void logisticReachesScikitLearn() {
    AlgorithmSpec algorithm = new AlgorithmSpec.Logistic(1e-4, 0, 200);
    compare(spec(algorithm, Optional.empty()), "logistic", 0.001, 0.904);
  }

  @Test
  void classWeightsWorkAsScikitLearns() {
    AlgorithmSpec algorithm = new AlgorithmSpec.Logistic(1e-4, 0, 200);
    Optional<ClassWeights> weights = Optional.of(new ClassWeights(false, Map.of(">50K", 3.0)));
    compare(spec(algorithm, weights), "logistic-weighted", 0.002, 0.9);
  }

  private void compare(TrainSpec spec, String name, double tolerance, double leastAuc) {
    Model model = Trainer.train(set, spec).challenger().model();
    double[][] scored = score(model);
    JsonNode wanted = reference.get(name);
    double logLoss = 0;
    double mean = 0;
    for (double[] row : scored) {
      logLoss -= Math.log(row[1] == 1 ? row[0] : 1 - row[0]) / scored.length;
      mean += row[0] / scored.length;
    }
    double auc = RankAuc.of(List.<double[][]>of(scored));
    assertThat(auc).isCloseTo(wanted.get("auc").asDouble(), within(tolerance));
    assertThat(auc).isGreaterThanOrEqualTo(leastAuc);
    assertThat(logLoss).isCloseTo(wanted.get("log-loss").asDouble(), within(3 * tolerance));
    assertThat(mean).isCloseTo(wanted.get("mean").asDouble(), within(3 * tolerance));
  }

  /** Score, label and weight of each row of the published test file. */
  private double[][] score(Model model) {
    List<Row> rows = set.rows().filter(col(Splitter.SPLIT).equalTo("test")).collectAsList();
    double[][] scored = new double[rows.size()][];
    RawRow raw = new RawRow(COLUMNS.size());
    float[] slots = new float[model.encoders().slots()];
    double[] out = new double[1];
    for (int r = 0; r < scored.length; r++) {
      raw.clear();
      for (int i = 0; i < COLUMNS.size(); i++) {
        Object value = rows.get(r).getAs(COLUMNS.get(i));
        if (value instanceof Double number) {
          raw.setNumber(i, number);
        } else {
          raw.setText(i, (String) value);
        }
      }
      model.score(raw, slots, out);
      scored[r] = new double[] {out[0], rows.get(r).<Double>getAs(TrainingSet.LABEL), 1};
    }
    return scored;
  }
}
