package io.millrace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.EvaluateSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class EvaluatorTest {

  private final SparkSession spark = TestSpark.session();

  @Test
  void listsAllRowsFirstThenSlicesInTheOrderOfTheSpec() {
    Dataset<Row> rows =
        rows(
            "(1.0, 0.9, true, 2), (0.0, 0.1, null, 1), (1.0, 0.4, false, 2), (0.0, -0.0, null, 1)");
    List<Metric> metrics = evaluate(rows, Task.BINARY, "zone", "flag");
    assertThat(metrics.stream().map(m -> m.sliceColumn() + "=" + m.sliceValue()).distinct())
        .containsExactly("=", "zone=1", "zone=2", "flag=(null)", "flag=false", "flag=true");
    assertThat(names(metrics, "zone", "1"))
        .as("what is undefined with one class is absent")
        .contains("rows", "log-loss", "false-positive-rate", "base-rate")
        .doesNotContain("auc", "average-precision", "precision", "recall", "f1", "value");
    assertThat(names(metrics, "", "")).contains("auc", "precision", "f1");
  }

  @Test
  void hasTheFiguresOfTheSameRowsInMemory() {
    Dataset<Row> rows =
        rows("(1.0, 0.9, true, 2), (0.0, 0.6, null, 1), (1.0, 0.6, false, 2), (0.0, 0.2, null, 1)");
    double[] scores = {0.2, 0.6, 0.9, 0.6};
    boolean[] positive = {false, true, true, false};
    assertThat(evaluate(rows, Task.BINARY))
        .isEqualTo(BinaryMetrics.of(scores, positive, 0.5).metrics(Slice.ALL, spec()));
  }

  @Test
  void countsAQuantilesCoverageOnlyForAQuantile() {
    Dataset<Row> rows = rows("(1.0, 2.0, true, 1), (3.0, 2.0, true, 1)");
    assertThat(names(evaluate(rows, Task.REGRESSION), "", ""))
        .containsExactly("rows", "rmse", "mae", "wape", "r2", "mean-error", "pinball");
    List<Metric> ofQuantile =
        Evaluator.evaluate(rows, Task.REGRESSION, List.of(), spec(), OptionalDouble.of(0.5));
    assertThat(names(ofQuantile, "", "")).endsWith("pinball", "coverage");
  }

  @Test
  void refusesASliceColumnThatIsNotThere() {
    assertThatThrownBy(() -> evaluate(rows("(1.0, 0.9, true, 2)"), Task.BINARY, "zones"))
        .isInstanceOf(SpecException.class)
        .hasMessage("evaluate.slices: no column `zones`; did you mean `zone`?");
  }

  @Test
  void refusesASliceColumnWithTooManyValues() {
    Dataset<Row> rows = spark.range(3000).selectExpr("1.0d as label", "0.5d as score", "id");
    assertThatThrownBy(() -> evaluate(rows, Task.BINARY, "id"))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "evaluate\\.slices: column `id` has about \\d{4} values, more than 1000; slice by a"
                + " column with fewer");
  }

  @Test
  void refusesNoRows() {
    assertThatThrownBy(() -> evaluate(rows("(1.0, 0.9, true, 2)").where("false"), Task.BINARY))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "evaluate: there are no held-out rows with a label; give `split` a greater test share"
                + " or choose a later date");
  }

  @Test
  void refusesRowsThatCannotBeJudged() {
    Dataset<Row> binary =
        rows(
            "(1.0, 0.9, true, 2), (2.0, 0.1, true, 1), (1.0, 1.1, true, 1), (null, 0.5, true, 1),"
                + " (0.0, double('NaN'), true, 1), (1.0, null, true, 1)");
    assertThatThrownBy(() -> evaluate(binary, Task.BINARY))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "evaluate: 5 of 6 held-out rows can't be judged; a label is 0 or 1, a score a"
                + " probability");
    Dataset<Row> regression =
        rows(
            "(1.0, 0.9, true, 2), (double('Infinity'), 0.1, true, 1), (1.0, double('NaN'), true,"
                + " 1)");
    assertThatThrownBy(() -> evaluate(regression, Task.REGRESSION))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "evaluate: 2 of 3 held-out rows can't be judged; label and score are finite numbers");
    Dataset<Row> classes =
        spark.sql(
            "select * from values (0.0d, array(0.4d, 0.6d)), (2.0d, array(0.4d, 0.6d)),"
                + " (0.5d, array(0.4d, 0.6d)), (1.0d, array(0.4d)), (1.0d, array(0.4d, null)),"
                + " (1.0d, array(0.4d, double('NaN'))) as t(label, score)");
    assertThatThrownBy(() -> evaluate(classes, Task.MULTI_CLASS))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "evaluate: 5 of 6 held-out rows can't be judged; a label is a whole number from 0 to 1,"
                + " a score 2 probabilities");
  }

  @Test
  void knowsEveryMetricThatItMakes() {
    Dataset<Row> rows = rows("(1.0, 0.9, true, 2), (0.0, 0.6, null, 1), (1.0, 0.6, false, 2)");
    EvaluateSpec valued =
        new EvaluateSpec(
            List.of(),
            0.5,
            Optional.of(new EvaluateSpec.Value(1, -1, -1, 0)),
            Optional.of(new EvaluateSpec.Top(1, Optional.of("zone"), true, false)));
    List<Metric> metrics = new ArrayList<>();
    Dataset<Row> dated = rows.selectExpr("*", "date('2026-03-01') as _day", "zone as _of_key");
    metrics.addAll(
        Evaluator.evaluate(dated, Task.BINARY, List.of(), valued, OptionalDouble.empty()));
    metrics.addAll(
        Evaluator.evaluate(dated, Task.REGRESSION, List.of(), valued, OptionalDouble.of(0.9)));
    Dataset<Row> classes = rows.selectExpr("label", "array(1 - score, score) as score");
    metrics.addAll(evaluate(classes, Task.MULTI_CLASS));
    assertThat(metrics).allMatch(m -> KnownMetric.find(m.metric()).isPresent());
    assertThat(metrics.stream().map(m -> KnownMetric.find(m.metric()).orElseThrow()).distinct())
        .containsExactlyInAnyOrder(KnownMetric.values());
    assertThat(KnownMetric.nearest("averge-precison")).isEqualTo("average-precision");
    assertThat(KnownMetric.find("rmse:yes")).isEmpty();
  }

  private Dataset<Row> rows(String values) {
    return spark.sql(
        "select double(label) label, double(score) score, flag, zone from values "
            + values
            + " as t(label, score, flag, zone)");
  }

  private static List<Metric> evaluate(Dataset<Row> rows, Task task, String... slices) {
    return Evaluator.evaluate(
        rows, task, List.of("no", "yes"), spec(slices), OptionalDouble.empty());
  }

  private static EvaluateSpec spec(String... slices) {
    return new EvaluateSpec(Arrays.asList(slices), 0.5, Optional.empty(), Optional.empty());
  }

  private static List<String> names(List<Metric> metrics, String column, String value) {
    return metrics.stream()
        .filter(m -> m.sliceColumn().equals(column) && m.sliceValue().equals(value))
        .map(Metric::metric)
        .toList();
  }
}
