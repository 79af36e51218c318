package io.millrace.table;

import static io.millrace.table.TableDefinition.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.TestSpark;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compare-and-swap of slices on a real Delta table. */
class SlicePublisherTest {

  private static final String JAN = "2026-01-01";
  private static final String FEB = "2026-02-01";

  private final SparkSession spark = TestSpark.session();
  private Lake lake;

  @BeforeEach
  void newLake() {
    lake = Lake.open(TestSpark.temporary("lake").toString(), () -> spark);
  }

  @Test
  void replacesExactlyItsSlice() {
    publish(JAN, "a".repeat(32), 3);
    publish(FEB, "b".repeat(32), 2);
    publish(JAN, "c".repeat(32), 1);

    PinnedTable table = lake.latest("features/t").orElseThrow();
    assertThat(table.slices("date").keySet()).containsExactly(JAN, FEB);
    assertThat(table.slice("date", JAN).runIds()).containsExactly("c".repeat(32));
    assertThat(table.slice("date", JAN).rows()).isEqualTo(1);
    assertThat(table.slice("date", FEB).runIds()).containsExactly("b".repeat(32));
    assertThat(table.holds("date", JAN, "c".repeat(32))).isTrue();
    assertThat(table.holds("date", JAN, "a".repeat(32))).isFalse();
    assertThat(table.read().count()).isEqualTo(3);
    assertThat(lake.at("features/t", 1).read().count()).isEqualTo(3);
  }

  @Test
  void anEmptySliceIsACommitThatIsKnownAgain() {
    publish(JAN, "a".repeat(32), 3);
    publish(JAN, "b".repeat(32), 0);

    PinnedTable table = lake.latest("features/t").orElseThrow();
    assertThat(table.holds("date", JAN, "b".repeat(32))).isTrue();
    assertThat(table.holds("date", JAN, "a".repeat(32))).isFalse();
    assertThat(table.read().count()).isZero();
    publish(JAN, "c".repeat(32), 1);
    assertThat(lake.latest("features/t").orElseThrow().holds("date", JAN, "b".repeat(32)))
        .isFalse();
  }

  @Test
  void aWriterInBetweenMakesTheOtherLose() {
    SliceState never = SliceState.empty(JAN);
    replace(never, "a".repeat(32), 3);
    assertThatThrownBy(() -> replace(never, "b".repeat(32), 3))
        .isInstanceOf(LostRaceException.class)
        .hasMessage("2026-01-01: written since its inputs were resolved");
    assertThat(lake.latest("features/t").orElseThrow().read().count()).isEqualTo(3);
  }

  @Test
  void manySlicesGoInOneCommit() {
    List<SliceState> slices = List.of(SliceState.empty(JAN), SliceState.empty(FEB));
    Dataset<Row> rows = rows(JAN, "a".repeat(32), 2).union(rows(FEB, "b".repeat(32), 3));
    SlicePublisher.Published published =
        SlicePublisher.replace(
            lake,
            definition(),
            rows,
            slices,
            List.of(run(JAN, "a".repeat(32)), run(FEB, "b".repeat(32))));
    assertThat(published.version()).isEqualTo(1);
    assertThat(published.runs()).extracting(RunRow::rowsOut).containsExactly(2L, 3L);
    PinnedTable table = lake.latest("features/t").orElseThrow();
    assertThat(table.holds("date", FEB, "b".repeat(32))).isTrue();
  }

  @Test
  void aCompactedTableStillTellsItsRuns() {
    publish(JAN, "a".repeat(32), 3);
    Dataset<Row> more = rows(JAN, "b".repeat(32), 2);
    SlicePublisher.append(lake, definition(), more, "more", 0, List.of(run(JAN, "b")));
    assertThatThrownBy(
            () ->
                SlicePublisher.append(lake, definition(), more, "more", 0, List.of(run(JAN, "b"))))
        .isInstanceOf(LostRaceException.class)
        .hasMessage("more: counter 1, expected 0");
    spark.sql("OPTIMIZE delta.`" + lake.path("features/t") + "`");
    PinnedTable table = lake.latest("features/t").orElseThrow();
    assertThat(table.files()).hasSize(1);
    assertThat(table.slice("date", JAN).runIds()).containsExactly("a".repeat(32), "b".repeat(32));
  }

  @Test
  void theContractStandsInTheLogFromTheFirstVersion() {
    publish(JAN, "a".repeat(32), 1);
    assertThat(lake.at("features/t", 0).properties())
        .containsEntry("delta.logRetentionDuration", "interval 36500 days")
        .containsEntry("delta.deletedFileRetentionDuration", "interval 36500 days")
        .containsEntry("delta.enableExpiredLogCleanup", "false")
        .containsEntry("delta.checkpoint.writeStatsAsJson", "true")
        .containsEntry("delta.dataSkippingStatsColumns", "run_id");
    assertThat(
            spark
                .sql("DESCRIBE delta.`" + lake.path("features/t") + "`")
                .where("col_name = 'x'")
                .select("comment")
                .first()
                .getString(0))
        .isEqualTo("A number");
  }

  @Test
  void runsAreMendedFromTheLogs() {
    publish(JAN, "a".repeat(32), 3);
    publish(FEB, "b".repeat(32), 2);
    RunIndex index = new RunIndex(lake, "p", List.of("features/t"));
    assertThat(index.mend()).isEqualTo(2);
    assertThat(index.mend()).isZero();
    assertThat(new RunLog(lake).rows("p"))
        .extracting(row -> row.get("run_id"), row -> row.get("rows_out"))
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("a".repeat(32), 3L),
            org.assertj.core.groups.Tuple.tuple("b".repeat(32), 2L));
    assertThat(spark.read().format("delta").load(lake.path("runs").toString()).count())
        .isEqualTo(2);
  }

  @Test
  void aRunWhoseProcessWasKilledIsAddedByWhoCommitsAfterIt() {
    RunIndex other = new RunIndex(lake, "p", List.of("features/t"));
    other.mend();
    publish(JAN, "a".repeat(32), 3);
    other.append(publish(FEB, "b".repeat(32), 2).runs());
    assertThat(new RunIndex(lake, "p", List.of("features/t")).mend()).isZero();
    assertThat(new RunLog(lake).rows("p"))
        .extracting(row -> row.get("run_id"))
        .containsExactlyInAnyOrder("a".repeat(32), "b".repeat(32));
  }

  @Test
  void checkpointsKeepTheSlicesReadable() {
    for (int i = 0; i < 12; i++) {
      publish(JAN, String.format("%032d", i), 1);
    }
    assertThat(lake.latest("features/t").orElseThrow().slice("date", JAN).runIds())
        .containsExactly(String.format("%032d", 11));
  }

  private SlicePublisher.Published publish(String date, String runId, int rows) {
    SliceState held =
        lake.latest("features/t")
            .map(table -> table.slice("date", date))
            .orElse(SliceState.empty(date));
    return replace(held, runId, rows);
  }

  private SlicePublisher.Published replace(SliceState expected, String runId, int rows) {
    return SlicePublisher.replace(
        lake,
        definition(),
        rows(expected.key(), runId, rows),
        List.of(expected),
        List.of(run(expected.key(), runId)));
  }

  private Dataset<Row> rows(String date, String runId, int rows) {
    return spark
        .range(rows)
        .selectExpr("'" + runId + "' run_id", "DATE'" + date + "' `date`", "cast(id as double) x");
  }

  private static TableDefinition definition() {
    StructType schema =
        new StructType(
            new StructField[] {
              column("run_id", DataTypes.StringType, "Run"),
              column("date", DataTypes.DateType, "Logical date"),
              column("x", DataTypes.DoubleType, "A number")
            });
    return new TableDefinition(
        "features/t", "A test", schema, Optional.of("date"), List.of("run_id"));
  }

  private static RunRow run(String date, String runId) {
    return new RunRow(
        runId,
        "p",
        "features",
        LocalDate.parse(date),
        "done",
        Instant.EPOCH,
        Instant.EPOCH,
        "s",
        "c",
        List.of(),
        List.of(),
        0,
        0,
        0,
        "",
        List.of());
  }
}
