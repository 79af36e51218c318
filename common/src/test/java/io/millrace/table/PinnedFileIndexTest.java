package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.files.TahoeBatchFileIndex;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.junit.jupiter.api.Test;

/** What the pin's own list of files gives, beside what Delta's reader gives. */
class PinnedFileIndexTest {

  private static final List<String> FILTERS =
      List.of(
          "true",
          "day = date'2026-01-03'",
          "day >= date'2026-01-02' and day < date'2026-01-05'",
          "day in (date'2026-01-01', date'2026-01-08')",
          "year(day) = 2025",
          "day is null",
          "day is not null and amount > 20",
          "run_id = 'run1'",
          "run_id in ('run0', 'run3', 'none')",
          "run_id = 'run2' and day = date'2026-01-06'",
          "run_id = 'run2' or amount < 4.5",
          "not (run_id = 'run2')",
          "amount between 10 and 30 and id like '1%'");

  private final SparkSession spark = TestSpark.session();
  private final Path folder = TestSpark.temporary("pin 100%").resolve("a b");

  private PinnedTable table() {
    spark
        .sql(
            "select cast(id as string) id, id * 1.5 amount,"
                + " concat('run', cast(id / 10 as int)) run_id,"
                + " date_add(date'2026-01-01', cast(id / 5 as int)) `day` from range(40)")
        .repartition(3)
        .write()
        .format("delta")
        .partitionBy("day")
        .save(folder.resolve("raw/t").toString());
    return pinned();
  }

  private PinnedTable pinned() {
    return Lake.open(folder.toString(), () -> spark).latest("raw/t").orElseThrow();
  }

  private List<String> byDelta(long version, String filter) {
    return rows(
        spark
            .read()
            .format("delta")
            .option("versionAsOf", version)
            .load(folder.resolve("raw/t").toString()),
        filter);
  }

  private static List<String> rows(Dataset<Row> rows, String filter) {
    return rows.where(filter).orderBy("id").collectAsList().stream().map(Row::toString).toList();
  }

  @Test
  void everyFilterGivesWhatDeltasReaderGives() {
    PinnedTable table = table();
    assertThat(table.read().schema())
        .isEqualTo(spark.read().format("delta").load(folder.resolve("raw/t").toString()).schema());
    for (String filter : FILTERS) {
      assertThat(rows(table.read(), filter)).as(filter).isEqualTo(byDelta(table.version(), filter));
    }
    assertThat(rows(table.read(), "true")).hasSize(40);
  }

  @Test
  void oneRunsOrOneDaysFilesAreReadAlone() {
    PinnedTable table = table();
    assertThat(days(table.read().where("day = date'2026-01-03'"))).containsExactly("2026-01-03");
    assertThat(days(table.read().where("run_id = 'run1'")))
        .containsExactly("2026-01-03", "2026-01-04");
    assertThat(days(table.read().where("run_id in ('run0', 'run3')")))
        .containsExactly("2026-01-01", "2026-01-02", "2026-01-07", "2026-01-08");
    assertThat(days(table.read())).hasSize(8);
  }

  /** Days of the files that the plan's scan reads. */
  private static TreeSet<String> days(Dataset<Row> rows) {
    TreeSet<String> days = new TreeSet<>();
    var plan = rows.queryExecution().executedPlan();
    var scans = new java.util.ArrayList<org.apache.spark.sql.execution.FileSourceScanExec>();
    collect(plan, scans);
    for (var scan : scans) {
      for (var partition :
          scala.jdk.javaapi.CollectionConverters.asJava(
              scan.relation().location().listFiles(scan.partitionFilters(), scan.dataFilters()))) {
        days.add(java.time.LocalDate.ofEpochDay(partition.values().getInt(0)).toString());
      }
    }
    return days;
  }

  private static void collect(
      org.apache.spark.sql.execution.SparkPlan plan,
      List<org.apache.spark.sql.execution.FileSourceScanExec> scans) {
    if (plan instanceof org.apache.spark.sql.execution.FileSourceScanExec scan) {
      scans.add(scan);
    }
    scala.jdk.javaapi.CollectionConverters.asJava(plan.children())
        .forEach(child -> collect(child, scans));
  }

  @Test
  void anOldVersionStaysWhatItWas() {
    PinnedTable before = table();
    spark.sql("delete from delta.`" + folder.resolve("raw/t") + "` where day < date'2026-01-04'");
    assertThat(rows(before.read(), "true")).hasSize(40);
    assertThat(rows(pinned().read(), "true")).hasSize(25);
    assertThat(rows(pinned().read(), "true")).isEqualTo(byDelta(pinned().version(), "true"));
  }

  @Test
  void rowsThatADeletionVectorTakesAreGone() {
    table();
    String name = "delta.`" + folder.resolve("raw/t") + "`";
    spark.sql(
        "alter table " + name + " set tblproperties ('delta.enableDeletionVectors' = 'true')");
    int gone = new Random(7).nextInt(40);
    spark.sql("delete from " + name + " where id = '" + gone + "'");
    PinnedTable after = pinned();
    assertThat(after.logFiles()).anyMatch(DataFile::vector);
    assertThat(rows(after.read(), "true")).hasSize(39).isEqualTo(byDelta(after.version(), "true"));
  }

  @Test
  void theListComesFromThePin() {
    var plan = table().read().queryExecution().analyzed();
    HadoopFsRelation relation = (HadoopFsRelation) ((LogicalRelation) plan).relation();
    assertThat(relation.location())
        .isInstanceOf(PinnedFileIndex.class)
        .isInstanceOf(TahoeBatchFileIndex.class);
    assertThat(Arrays.asList(relation.inputFiles())).hasSizeGreaterThanOrEqualTo(8);
  }
}
