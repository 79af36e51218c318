package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.DataException;
import io.millrace.Hashes;
import io.millrace.Stage;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** The file of each day has the same name, and so a row of all days the same id. */
  @Test
  void aMendedRowComesIntoTheDayOnWhichItWasRefused() {
    Shop club = new Shop();
    Shop.write(
        club.spec,
        SPEC.replace("members-{date}", "members")
            + "validate: {members: [{check: in-range, column: age, max: 99, on-fail: quarantine}]}\n");
    List<String> days = List.of("7,70\n8,800\n", "7,700\n8,800\n");
    for (int i = 0; i < days.size(); i++) {
      Shop.write(club.data.resolve("members.csv"), "id,age\n1,30\n" + days.get(i));
      try (Work work = club.open()) {
        new IngestJob(work, Shop.FIRST.plusDays(i)).run();
        new ValidateJob(work, Shop.FIRST.plusDays(i)).run();
      }
    }
    List<String> refused = export(club);
    assertThat(refused).hasSize(4);

    Path mended = club.folder.resolve("mended.csv");
    try (Work work = club.open()) {
      Mending mending = new Mending(work, "members", Shop.FIRST.plusDays(1));
      Shop.write(mended, "row_id,id,age\n" + id(refused, ",8,800") + ",8,80\n");
      assertThatThrownBy(() -> mending.retry(mended))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("is refused in 2 slices; keep the slice_run_id");
      // Those of the second day: the export goes by days.
      Shop.write(mended, refused.get(0) + "\n" + refused.get(2) + "\n" + refused.get(3) + "\n");
      Shop.write(mended, Shop.read(mended).replace("00", "0"));
      assertThat(mending.retry(mended)).isEqualTo(2);
      assertThat(days(work)).containsExactly("1: 1 7 8", "2: 1 7 7 8 8");
      new ValidateJob(work, Shop.FIRST.plusDays(1)).run();
      assertThat(seen(work)).containsExactly("1: 1 7", "2: 1 7 8");
    }
    List<String> left = export(club);
    assertThat(left).containsExactly(refused.get(0), refused.get(1));
    try (Work work = club.open()) {
      Shop.write(mended, String.join("\n", left).replace("00", "0") + "\n");
      Mending mending = new Mending(work, "members", Shop.FIRST.plusDays(2));
      assertThat(mending.retry(mended)).isEqualTo(1);
      assertThat(days(work)).containsExactly("1: 1 7 8 8", "2: 1 7 7 8 8");
    }
    assertThat(export(club)).hasSize(1);
  }

  private static List<String> export(Shop club) {
    Path file = club.folder.resolve("refused.csv");
    String[] command = {"quarantine", "members", "--export", file.toString()};
    try (Program program = new Program(club, club.lakeFolder, command)) {
      assertThat(program.end()).as(program::said).isZero();
    }
    return Shop.read(file).lines().toList();
  }

  private static String id(List<String> lines, String end) {
    String line = lines.stream().filter(one -> one.endsWith(end)).findFirst().orElseThrow();
    return line.substring(0, line.indexOf(','));
  }

  private static List<String> days(Work work) {
    return byDay(work.lake().latest("raw/members").orElseThrow());
  }

  private static List<String> seen(Work work) {
    return byDay(work.raw("members"));
  }

  private static List<String> byDay(PinnedTable raw) {
    Map<Integer, String> days = new TreeMap<>();
    raw.read()
        .orderBy("_day", "id")
        .collectAsList()
        .forEach(
            row ->
                days.merge(
                    row.<Date>getAs("_day").toLocalDate().getDayOfMonth(),
                    " " + row.getAs("id"),
                    String::concat));
    return days.entrySet().stream().map(day -> day.getKey() + ":" + day.getValue()).toList();
  }
}
