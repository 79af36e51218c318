package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.TestSpark;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows go, and the runs that wrote them stay; then the past goes. */
class RewritingTest {

  private static final String A = "a".repeat(32);
  private static final String B = "b".repeat(32);

  private Lake lake;

  @BeforeEach
  void newLake() {
    lake = Lake.open(TestSpark.temporary("lake").toString(), TestSpark::session);
  }

  private static final TableDefinition DEFINITION =
      new TableDefinition(
          "features/x",
          "Rows",
          new StructType(
              new StructField[] {
                TableDefinition.column("run_id", DataTypes.StringType, "Run"),
                TableDefinition.column("date", DataTypes.DateType, "Day"),
                TableDefinition.column("n", DataTypes.LongType, "A whole number")
              }),
          Optional.of("date"),
          List.of("run_id"));

  private void replace(String day, String runId, int rows, SliceState expected) {
    Dataset<Row> made =
        TestSpark.session()
            .range(rows)
            .selectExpr("'" + runId + "' run_id", "DATE'" + day + "' date", "id n");
    Instant now = Instant.now();
    RunRow run =
        new RunRow(
            runId,
            "x",
            "features",
            LocalDate.parse(day),
            "done",
            now,
            now,
            "",
            "",
            List.of(),
            List.of(),
            0,
            0,
            0,
            "",
            List.of());
    SlicePublisher.replace(lake, DEFINITION, made, List.of(expected), List.of(run));
  }

  private PinnedTable table() {
    return lake.latest("features/x").orElseThrow();
  }

  private Rewriting.Rewritten without(PinnedTable table, long n) {
    Set<String> all = table.files().stream().map(DataFile::name).collect(Collectors.toSet());
    return Rewriting.of(lake, table, all, rows -> rows.where("n <> " + n));
  }

  @Test
  void aSliceThatIsEmptyNowIsStillTheResultOfItsRun() {
    replace("2026-01-01", A, 1, SliceState.empty("2026-01-01"));
    replace("2026-01-02", B, 3, SliceState.empty("2026-01-02"));
    SliceState resolved = table().slice("date", "2026-01-01");
    PinnedTable before = table();

    assertThat(without(before, 0).rows()).isEqualTo(2);
    PinnedTable after = table();
    assertThat(after.slice("date", "2026-01-01").rows()).isZero();
    assertThat(after.holds("date", "2026-01-01", A)).isTrue();
    assertThat(after.holds("date", "2026-01-01", B)).isFalse();
    assertThat(after.holds("date", "2026-01-02", B)).isTrue();
    assertThat(after.slice("date", "2026-01-02").rows()).isEqualTo(2);
    assertThat(after.erasures()).isEqualTo(1);
    assertThatThrownBy(() -> replace("2026-01-01", B, 1, resolved))
        .isInstanceOf(LostRaceException.class);
    assertThatThrownBy(() -> without(before, 1))
        .isInstanceOf(LostRaceException.class)
        .hasMessage("features/x: written since it was pinned");
  }

  @Test
  void ofThePastNothingIsLeftAndTheTableGoesOn() throws Exception {
    replace("2026-01-01", A, 2, SliceState.empty("2026-01-01"));
    replace("2026-01-01", B, 4, table().slice("date", "2026-01-01"));
    PinnedTable before = table();
    Rewriting.Rewritten written = without(before, 1);
    Forgetting.Forgotten forgotten = Forgetting.before(lake, "features/x", Set.of());

    assertThat(forgotten.version()).isEqualTo(written.version());
    assertThat(forgotten.files()).as("of two versions").isGreaterThan(1);
    assertThat(table().missingFiles()).isEmpty();
    assertThat(table().read().count()).isEqualTo(3);
    assertThat(
            TestSpark.session()
                .read()
                .format("delta")
                .load(lake.path("features/x").toString())
                .count())
        .isEqualTo(3);
    assertThat(table().holds("date", "2026-01-01", B)).isTrue();
    for (long version = 0; version < written.version(); version++) {
      long old = version;
      assertThatThrownBy(() -> lake.at("features/x", old).count()).isNotNull();
    }
    List<String> files = new java.util.ArrayList<>();
    var all = lake.files().listFiles(lake.path("features/x"), true);
    while (all.hasNext()) {
      files.add(all.next().getPath().getName());
    }
    assertThat(files.stream().filter(name -> name.startsWith("part-")))
        .containsExactlyInAnyOrderElementsOf(table().files().stream().map(DataFile::name).toList());
    assertThat(files).allMatch(name -> !name.matches("0{19}[0-2]\\..*"));

    replace("2026-01-02", A, 2, SliceState.empty("2026-01-02"));
    Forgetting.before(lake, "features/x", Set.of());
    assertThat(table().read().count()).as("again, and as often as one likes").isEqualTo(5);
  }
}
