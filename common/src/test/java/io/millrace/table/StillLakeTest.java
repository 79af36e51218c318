package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.millrace.TestSpark;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A lake that is only looked at, and what it reads of a log in one go. */
class StillLakeTest {

  private static final TableDefinition FACTS = Facts.with();

  private final Lake lake =
      Lake.open(
          TestSpark.temporary("lake").toString(),
          () -> {
            throw new AssertionError("a session was asked for");
          });

  private void add(int number) {
    String token = "run-" + number % 7 + "/" + number;
    new SmallTable(lake, FACTS)
        .append(
            number % 2 == 0 ? "even" : "odd",
            token,
            List.of(Map.of("run_id", token, "pipeline", number % 2 == 0 ? "even" : "odd")));
  }

  /** Beyond two checkpoints; Kernel's own answer, which reads the log for each, is the twin. */
  @Test
  void allCountersInOneReadingAreThoseOfKernel() {
    for (int i = 0; i < 23; i++) {
      add(i);
    }
    Snapshot snapshot =
        Table.forPath(lake.engine(), lake.path("facts").toString())
            .getLatestSnapshot(lake.engine());
    Map<String, Long> counters = LogCounters.read(lake.engine(), snapshot);
    assertThat(counters).hasSize(23);
    counters.forEach(
        (name, value) ->
            assertThat(snapshot.getLatestTransactionVersion(lake.engine(), name)).contains(value));
    PinnedTable facts = lake.latest("facts").orElseThrow();
    assertThat(facts.counter("run-0/0")).isEqualTo(1);
    assertThat(facts.counter("nobody")).isZero();
    assertThat(facts.rows("pipeline", "even"))
        .hasSize(12)
        .containsExactlyInAnyOrderElementsOf(
            facts.rows().stream().filter(row -> row.get("pipeline").equals("even")).toList());
    assertThat(facts.rows("pipeline", "neither")).isEmpty();
  }

  @Test
  void aStillLakeStaysAtWhatItSawFirstAndHasNoSession() {
    add(1);
    Lake still = lake.still();
    assertThat(still.latest("others")).isEmpty();
    PinnedTable first = still.latest("facts").orElseThrow();
    add(2);
    assertThat(still.latest("facts")).containsSame(first);
    assertThat(lake.latest("facts").orElseThrow().version()).isEqualTo(first.version() + 1);
    assertThat(lake.still().latest("facts").orElseThrow().version()).isEqualTo(first.version() + 1);
    assertThatThrownBy(still::spark).isInstanceOf(IllegalStateException.class);
  }
}
