package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Small tables, and how a lake keeps what it has read of a log. */
class SmallTableTest {

  private static final TableDefinition FACTS =
      Facts.with(TableDefinition.column("x", DataTypes.DoubleType, "A number"));

  private String root;
  private Lake lake;

  @BeforeEach
  void newLake() {
    root = TestSpark.temporary("lake").toString();
    lake = Lake.open(root, TestSpark::session);
  }

  private static List<Map<String, Object>> row(String runId, double x) {
    return List.of(Map.of("run_id", runId, "pipeline", "p", "x", x));
  }

  @Test
  void addsTheRowsOfATokenOnce() {
    SmallTable table = new SmallTable(lake, FACTS);
    assertThat(table.append("p", "a", row("a", 1))).isPresent();
    assertThat(table.append("p", "a", row("a", 2))).isEmpty();
    assertThat(table.rows("p")).extracting(r -> r.get("x")).containsExactly(1.0);
    assertThat(table.rows("q")).isEmpty();
  }

  @Test
  void remembersATokenThatHadNoRows() {
    SmallTable table = new SmallTable(lake, FACTS);
    assertThat(table.holds("a")).isFalse();
    assertThat(table.record("p", "a", List.of())).isPresent();
    assertThat(table.holds("a")).isTrue();
    assertThat(table.record("p", "a", List.of())).isEmpty();
    assertThat(table.rows("p")).isEmpty();
  }

  @Test
  void seesWhatAnotherProcessAdds() {
    SmallTable ours = new SmallTable(lake, FACTS);
    SmallTable theirs = new SmallTable(Lake.open(root, TestSpark::session), FACTS);
    ours.append("p", "a", row("a", 1));
    assertThat(ours.rows("p")).hasSize(1);
    theirs.append("p", "b", row("b", 2));
    assertThat(ours.rows("p")).hasSize(2);
  }

  @Test
  void readsAnUnchangedLogOnce() {
    new SmallTable(lake, FACTS).append("p", "a", row("a", 1));
    assertThat(lake.latest("facts").orElseThrow()).isSameAs(lake.latest("facts").orElseThrow());
  }

  @Test
  void noticesATableThatWasMadeAnew() throws IOException {
    SmallTable table = new SmallTable(lake, FACTS);
    table.append("p", "a", row("a", 1));
    table.append("p", "b", row("b", 1));
    assertThat(table.rows("p")).hasSize(2);
    lake.files().delete(lake.path("facts"), true);
    assertThat(table.rows("p")).isEmpty();
    table.append("p", "c", row("c", 1));
    assertThat(table.rows("p")).extracting(r -> r.get("run_id")).containsExactly("c");
  }
}
