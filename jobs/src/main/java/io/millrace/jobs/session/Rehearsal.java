package io.millrace.jobs.session;

import io.millrace.config.EnvSpec;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIndex;
import io.millrace.table.RunLog;
import io.millrace.table.RunRow;
import io.millrace.table.TableVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A short program that touches what most commands touch: a session, commits to Delta tables,
 * replaced slices, joins, windows, a reading, small tables by Kernel. The launcher runs it once
 * after a build to make the archive of classes with which later starts are faster.
 */
public final class Rehearsal {

  private Rehearsal() {}

  /** Works in a temporary folder, writes nothing to the terminal, and takes the folder away. */
  public static void main(String[] args) throws IOException {
    LogFile.open(System.getenv(), Clock.systemUTC());
    Path lake = Files.createTempDirectory("millrace-rehearsal-");
    EnvSpec place =
        new EnvSpec(
            "lake",
            Optional.of("local[*]"),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of());
    Console console = new Console(Terminal.NONE, Console.Format.TEXT, System.out, System.err);
    try (Sessions sessions = new Sessions(place, console)) {
      rehearse(sessions.session(), lake);
      smallTables(lake);
    } finally {
      delete(lake);
    }
  }

  private static void rehearse(SparkSession spark, Path lake) {
    for (String name : List.of("raw", "features", "predictions")) {
      write(
          spark
              .range(100)
              .selectExpr(
                  "id",
                  "date'2026-01-01' + int(id % 2) as date",
                  "double(id % 7) as x",
                  "'a' as run_id"),
          lake.resolve(name),
          "true");
    }
    write(
        spark
            .range(50)
            .selectExpr("id", "date'2026-01-01' as date", "double(id) as x", "'b' as run_id"),
        lake.resolve("predictions"),
        "date = '2026-01-01'");
    read(spark, lake.resolve("raw")).createOrReplaceTempView("raw");
    read(spark, lake.resolve("predictions")).createOrReplaceTempView("predictions");
    spark
        .sql(
            """
            select r.date, p.run_id, count(*) as n, sum(p.x) as total,
                   max(sum(p.x)) over (partition by r.date) as most
            from raw r join predictions p on r.id = p.id group by r.date, p.run_id
            """)
        .collectAsList();
  }

  /** What commands do that start no Spark. */
  private static void smallTables(Path folder) {
    Lake lake =
        Lake.open(
            folder.toString(),
            () -> {
              throw new IllegalStateException("small tables need no session");
            });
    RunIndex index = new RunIndex(lake, "rehearsal", List.of());
    for (int i = 0; i < 11; i++) { // one more than the commits of a checkpoint
      LocalDate date = LocalDate.of(2026, 1, 1).plusDays(i);
      index.append(List.of(run(date)));
    }
    Lake still = lake.still();
    new RunLog(still).rows("rehearsal");
    PinnedTable runs = still.latest("runs").orElseThrow();
    runs.counter("none");
    still.latest("raw").orElseThrow().slices("date");
  }

  private static RunRow run(LocalDate date) {
    List<TableVersion> tables = List.of(new TableVersion("raw", 1));
    return new RunRow(
        "a",
        "rehearsal",
        "score",
        date,
        "done",
        Instant.EPOCH,
        Instant.EPOCH,
        "",
        "",
        tables,
        tables,
        1,
        1,
        0,
        "",
        List.of());
  }

  private static void write(Dataset<Row> rows, Path table, String replaced) {
    rows.write()
        .format("delta")
        .mode("overwrite")
        .partitionBy("date")
        .option("replaceWhere", replaced)
        .save(table.toString());
  }

  private static Dataset<Row> read(SparkSession spark, Path table) {
    return spark.read().format("delta").load(table.toString());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
