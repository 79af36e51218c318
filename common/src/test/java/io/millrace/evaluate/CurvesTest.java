package io.millrace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.DataException;
import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.model.Encoder;
import io.millrace.model.Encoders;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import io.millrace.model.Forest;
import io.millrace.model.Link;
import io.millrace.model.Model;
import io.millrace.model.Numbers;
import io.millrace.model.Predictor;
import io.millrace.model.TreeNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against scikit-learn and pandas (see {@code evaluate/curves_reference.py}). */
class CurvesTest {

  private static final Offset<Double> EXACT = within(1e-12);
  private static final String COALESCE = "spark.sql.adaptive.coalescePartitions.enabled";
  private static final List<String> CLASSES = List.of("no", "yes");

  private final SparkSession spark = TestSpark.session();
  private JsonNode reference;

  @BeforeEach
  void read() throws IOException {
    spark.conf().set(COALESCE, false);
    try (var in = getClass().getResourceAsStream("/evaluate/curves_reference.json")) {
      reference = new ObjectMapper().readTree(in);
    }
  }

  @AfterEach
  void restore() {
    spark.conf().unset(COALESCE);
  }

  private List<Row> rows(String label) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < reference.get("score").size(); i++) {
      double y = reference.get(label).get(i).asDouble();
      rows.add(RowFactory.create(y, reference.get("score").get(i).asDouble()));
    }
    return rows;
  }

  private Dataset<Row> scored(List<Row> rows, int partitions) {
    StructType schema = new StructType().add("label", "double").add("score", "double");
    return spark.createDataFrame(rows, schema).repartition(partitions);
  }

  private static List<CurvePoint> of(String curve, List<CurvePoint> points) {
    return points.stream().filter(point -> point.curve().equals(curve)).toList();
  }

  @Test
  void pointsOfTwoClassesAreThoseOfScikitLearn() {
    List<CurvePoint> points = Curves.of(scored(rows("label"), 3), Task.BINARY, CLASSES, 0.3);

    for (String curve : List.of("roc", "precision-recall")) {
      List<CurvePoint> found = of(curve, points);
      assertThat(found).hasSizeBetween(40, 201);
      for (CurvePoint point : found.subList(1, found.size())) {
        JsonNode expected = reference.get(curve).get(point.label());
        assertThat(point.x()).isCloseTo(expected.get(0).asDouble(), EXACT);
        assertThat(point.y()).isCloseTo(expected.get(1).asDouble(), EXACT);
      }
    }
    List<CurvePoint> gain = of("gain", points);
    assertThat(gain.get(gain.size() - 1)).returns(1.0, CurvePoint::x).returns(1.0, CurvePoint::y);
    assertThat(gain.get(1).rows()).isEqualTo(Math.round(gain.get(1).x() * 700));
    assertThat(of("confusion", points))
        .extracting(CurvePoint::rows)
        .containsExactly(
            reference.at("/confusion/0/0").asLong(),
            reference.at("/confusion/0/1").asLong(),
            reference.at("/confusion/1/0").asLong(),
            reference.at("/confusion/1/1").asLong());
    assertThat(of("confusion", points))
        .extracting(CurvePoint::label)
        .containsExactly("no", "no", "yes", "yes");
  }

  @Test
  void calibrationIsByTenthsOfTheRows() {
    List<CurvePoint> found =
        of("calibration", Curves.of(scored(rows("label"), 2), Task.BINARY, CLASSES, 0.3));

    JsonNode expected = reference.get("calibration");
    assertThat(found).hasSize(expected.size());
    for (int i = 0; i < found.size(); i++) {
      JsonNode bin = expected.get(expected.size() - 1 - i);
      assertThat(found.get(i).x()).isCloseTo(bin.get(0).asDouble(), EXACT);
      assertThat(found.get(i).y()).isCloseTo(bin.get(1).asDouble(), EXACT);
      assertThat(found.get(i).rows()).isEqualTo(bin.get(2).asLong());
    }
  }

  @Test
  void aRegressionIsCalibratedByTenths() {
    List<CurvePoint> found = Curves.of(scored(rows("number"), 3), Task.REGRESSION, List.of(), 0);

    assertThat(found).hasSizeBetween(8, 10).allMatch(p -> p.curve().equals("calibration"));
    assertThat(found.stream().mapToLong(CurvePoint::rows).sum()).isEqualTo(700);
    for (int i = 1; i < found.size(); i++) {
      assertThat(found.get(i).x()).isGreaterThan(found.get(i - 1).x());
    }
    double mean = found.stream().mapToDouble(p -> p.y() * p.rows()).sum() / 700;
    double expected =
        rows("number").stream().mapToDouble(row -> row.getDouble(0)).average().orElseThrow();
    assertThat(mean).isCloseTo(expected, EXACT);
  }

  @Test
  void theSameBitsWhateverThePartitionsAndTheOrder() {
    List<Row> rows = rows("label");
    List<CurvePoint> expected = Curves.of(scored(rows, 1), Task.BINARY, CLASSES, 0.3);
    Collections.shuffle(rows, new Random(3));
    assertThat(Curves.of(scored(rows, 7), Task.BINARY, CLASSES, 0.3)).isEqualTo(expected);

    List<Row> numbers = rows("number");
    List<CurvePoint> straight = Curves.of(scored(numbers, 1), Task.REGRESSION, List.of(), 0);
    Collections.shuffle(numbers, new Random(3));
    assertThat(Curves.of(scored(numbers, 5), Task.REGRESSION, List.of(), 0)).isEqualTo(straight);
  }

  @Test
  void manyClassesHaveConfusionAndCalibrationOfTheWinner() {
    StructType schema = new StructType().add("label", "double").add("score", "array<double>");
    List<Row> rows =
        List.of(
            RowFactory.create(0.0, new double[] {0.7, 0.2, 0.1}),
            RowFactory.create(1.0, new double[] {0.6, 0.3, 0.1}),
            RowFactory.create(1.0, new double[] {0.1, 0.8, 0.1}),
            RowFactory.create(2.0, new double[] {0.2, 0.3, 0.5}));

    List<CurvePoint> points =
        Curves.of(
            spark.createDataFrame(rows, schema), Task.MULTI_CLASS, List.of("a", "b", "c"), 0.5);

    assertThat(of("confusion", points))
        .hasSize(9)
        .contains(new CurvePoint("confusion", 1, 0, "b", 1))
        .contains(new CurvePoint("confusion", 1, 1, "b", 1))
        .contains(new CurvePoint("confusion", 2, 0, "c", 0));
    assertThat(of("calibration", points))
        .containsExactly(
            new CurvePoint("calibration", 0.5, 1, "", 1),
            new CurvePoint("calibration", 0.6, 0, "", 1),
            new CurvePoint("calibration", 0.7, 1, "", 1),
            new CurvePoint("calibration", 0.8, 1, "", 1));
  }

  @Test
  void oneClassAloneHasNoRocAndNoRowsAreAnError() {
    List<Row> negatives = List.of(RowFactory.create(0.0, 0.4), RowFactory.create(0.0, 0.2));

    List<CurvePoint> points = Curves.of(scored(negatives, 1), Task.BINARY, CLASSES, 0.3);

    assertThat(points).extracting(CurvePoint::curve).doesNotContain("roc", "gain");
    assertThat(of("calibration", points)).hasSize(2).allMatch(point -> point.y() == 0);
    assertThatThrownBy(() -> Curves.of(scored(List.of(), 1), Task.BINARY, CLASSES, 0.3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no held-out rows with a label");
  }

  @Test
  void importanceOfATreeOnItsTrainingRowsIsScikitLearns() {
    JsonNode tree = reference.get("tree");
    StructType schema = new StructType();
    List<Feature> features = new ArrayList<>();
    for (String name : List.of("a", "b", "c.d", "e")) {
      schema = schema.add(name, "double");
      features.add(new Feature(name, FeatureKind.NUMERIC));
    }
    Encoders encoders =
        new Encoders(new FeatureSchema(features), Collections.nCopies(4, Encoder.Numeric.AS_IS));
    Forest forest = Forest.of(List.of(node(tree, 0)), List.of(0), 1);
    Predictor predictor = new Predictor.Trees(forest, Numbers.of(0), Link.IDENTITY, 4);
    List<Row> rows = new ArrayList<>();
    for (JsonNode x : tree.get("x")) {
      rows.add(
          RowFactory.create(
              x.get(0).asDouble(), x.get(1).asDouble(), x.get(2).asDouble(), x.get(3).asDouble()));
    }

    List<CurvePoint> found =
        Importances.of(
            spark.createDataFrame(rows, schema).repartition(3),
            new Model(Task.REGRESSION, List.of(), encoders, predictor));

    assertThat(found.get(0).label()).isEqualTo("a");
    for (CurvePoint point : found) {
      int index = List.of("a", "b", "c.d", "e").indexOf(point.label());
      assertThat(point.y()).isCloseTo(tree.get("importance").get(index).asDouble(), within(1e-9));
    }
    assertThat(found.stream().mapToDouble(CurvePoint::y).sum()).isCloseTo(1, EXACT);
  }

  private static TreeNode node(JsonNode tree, int i) {
    if (tree.get("left").get(i).asInt() < 0) {
      return new TreeNode.Leaf(Numbers.of(tree.get("value").get(i).asDouble()));
    }
    return TreeNode.Split.atMost(
        tree.get("feature").get(i).asInt(),
        tree.get("threshold").get(i).asDouble(),
        true,
        node(tree, tree.get("left").get(i).asInt()),
        node(tree, tree.get("right").get(i).asInt()));
  }

  @Test
  void importanceOfALinearModelIsTheVarianceOfEachTerm() {
    StructType schema = new StructType().add("x", "double").add("flag", "boolean");
    List<Row> rows =
        List.of(
            RowFactory.create(0.0, true),
            RowFactory.create(2.0, false),
            RowFactory.create(0.0, true),
            RowFactory.create(2.0, false));
    FeatureSchema features =
        new FeatureSchema(
            List.of(
                new Feature("x", FeatureKind.NUMERIC), new Feature("flag", FeatureKind.BOOLEAN)));
    Encoders encoders =
        new Encoders(features, List.of(Encoder.Numeric.AS_IS, new Encoder.Flag(Double.NaN)));
    Predictor predictor = new Predictor.Linear(Numbers.of(1, 4), Numbers.of(0.5), Link.IDENTITY);

    List<CurvePoint> found =
        Importances.of(
            spark.createDataFrame(rows, schema),
            new Model(Task.REGRESSION, List.of(), encoders, predictor));

    assertThat(found)
        .containsExactly(
            new CurvePoint("importance", 0, 0.8, "flag", 0),
            new CurvePoint("importance", 0, 0.2, "x", 0));
  }
}
