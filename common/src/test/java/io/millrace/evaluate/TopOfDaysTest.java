package io.millrace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.EvaluateSpec;
import io.millrace.config.EvaluateSpec.Top;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the Fraud Detection Handbook's card precision (see {@code evaluate/top.py}). */
class TopOfDaysTest {

  private static final String NAME = "precision-at-k";

  private final SparkSession spark = TestSpark.session();

  @ParameterizedTest
  @CsvSource({"5, true", "5, false", "25, true", "25, false", "100, true", "100, false"})
  void agreesWithTheHandbook(int k, boolean drop) throws IOException {
    JsonNode expected = reference("synthetic").get(k + "-" + drop);
    List<Metric> found = figures(rows(), new Top(k, Optional.of("key"), drop, true));

    assertThat(found.get(0).sliceColumn()).isEmpty();
    assertThat(found.get(0).value()).isCloseTo(expected.get("mean").asDouble(), within(1e-12));
    assertThat(found.get(0).rows()).isEqualTo(1200);
    List<Metric> days = found.subList(1, found.size());
    assertThat(days).hasSize(expected.get("days").size());
    for (int i = 0; i < days.size(); i++) {
      assertThat(days.get(i).sliceColumn()).isEqualTo("day");
      assertThat(days.get(i).sliceValue()).isEqualTo("2026-03-0" + (i + 1));
      assertThat(days.get(i).value()).isEqualTo(expected.get("days").get(i).asDouble());
    }
  }

  @Test
  void equalScoresHaveOneOrderWhateverThePartitions() {
    Dataset<Row> tied = rows().withColumn("score", org.apache.spark.sql.functions.lit(0.5));
    Top top = new Top(10, Optional.of("key"), true, true);
    List<Metric> once = figures(tied.repartition(1), top);

    assertThat(figures(tied.repartition(5), top)).isEqualTo(once);
  }

  @Test
  void rowsOfNoKeyAreLeftOut() {
    Dataset<Row> rows =
        spark.sql(
            "select double(label) label, double(score) score, key as _of_key, date('2026-03-01') as"
                + " _day from values (1, 0.9, null), (0, 0.8, 'a'), (1, 0.7, 'b') as t(label,"
                + " score, key)");
    List<Metric> found = evaluate(rows, new Top(2, Optional.of("key"), true, false));

    assertThat(found).singleElement().extracting(Metric::value).isEqualTo(0.5);
  }

  private Dataset<Row> rows() {
    String path = getClass().getResource("/evaluate/top.csv").getPath();
    return spark.read().option("header", true).option("inferSchema", true).csv(path);
  }

  private static List<Metric> figures(Dataset<Row> rows, Top top) {
    return evaluate(
        rows.selectExpr("double(label) label", "score", "day as _day", "key as _of_key"), top);
  }

  private static List<Metric> evaluate(Dataset<Row> rows, Top top) {
    EvaluateSpec spec = new EvaluateSpec(List.of(), 0.5, Optional.empty(), Optional.of(top));
    return Evaluator.evaluate(rows, Task.BINARY, List.of(), spec, OptionalDouble.empty()).stream()
        .filter(metric -> metric.metric().equals(NAME))
        .toList();
  }

  private JsonNode reference(String name) throws IOException {
    try (var in = getClass().getResourceAsStream("/evaluate/top.json")) {
      return new ObjectMapper().readTree(in).get(name);
    }
  }
}
