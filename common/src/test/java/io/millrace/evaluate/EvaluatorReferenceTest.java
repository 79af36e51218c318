package io.millrace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.EvaluateSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against scikit-learn's figures (see {@code evaluate/reference.py}), whatever the partitions. */
class EvaluatorReferenceTest {

  private static final String COALESCE = "spark.sql.adaptive.coalescePartitions.enabled";
  private static final double TOLERANCE = 1e-12;
  private static final EvaluateSpec SPEC =
      new EvaluateSpec(
          List.of("region", "code"),
          0.4,
          Optional.of(new EvaluateSpec.Value(60, -10, -100, 0.5)),
          Optional.empty());

  private final SparkSession spark = TestSpark.session();

  /** Small data would all land in one partition, and the merging of partitions go untried. */
  @BeforeEach
  void keepPartitions() {
    spark.conf().set(COALESCE, false);
  }

  @AfterEach
  void restore() {
    spark.conf().unset(COALESCE);
  }

  @ParameterizedTest
  @EnumSource(Task.class)
  void agreesWithScikitLearn(Task task) throws IOException {
    JsonNode reference;
    try (var in = getClass().getResourceAsStream("/evaluate/reference.json")) {
      reference = new ObjectMapper().readTree(in).get(name(task));
    }
    TreeMap<String, Metric> found = new TreeMap<>();
    for (Metric metric : evaluate(rows(task), task)) {
      String slice = metric.sliceColumn() + "|" + metric.sliceValue();
      found.put(slice + " " + metric.metric(), metric);
      assertThat(metric.rows()).isEqualTo(reference.get(slice).get("rows").get(0).asLong());
    }
    TreeMap<String, JsonNode> expected = new TreeMap<>();
    for (Map.Entry<String, JsonNode> slice : reference.properties()) {
      for (Map.Entry<String, JsonNode> metric : slice.getValue().properties()) {
        expected.put(slice.getKey() + " " + metric.getKey(), metric.getValue());
      }
    }
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    found.forEach((key, metric) -> assertSame(key, metric, expected.get(key)));
  }

  @ParameterizedTest
  @EnumSource(Task.class)
  void hasTheSameBitsWhateverTheOrderAndThePartitions(Task task) {
    Dataset<Row> rows = rows(task);
    List<Metric> once = evaluate(rows.repartition(1), task);
    assertThat(evaluate(rows.repartition(3), task)).isEqualTo(once);
    List<Row> shuffled = new ArrayList<>(rows.collectAsList());
    Collections.shuffle(shuffled, new Random(3));
    Dataset<Row> other = spark.createDataFrame(shuffled, rows.schema());
    assertThat(evaluate(other.repartition(7), task)).isEqualTo(once);
    spark.conf().set(COALESCE, true);
    assertThat(evaluate(other, task)).isEqualTo(once);
  }

  private static void assertSame(String key, Metric found, JsonNode expected) {
    assertThat(found.value()).as(key).isCloseTo(expected.get(0).asDouble(), tolerance(expected, 0));
    assertThat(found.low().isPresent()).as(key + " has an interval").isEqualTo(expected.size() > 1);
    if (expected.size() > 1) {
      double low = expected.get(1).asDouble();
      assertThat(found.low().getAsDouble()).as(key).isCloseTo(low, tolerance(expected, 1));
      double high = expected.get(2).asDouble();
      assertThat(found.high().getAsDouble()).as(key).isCloseTo(high, tolerance(expected, 2));
    }
  }

  private static Offset<Double> tolerance(JsonNode expected, int i) {
    return within(TOLERANCE * Math.max(1, Math.abs(expected.get(i).asDouble())));
  }

  private static List<Metric> evaluate(Dataset<Row> rows, Task task) {
    OptionalDouble quantile =
        task == Task.REGRESSION ? OptionalDouble.of(0.9) : OptionalDouble.empty();
    return Evaluator.evaluate(rows, task, List.of("c0", "c1", "c2", "c3"), SPEC, quantile);
  }

  private Dataset<Row> rows(Task task) {
    String path = getClass().getResource("/evaluate/" + name(task) + ".csv").getPath();
    Dataset<Row> rows = spark.read().option("header", true).option("inferSchema", true).csv(path);
    return task == Task.MULTI_CLASS
        ? rows.selectExpr("label", "array(p0, p1, p2, p3) as score", "region", "code")
        : rows;
  }

  private static String name(Task task) {
    return task.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
