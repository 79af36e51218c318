package io.millrace.benchmarks;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import io.millrace.model.Model;
import io.millrace.score.ScoreExpression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassificationModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads Parquet, scores, writes Parquet: ours, XGBoost4J-Spark's {@code transform} with the same
 * booster, and the sum of all columns, which is what reading and writing alone cost. Each round
 * runs all three, each round begins with another one; the first round warms up and isn't counted.
 *
 * <p>{@code ScoringBenchmark compare ROWS ROUNDS} prints seconds by round, and medians; {@code
 * ScoringBenchmark memory ROWS} scores once, ours only, and prints the process's greatest resident
 * memory (Linux).
 */
public final class ScoringBenchmark {

  private record Way(String name, UnaryOperator<Dataset<Row>> score) {}

  private final SparkSession spark;
  private final Path folder;
  private final Model model;

  /** Kept as long as it is used: its booster frees the native memory when it is collected. */
  private final XGBoostClassificationModel peer;

  private ScoringBenchmark(SparkSession spark, Path folder) throws XGBoostError {
    this.spark = spark;
    this.folder = folder;
    Booster booster = ScoringData.booster();
    model = ScoringData.model(booster);
    peer =
        new XGBoostClassificationModel(
            "peer", 2, new ml.dmlc.xgboost4j.scala.Booster(booster), scala.Option.empty());
    peer.set(peer.featuresCol(), "features");
  }

  /** Runs one measurement. */
  public static void main(String[] args) throws IOException, XGBoostError {
    Path folder = Files.createTempDirectory("millrace-scoring");
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate();
    try {
      long rows = Long.parseLong(args[1]);
      ScoringBenchmark benchmark = new ScoringBenchmark(spark, folder);
      ScoringData.write(spark, rows, folder.resolve("rows").toString());
      if (args[0].equals("memory")) {
        benchmark.memory(rows);
      } else {
        benchmark.compare(Integer.parseInt(args[2]));
      }
    } finally {
      spark.stop();
      org.apache.commons.io.FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private Dataset<Row> rows() {
    return spark.read().parquet(folder.resolve("rows").toString());
  }

  private Dataset<Row> ours(Dataset<Row> rows) {
    return rows.select(col("id"), ScoreExpression.of(model, name -> col(name)).as("score"));
  }

  private Dataset<Row> theirs(Dataset<Row> rows) {
    VectorAssembler assembler =
        new VectorAssembler()
            .setInputCols(ScoringData.columns().toArray(String[]::new))
            .setOutputCol("features");
    Column probability = functions.vector_to_array(col("probability"), "float64");
    return peer.transform(assembler.transform(rows))
        .select(col("id"), probability.getItem(1).as("score"));
  }

  private static Dataset<Row> sum(Dataset<Row> rows) {
    Column sum = ScoringData.columns().stream().map(c -> col(c)).reduce(Column::plus).orElseThrow();
    return rows.select(col("id"), sum.as("score"));
  }

  private void compare(int rounds) {
    System.out.printf("greatest relative difference from XGBoost: %.2e%n", difference());
    List<Way> ways =
        List.of(
            new Way("ours", this::ours),
            new Way("xgboost4j-spark", this::theirs),
            new Way("sum", ScoringBenchmark::sum));
    double[][] seconds = new double[ways.size()][rounds];
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < ways.size(); i++) {
        int way = (i + round + 1) % ways.size();
        double time = seconds(ways.get(way));
        if (round >= 0) {
          seconds[way][round] = time;
        }
      }
    }
    print(ways, seconds);
  }

  private static void print(List<Way> ways, double[][] seconds) {
    for (int way = 0; way < ways.size(); way++) {
      System.out.printf(
          "%-16s median %.2f s, rounds %s%n",
          ways.get(way).name(), median(seconds[way]), rounded(seconds[way]));
    }
    for (int way = 1; way < ways.size(); way++) {
      double[] ratios = new double[seconds[0].length];
      for (int round = 0; round < ratios.length; round++) {
        ratios[round] = seconds[way][round] / seconds[0][round];
      }
      System.out.printf(
          "%s / ours: median %.2f, rounds %s%n",
          ways.get(way).name(), median(ratios), rounded(ratios));
    }
  }

  private double seconds(Way way) {
    long start = System.nanoTime();
    way.score()
        .apply(rows())
        .write()
        .mode("overwrite")
        .parquet(folder.resolve("scored-" + way.name()).toString());
    return (System.nanoTime() - start) / 1e9;
  }

  private double difference() {
    Dataset<Row> some = rows().limit(20_000);
    return ours(some)
        .join(theirs(some).withColumnRenamed("score", "theirs"), "id")
        .select(max(abs(col("score").divide(col("theirs")).minus(1))))
        .head()
        .getDouble(0);
  }

  /** In a heap of fixed size: what stays after collections must not grow with the rows. */
  private void memory(long rows) throws IOException {
    LiveHeap live = LiveHeap.watch();
    seconds(new Way("ours", this::ours));
    System.out.printf("%,d rows: most heap in use after a collection %s%n", rows, live.most());
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM")) {
        System.out.printf(
            "%,d rows: greatest resident memory %s%n", rows, line.substring(6).trim());
      }
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static List<String> rounded(double[] values) {
    List<String> texts = new ArrayList<>();
    for (double value : values) {
      texts.add("%.2f".formatted(value));
    }
    return texts;
  }
}
