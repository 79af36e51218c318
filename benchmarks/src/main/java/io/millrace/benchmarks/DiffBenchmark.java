package io.millrace.benchmarks;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.diff.TableComparison;
import io.millrace.diff.TableDiff;
import io.millrace.table.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Compares versions of a table of 20 doubles and 5 texts, partitioned in 20: 1,000 cells changed,
 * 100 rows added and 50 removed, in two partitions, then in a version that was written anew as a
 * whole; and the same rows written anew. Beside it a scan of both versions in full, and {@code
 * except} of either from the other. Each round runs all; the first isn't counted.
 *
 * <p>{@code DiffBenchmark FOLDER ROWS ROUNDS} ends with 1 where a difference isn't the one that was
 * made.
 */
public final class DiffBenchmark {

  private static final int PARTS = 20;

  private record Way(String name, Runnable run) {}

  private final SparkSession spark;
  private final Lake lake;
  private final String table;
  private final long rows;

  private DiffBenchmark(SparkSession spark, Path folder, long rows) {
    this.spark = spark;
    this.lake = Lake.open(folder.resolve("lake").toString(), () -> spark);
    this.table = folder.resolve("lake/t").toString();
    this.rows = rows;
  }

  /** Runs the measurement. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    try {
      DiffBenchmark benchmark = new DiffBenchmark(spark, folder, Long.parseLong(args[1]));
      benchmark.write();
      benchmark.compare(Integer.parseInt(args[2]));
    } finally {
      spark.stop();
    }
  }

  private Dataset<Row> first() {
    List<Column> columns = new ArrayList<>(List.of(col("id"), col("id").mod(PARTS).as("part")));
    for (int i = 0; i < 20; i++) {
      columns.add(functions.expr("double(xxhash64(id, " + i + ")) / 9e18").as("x" + i));
    }
    for (int i = 0; i < 5; i++) {
      columns.add(
          functions.expr("concat('w', abs(xxhash64(id, 'w" + i + "')) % 50000)").as("w" + i));
    }
    return spark.range(rows).select(columns.toArray(Column[]::new));
  }

  /** In partitions 3 and 4 one cell of 1,000 rows is another, 50 rows are gone, 100 are new. */
  private Dataset<Row> changed() {
    Dataset<Row> first = first();
    Column place = functions.expr("bigint(id / " + PARTS + ")");
    Column touched = col("part").isin(3, 4).and(place.lt(500));
    Dataset<Row> kept =
        first
            .where(functions.not(col("part").equalTo(3).and(place.geq(500)).and(place.lt(550))))
            .withColumn("x7", functions.when(touched, col("x7").plus(1)).otherwise(col("x7")));
    Dataset<Row> added =
        first
            .where(col("part").equalTo(4).and(place.geq(600)).and(place.lt(700)))
            .withColumn("id", col("id").plus(rows * PARTS));
    return kept.unionByName(added);
  }

  private void write() {
    save(first(), "");
    save(changed(), "part in (3, 4)");
    save(changed().repartition(PARTS, col("id")), "");
    save(changed(), "");
  }

  private void save(Dataset<Row> data, String where) {
    var writer = data.write().format("delta").mode("overwrite").partitionBy("part");
    if (where.isEmpty()) {
      writer.save(table);
    } else {
      data.where(where)
          .write()
          .format("delta")
          .mode("overwrite")
          .option("replaceWhere", where)
          .save(table);
    }
  }

  private void compare(int rounds) {
    List<Way> ways =
        List.of(
            new Way("diff, 2 of 20 partitions", () -> expect(0, 1, 100, 50, 1000)),
            new Way("diff, all written anew", () -> expect(0, 2, 100, 50, 1000)),
            new Way("diff, the same rows anew", () -> expect(2, 3, 0, 0, 0)),
            new Way(
                "both versions read in full",
                () -> scan(0).unionAll(scan(2)).agg(functions.max("h"), count(lit(1))).head()),
            new Way("except, either way", this::except));
    double[][] seconds = new double[ways.size()][rounds];
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < ways.size(); i++) {
        long start = System.nanoTime();
        ways.get(i).run().run();
        if (round >= 0) {
          seconds[i][round] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    for (int i = 0; i < ways.size(); i++) {
      Arrays.sort(seconds[i]);
      System.out.printf(Locale.ROOT, "%-28s %6.2f s%n", ways.get(i).name(), seconds[i][rounds / 2]);
    }
  }

  private void expect(long before, long after, long added, long removed, long changed) {
    TableDiff diff =
        new TableComparison(lake.at("t", before), lake.at("t", after), List.of("id"), false)
            .diff(20);
    if (diff.added() != added || diff.removed() != removed || diff.changed() != changed) {
      System.err.printf(
          "%d added, %d removed, %d changed%n", diff.added(), diff.removed(), diff.changed());
      System.exit(1);
    }
  }

  private Dataset<Row> scan(long version) {
    Dataset<Row> all = lake.at("t", version).read();
    return all.select(
        xxhash64(Arrays.stream(all.columns()).map(functions::col).toArray(Column[]::new)).as("h"));
  }

  private void except() {
    Dataset<Row> before = lake.at("t", 0).read();
    Dataset<Row> after = lake.at("t", 2).read();
    long gone = before.exceptAll(after).count();
    long come = after.exceptAll(before).count();
    if (gone != 1050 || come != 1100) {
      System.err.println(gone + " and " + come);
      System.exit(1);
    }
  }
}
