package io.millrace.benchmarks;

import static org.apache.spark.sql.functions.col;

import io.millrace.validate.Slice;
import io.millrace.validate.ValidateContext;
import io.millrace.validate.ValidateResult;
import io.millrace.validate.Validator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Reads Parquet, measures 25 columns, judges 25 checks and collects the rows to quarantine; beside
 * it Spark's count, min, max and avg of the same columns and, if told, these with what a profile
 * has more (stddev, approx_count_distinct, percentile_approx). Each round runs all; the first one
 * warms up and isn't counted.
 *
 * <p>{@code ProfileBenchmark FOLDER ROWS ROUNDS [full]} writes the rows to {@code
 * FOLDER/rows.parquet}, unless they are there, and prints medians of seconds, by the clock and of
 * the processor.
 */
public final class ProfileBenchmark {

  private record Way(String name, Runnable run) {}

  private final SparkSession spark;
  private final String rows;

  private ProfileBenchmark(SparkSession spark, String rows) {
    this.spark = spark;
    this.rows = rows;
  }

  /** Runs the measurement. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate();
    try {
      Path rows = folder.resolve("rows.parquet");
      if (!Files.exists(rows)) {
        ProfileData.write(spark, Long.parseLong(args[1]), rows.toString());
      }
      new ProfileBenchmark(spark, rows.toString())
          .compare(Integer.parseInt(args[2]), args.length > 3);
    } finally {
      spark.stop();
    }
  }

  private Dataset<Row> rows() {
    return spark.read().parquet(rows);
  }

  private ValidateResult ours() {
    LocalDate day = LocalDate.of(2026, 1, 1);
    Slice slice = new Slice("run1", day, Instant.parse("2026-01-02T00:00:00Z"));
    return Validator.validate(
        rows(), ProfileData.checks(), ValidateContext.of("rows", List.of(slice)));
  }

  private void basic() {
    rows().select(aggregates(false)).collectAsList();
  }

  private void fuller() {
    rows().select(aggregates(true)).collectAsList();
  }

  private static Column[] aggregates(boolean full) {
    List<Column> columns = new ArrayList<>();
    for (String name : ProfileData.columns()) {
      boolean number = name.startsWith("x");
      columns.add(functions.count(col(name)));
      columns.add(functions.min(col(name)));
      columns.add(functions.max(col(name)));
      if (number) {
        columns.add(functions.avg(col(name)));
      }
      if (full) {
        columns.add(functions.approx_count_distinct(name, 0.016));
      }
      if (full && number) {
        columns.add(functions.stddev(col(name)));
        columns.add(functions.expr("percentile_approx(" + name + ", array(.05,.25,.5,.75,.95))"));
      }
    }
    return columns.toArray(Column[]::new);
  }

  private void compare(int rounds, boolean full) {
    ValidateResult found = ours();
    System.out.printf(
        "%,d rows, %d profiles, %d checks, %,d rows to quarantine%n",
        found.profiles().get(0).measures().rows(),
        found.profiles().size(),
        found.results().size(),
        found.broken().collectAsList().size());
    List<Way> ways = new ArrayList<>();
    ways.add(new Way("ours", () -> ours().broken().collectAsList()));
    ways.add(new Way("spark count, min, max, avg", this::basic));
    if (full) {
      ways.add(new Way("spark with quantiles and distinct", this::fuller));
    }
    double[][] wall = new double[ways.size()][rounds];
    double[][] cpu = new double[ways.size()][rounds];
    for (int round = -1; round < rounds; round++) {
      for (int way = 0; way < ways.size(); way++) {
        long start = System.nanoTime();
        double before = cpuSeconds();
        ways.get(way).run().run();
        if (round >= 0) {
          wall[way][round] = (System.nanoTime() - start) / 1e9;
          cpu[way][round] = cpuSeconds() - before;
        }
      }
    }
    for (int way = 0; way < ways.size(); way++) {
      System.out.printf(
          "%-34s median %.2f s, of the processor %.2f s%n",
          ways.get(way).name(), median(wall[way]), median(cpu[way]));
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Time of all processors in this process, which other processes don't lengthen. */
  private static double cpuSeconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }
}
