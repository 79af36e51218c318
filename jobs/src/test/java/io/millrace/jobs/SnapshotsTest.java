package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.Hashes;
import io.millrace.Stage;
import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
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

  @Test
  void theFilesOfASnapshotAreFollowedAsTheSliceThatTheyMake() throws Exception {
    Shop club = new Shop();
    Shop.write(club.spec, SPEC.replace("members-{date}.csv", "members-{date}*.csv"));
    Path north = club.data.resolve("members-2026-03-01-north.csv");
    Shop.write(north, "id,age\n1,30\n");
    Shop.write(club.data.resolve("members-2026-03-01-south.csv"), "id,age\n2,40\n");
    try (Work work = club.open()) {
      new Chains(work).score(Shop.FIRST);
    }

    try (Work work = club.open()) {
      Lake lake = work.lake();
      ForwardVerb.Start start = ForwardVerb.start(lake, "members", north.getFileName().toString());
      ReadSlices.Opened opened = new ReadSlices.Opened(lake);
      ForwardTrace trace =
          new ForwardTrace(
                  lake, "club", List.of(work), "members", start.slices(), start.row(), opened)
              .follow();
      assertThat(new Reached(lake, "club", trace).found())
          .extracting(Reached.Found::what, Reached.Found::date)
          .containsExactly(tuple("features", Shop.FIRST));

      RunGraph.Run features = RunGraph.of(lake, "club").of(Stage.FEATURES).get(0);
      SourceTrace back = new SourceTrace(lake, ReadSlices.of(opened, work, features).orElseThrow());
      Row row = lake.latest("raw/members").orElseThrow().read().where("id = 1").head();
      back.add("members", Map.of("_file", row.getAs("_file"), "run_id", row.getAs("run_id")));
      assertThat(back.sections().get(0).rows().get(0))
          .startsWith(
              "members",
              north.getFileName().toString(),
              Files.size(north),
              Hashes.sha256Hex(Files.readAllBytes(north)),
              "club 2026-03-01");
    }
  }
}
