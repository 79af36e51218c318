package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Sources of which each ingest is the whole state. */
class SnapshotsTest {

  private static final String SPEC =
      """
      pipeline: club
      sources:
        members: {kind: csv, path: "${data}/members-{date}.csv", key: [id], load: snapshot}
      entity: [id]
      population: {source: members, per: entity}
      features: {columns: [age]}
      """;

  @Test
  void allSnapshotsThatAreNewComeInAtOnceAndTheLastOneCounts() {
    Shop club = new Shop();
    Shop.write(club.spec, SPEC);
    for (int i = 0; i < 3; i++) {
      Shop.write(
          club.data.resolve("members-" + Shop.FIRST.plusDays(i) + ".csv"),
          "id,age\n1,%d\n2,%d\n".formatted(30 + i, 40 + i));
    }

    try (Work work = club.open()) {
      new Chains(work).score(Shop.FIRST.plusDays(2));
    }

    Lake lake = club.open().lake();
    assertThat(lake.latest("raw/members").orElseThrow().slices("_day").keySet())
        .containsExactly("2026-03-01", "2026-03-02", "2026-03-03");
    assertThat(
            lake.latest("features/club").orElseThrow().read().orderBy("id").collectAsList().stream()
                .map(row -> row.<Double>getAs("age")))
        .containsExactly(32.0, 42.0);
    assertThat(new RunLog(lake).rows("club"))
        .hasSize(7) // three files taken in, three validated, one date of features
        .allSatisfy(
            row ->
                assertThat((Instant) row.get("ended_at")).isAfter((Instant) row.get("started_at")));
    assertThat(club.said()).contains("raw/members: 2 rows of 1 file; raw/members: 2 rows");
  }
}
