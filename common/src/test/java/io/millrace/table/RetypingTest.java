package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.TestSpark;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A raw table whose columns become wider. */
class RetypingTest {

  private static final String A = "a".repeat(32);
  private static final String B = "b".repeat(32);

  private Lake lake;

  @BeforeEach
  void newLake() {
    lake = Lake.open(TestSpark.temporary("lake").toString(), TestSpark::session);
  }

  private static TableDefinition definition() {
    return new TableDefinition(
        "raw/x",
        "Rows",
        new StructType(
            new StructField[] {
              TableDefinition.column("run_id", DataTypes.StringType, "Run"),
              TableDefinition.column("_day", DataTypes.DateType, "Day"),
              TableDefinition.column("n", DataTypes.LongType, "A whole number")
            }),
        Optional.of("_day"),
        List.of("run_id"));
  }

  private PinnedTable append(String runId, long counter, String n) {
    Dataset<Row> rows =
        TestSpark.session()
            .range(3)
            .selectExpr("'" + runId + "' run_id", "DATE'2026-01-01' _day", n + " n");
    SlicePublisher.append(lake, definition(), rows, "ingest", counter, List.of());
    return lake.latest("raw/x").orElseThrow();
  }

  @Test
  void keepsRowsRunsAndComments() {
    append(A, 0, "id");
    PinnedTable before = append(B, 1, "id + 10");
    Retyping.widen(lake, before, definition(), Map.of("n", DataTypes.DoubleType));

    PinnedTable after = lake.latest("raw/x").orElseThrow();
    assertThat(after.version()).isEqualTo(before.version() + 1);
    assertThat(after.schema().apply("n").dataType()).isEqualTo(DataTypes.DoubleType);
    assertThat(after.schema().apply("n").getComment().get()).isEqualTo("A whole number");
    assertThat(after.read().orderBy("n").select("n").collectAsList())
        .extracting(row -> row.getDouble(0))
        .containsExactly(0.0, 1.0, 2.0, 10.0, 11.0, 12.0);
    assertThat(after.files()).allSatisfy(file -> assertThat(file.runIds()).hasSize(1));
    assertThat(after.slice("_day", "2026-01-01").runIds()).containsExactly(A, B);
    assertThat(lake.at("raw/x", before.version()).read().schema().apply("n").dataType())
        .isEqualTo(DataTypes.LongType);
    assertThat(SlicePublisher.counter(after, "ingest")).isEqualTo(2);
  }

  @Test
  void losesToAWriterInBetween() {
    PinnedTable before = append(A, 0, "id");
    append(B, 1, "id");
    assertThatThrownBy(
            () -> Retyping.widen(lake, before, definition(), Map.of("n", DataTypes.DoubleType)))
        .isInstanceOf(LostRaceException.class)
        .hasMessage("raw/x: written since it was pinned");
  }

  @Test
  void refusesToLoseDigits() {
    PinnedTable before = append(A, 0, "id + 9007199254740992");
    assertThatThrownBy(
            () -> Retyping.widen(lake, before, definition(), Map.of("n", DataTypes.DoubleType)))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "raw/x: column n holds 2 whole numbers beyond 2^53, which lose digits as a double");
    assertThat(lake.latest("raw/x").orElseThrow().version()).isEqualTo(before.version());
  }
}
