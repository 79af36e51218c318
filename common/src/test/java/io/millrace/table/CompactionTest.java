package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.Operation;
import io.delta.kernel.Table;
import io.delta.kernel.Transaction;
import io.delta.kernel.engine.Engine;
import io.millrace.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table of facts with few files holds what it held with many. */
class CompactionTest {

  private static final StructType PAIR =
      new StructType(
          new StructField[] {
            TableDefinition.column("name", DataTypes.StringType, "Name"),
            TableDefinition.column("count", DataTypes.LongType, "Count")
          });

  private static final TableDefinition FACTS =
      Facts.with(
          TableDefinition.column("x", DataTypes.DoubleType, "A number"),
          TableDefinition.column("n", DataTypes.LongType, "A count"),
          TableDefinition.column("flag", DataTypes.BooleanType, "A flag"),
          TableDefinition.column("day", DataTypes.DateType, "A day"),
          TableDefinition.column("at", DataTypes.TimestampType, "A moment"),
          TableDefinition.column("pairs", DataTypes.createArrayType(PAIR), "Pairs"));

  private Path root;
  private Lake lake;
  private SmallTable table;

  @BeforeEach
  void newLake() {
    root = TestSpark.temporary("lake");
    lake = Lake.open(root.toString(), TestSpark::session);
    table = new SmallTable(lake, FACTS);
  }

  private void append(String pipeline, int from, int to) {
    for (int i = from; i < to; i++) {
      table.append(pipeline, pipeline + i, List.of(row(pipeline, i, 0), row(pipeline, i, 1)));
    }
  }

  private static Map<String, Object> row(String pipeline, int i, int k) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", pipeline + i);
    row.put("pipeline", pipeline);
    row.put("x", i % 3 == 0 ? null : Double.valueOf(i + k / 10.0));
    row.put("n", (long) i);
    row.put("flag", k == 1);
    row.put("day", i % 4 == 0 ? null : LocalDate.parse("1969-12-30").plusDays(i));
    row.put("at", Instant.parse("2026-01-31T23:59:59.123456Z").plusSeconds(i));
    row.put(
        "pairs",
        i % 5 == 0 ? null : List.of(Map.of("name", "a", "count", 1L), Map.of("name", "é\n")));
    return row;
  }

  private List<String> bySpark(long version) {
    return lake.at("facts", version).read().toJSON().collectAsList().stream().sorted().toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(root.resolve("facts"))) {
      return all.filter(file -> file.toString().matches(".*/pipeline=.*\\.parquet")).toList();
    }
  }

  @Test
  void theRowsOfManyFilesAreThoseOfOne() throws IOException {
    append("p", 0, 20);
    append("it's 100% q", 0, 17);
    append("few", 0, 15);
    table.record("p", "none", List.of());
    List<Map<String, Object>> before = table.rows("p");
    long version = table.version();
    List<String> all = bySpark(version);
    assertThat(all).hasSize(2 * (20 + 17 + 15));

    Compaction compaction = Compaction.of(lake, "facts").orElseThrow();
    assertThat(compaction.files()).isEqualTo(37);
    assertThat(compaction.become()).isEqualTo(2);
    assertThat(compaction.commit()).isTrue();

    assertThat(table.version()).isEqualTo(version + 1);
    assertThat(table.rows("p")).containsExactlyInAnyOrderElementsOf(before);
    assertThat(lake.latest("facts").orElseThrow().logFiles()).hasSize(2 + 15);
    assertThat(bySpark(version + 1)).isEqualTo(all);
    assertThat(bySpark(version)).as("as it was").isEqualTo(all);
    assertThat(files()).as("nothing is deleted").hasSize(20 + 17 + 15 + 2);
    assertThat(table.holds("p3")).isTrue();
    assertThat(table.holds("none")).isTrue();
    assertThat(table.append("p", "p3", List.of(row("p", 3, 0)))).isEmpty();
    assertThat(Compaction.of(lake, "facts")).isEmpty();
  }

  @Test
  void whoWroteMeanwhileIsNotOverrunAndNothingIsLeftBehind() throws IOException {
    append("p", 0, 16);
    Compaction seen = Compaction.of(lake, "facts").orElseThrow();
    new SmallTable(Lake.open(root.toString(), TestSpark::session), FACTS)
        .append("p", "other", List.of(row("p", 99, 0)));

    assertThat(seen.commit()).isFalse();
    assertThat(files()).hasSize(17);
    assertThat(table.rows("p")).hasSize(33);

    Compaction again = Compaction.of(lake, "facts").orElseThrow();
    assertThat(again.commit()).isTrue();
    assertThat(table.rows("p")).hasSize(33);
    append("p", 16, 18);
    assertThat(table.rows("p")).hasSize(37).doesNotHaveDuplicates();
  }

  @Test
  void aWriterThatBeganBeforeItLosesNothing() {
    append("p", 0, 16);
    List<Compaction> two = new ArrayList<>();
    two.add(Compaction.of(lake, "facts").orElseThrow());
    two.add(Compaction.of(Lake.open(root.toString(), TestSpark::session), "facts").orElseThrow());
    long read = table.version();

    assertThat(two.stream().filter(Compaction::commit).count()).as("of two at once").isOne();

    assertThat(table.appendAt("p", read, "late", List.of(row("p", 50, 0)))).isEmpty();
    assertThat(table.append("p", "late", List.of(row("p", 50, 0)))).isPresent();
    assertThat(table.rows("p")).hasSize(33).doesNotHaveDuplicates();
  }

  @Test
  void anAppendThatIsUnderWayComesAfterIt() throws IOException {
    append("p", 0, 16);
    Engine engine = lake.engine();
    Transaction late =
        Table.forPath(engine, lake.path("facts").toString())
            .createTransactionBuilder(engine, "Millrace", Operation.WRITE)
            .withTransactionId(engine, "late", 1)
            .build(engine);
    Compaction compaction = Compaction.of(lake, "facts").orElseThrow();
    assertThat(compaction.commit()).isTrue();

    late.commit(engine, table.write(late, "p", List.of(row("p", 70, 0))));

    assertThat(table.version()).isEqualTo(late.getReadTableVersion() + 2);
    assertThat(table.rows("p")).hasSize(33).doesNotHaveDuplicates();
    assertThat(table.holds("late")).isTrue();
  }

  @Test
  void onlyTablesOfFactsAreJoined() {
    for (int i = 0; i < 17; i++) {
      TestSpark.session()
          .range(1)
          .coalesce(1)
          .write()
          .format("delta")
          .mode("append")
          .save(root.resolve("others").toString());
    }
    assertThat(Compaction.of(lake, "others")).isEmpty();
    assertThat(Compaction.of(lake, "nothing")).isEmpty();
  }
}
