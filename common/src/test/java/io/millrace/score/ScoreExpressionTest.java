package io.millrace.score;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.model.Encoders;
import io.millrace.model.Feature;
import io.millrace.model.Model;
import io.millrace.model.RandomModels;
import io.millrace.model.TreeNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The expression in Spark against the plain Java path, on rows with all that a value can be. */
class ScoreExpressionTest {

  private static final int ROWS = 4000;
  private static final List<List<Object>> VALUES = new ArrayList<>();
  private static Dataset<Row> rows;
  private static SparkSession spark;

  @BeforeAll
  static void writeRows() {
    spark = TestSpark.session();
    Encoders encoders = RandomModels.encoders();
    StructType type = new StructType().add("id", DataTypes.IntegerType);
    for (Feature feature : encoders.schema().features()) {
      type =
          type.add(
              feature.name(),
              switch (feature.kind()) {
                case NUMERIC -> DataTypes.DoubleType;
                case CATEGORY -> DataTypes.StringType;
                case BOOLEAN -> DataTypes.BooleanType;
              });
    }
    Random random = new Random(21);
    List<Row> written = new ArrayList<>();
    for (int id = 0; id < ROWS; id++) {
      List<Object> values = RandomModels.row(encoders, random);
      VALUES.add(values);
      List<Object> row = new ArrayList<>(values);
      row.add(0, id);
      written.add(RowFactory.create(row.toArray()));
    }
    String path = TestSpark.temporary("score").resolve("rows").toString();
    spark.createDataFrame(written, type).write().parquet(path);
    rows = spark.read().parquet(path);
  }

  @AfterEach
  void resetSession() {
    TestSpark.compile(false);
  }

  private static void use(String mode) {
    spark.conf().set("spark.sql.codegen.wholeStage", mode.equals("whole-stage"));
    spark
        .conf()
        .set(
            "spark.sql.codegen.factoryMode",
            mode.equals("interpreted") ? "NO_CODEGEN" : "CODEGEN_ONLY");
  }

  private static Model model(int outputs) {
    List<TreeNode> trees = RandomModels.trees(RandomModels.encoders(), 30, new Random(outputs));
    return RandomModels.model(trees, outputs);
  }

  private static List<Double> plain(Model model, List<Object> values) {
    double[] scores = new double[model.outputs()];
    model.score(RandomModels.rawRow(values), new float[model.encoders().slots()], scores);
    List<Double> list = new ArrayList<>();
    for (double score : scores) {
      list.add(score);
    }
    return list;
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole-stage", "projection", "interpreted"})
  void scoresAsPlainJavaDoes(String mode) {
    use(mode);
    Model model = model(1);
    Dataset<Row> scored =
        rows.select(col("id"), ScoreExpression.of(model, name -> col(name)).as("score"));
    assertThat(scored.queryExecution().executedPlan().toString().contains("*("))
        .isEqualTo(mode.equals("whole-stage"));
    assertThat(scored.schema().apply("score").dataType()).isEqualTo(DataTypes.DoubleType);
    List<Row> found = scored.collectAsList();
    assertThat(found).hasSize(ROWS);
    for (Row row : found) {
      assertThat(row.getDouble(1)).isEqualTo(plain(model, VALUES.get(row.getInt(0))).get(0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole-stage", "projection", "interpreted"})
  void scoresClassesAsPlainJavaDoes(String mode) {
    use(mode);
    Model model = model(3);
    Dataset<Row> scored =
        rows.select(col("id"), ScoreExpression.of(model, name -> col(name)).as("scores"));
    Map<Integer, List<Double>> found = new HashMap<>();
    for (Row row : scored.collectAsList()) {
      found.put(row.getInt(0), row.getList(1));
    }
    assertThat(found).hasSize(ROWS);
    found.forEach((id, scores) -> assertThat(scores).isEqualTo(plain(model, VALUES.get(id))));
  }

  @Test
  void scoresInFiltersAndSortsAndAlone() {
    Model model = model(1);
    Dataset<Row> likely =
        rows.filter(ScoreExpression.of(model, name -> col(name)).gt(0.5))
            .orderBy(ScoreExpression.of(model, name -> col(name)), col("id"))
            .select("id");
    List<Integer> expected = new ArrayList<>();
    Map<Integer, Double> scores = new HashMap<>();
    for (int id = 0; id < ROWS; id++) {
      scores.put(id, plain(model, VALUES.get(id)).get(0));
      if (scores.get(id) > 0.5) {
        expected.add(id);
      }
    }
    expected.sort(
        (a, b) ->
            scores.get(a).equals(scores.get(b))
                ? Integer.compare(a, b)
                : Double.compare(scores.get(a), scores.get(b)));
    List<Integer> found = new ArrayList<>();
    likely.collectAsList().forEach(row -> found.add(row.getInt(0)));
    assertThat(found).isNotEmpty().isEqualTo(expected);
  }

  @Test
  void keepsAModelOutOfThePlansText() {
    String plan =
        rows.select(ScoreExpression.of(model(1), name -> col(name)).as("score"))
            .queryExecution()
            .toString();
    assertThat(plan).contains("score(f0#").doesNotContain("Numeric[").hasSizeLessThan(6000);
  }
}
