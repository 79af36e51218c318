package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import io.millrace.diff.TableComparison;
import io.millrace.diff.TableDiff;
import io.millrace.jobs.cli.Compared;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What people and machines are told of two versions. */
class DiffVerbTest {

  private static final LocalDate DAY = LocalDate.parse("2026-03-01");

  private static final String CLUB =
      """
      pipeline: club
      sources:
        members: {kind: csv, path: "${data}/members-{date}.csv", key: [id], load: snapshot}
      entity: [id]
      population: {source: members, per: entity}
      label: {kind: column, column: paid, positive: "yes", negative: "no"}
      features: {columns: [age, town]}
      """;

  @Test
  void tellsRowsAndCellsOfTheNewestChange() {
    Shop club = new Shop();
    Shop.write(club.spec, CLUB);
    Path file = club.data.resolve("members-2026-03-01.csv");
    Shop.write(file, "id,age,town,paid\n1,30,Ulm,no\n2,40,Bonn,yes\n3,50,Kiel,no\n");
    features(club);
    Shop.write(file, "id,age,town,paid\n1,30,Ulm,no\n2,41,,yes\n4,60,Ulm,yes\n");
    Lake lake = features(club);
    Path page = club.folder.resolve("diff.html");

    assertThat(said(lake, asked("features/club", List.of(), page), Console.Format.TEXT))
        .isEqualTo(
            """
            features/club, version 1 to 2, by id, date
            rows    3 to 3: 1 added, 1 removed, 1 changed
            cells   age 1, town 1
            read    2 of 2 files; not compared: run_id
            id  date        change   column  before  after
            2   2026-03-01  changed  age     40.0    41.0
            2   2026-03-01  changed  town    Bonn
            3   2026-03-01  removed
            4   2026-03-01  added
            diffs/club: 4 rows
            """);
    assertThat(said(lake, asked("features/club", List.of(), page), Console.Format.TEXT))
        .endsWith("diffs/club: these differences are there already\n");
    assertThat(
            lake.latest("diffs/club")
                .orElseThrow()
                .read()
                .drop("run_id")
                .orderBy("key", "column")
                .collectAsList())
        .extracting(Object::toString)
        .containsExactly(
            "[features/club,1,2,{\"id\":\"2\",\"date\":\"2026-03-01\"},changed,age,40.0,41.0]",
            "[features/club,1,2,{\"id\":\"2\",\"date\":\"2026-03-01\"},changed,town,Bonn,null]",
            "[features/club,1,2,{\"id\":\"3\",\"date\":\"2026-03-01\"},removed,null,null,null]",
            "[features/club,1,2,{\"id\":\"4\",\"date\":\"2026-03-01\"},added,null,null,null]");
    assertThat(Shop.read(page))
        .contains(
            "<h1>features/club <small>version 1 to 2</small></h1>", "1 row added", "Bonn", "(null)")
        .doesNotContain("<script", "http://", "https://");
    assertThat(said(lake, asked("raw/members", List.of("id"), page), Console.Format.JSON).lines())
        .first()
        .asString()
        .contains("\"event\":\"diff\"", "\"added\":1,\"removed\":1,\"changed\":1")
        .contains("\"cells\":{", "\"age\":1", "\"town\":1");
    assertThatThrownBy(
            () -> said(lake, asked("features/clb", List.of(), page), Console.Format.TEXT))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith(
            "features/clb: no such table in the lake; did you mean features/club?");
    Compared later =
        new Compared(
            "features/club",
            OptionalLong.of(1),
            OptionalLong.of(9),
            List.of(),
            false,
            5,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            place());
    assertThatThrownBy(() -> said(lake, later, Console.Format.TEXT))
        .isInstanceOf(SpecException.class)
        .hasMessage("features/club has the versions 0 to 2, and no version 9");
  }

  @Test
  void rowsOfOneIdentityAreToldApartByDayAndByWhoCameFirst() {
    Shop club = new Shop();
    String check = "{check: in-range, column: age, max: 120, on-fail: quarantine}";
    Shop.write(
        club.spec,
        CLUB.replace("members-{date}.csv", "members.csv")
            + "validate: {members: [%s]}\n".formatted(check));
    Path file = club.data.resolve("members.csv");
    Shop.write(file, "id,age,town,paid\n1,30,Ulm,no\n");
    Lake lake = taken(club, DAY);
    long first = lake.latest("raw/members").orElseThrow().version();
    Shop.write(file, "id,age,town,paid\n1,31,Ulm,no\n");
    lake = taken(club, DAY.plusDays(1));
    Shop.write(file, "id,age,town,paid\n1,32,Ulm,no\n9,999,Bonn,no\n");
    lake = taken(club, DAY.plusDays(2));
    PinnedTable refused = lake.latest("raw/members").orElseThrow();
    Path mended = club.folder.resolve("mended.csv");
    String id = refused.read().where("id = 9").head().getAs("_row_id");
    Shop.write(mended, "row_id,id,age,town,paid\n" + id + ",9,99,Bonn,no\n");
    try (Work work = club.open()) {
      assertThat(new Mending(work, "members", DAY.plusDays(2)).retry(mended)).isOne();
    }

    PinnedTable now = lake.latest("raw/members").orElseThrow();
    TableDiff all =
        new TableComparison(lake.at("raw/members", first), now, List.of(), false).diff(10);
    assertThat(all.key()).containsExactly("_row_id", "_day", "_copy");
    assertThat(all.added()).isEqualTo(4);
    assertThat(all.removed() + all.changed()).isZero();
    TableDiff one = new TableComparison(refused, now, List.of(), false).diff(10);
    assertThat(one.key()).containsExactly("_row_id", "_day");
    assertThat(one.added()).isOne();
  }

  private static Lake taken(Shop club, LocalDate day) {
    try (Work work = club.open(Map.of())) {
      new IngestJob(work, day).run();
      new ValidateJob(work, day).run();
      return work.lake();
    }
  }

  private static Lake features(Shop club) {
    try (Work work = club.open(Map.of())) {
      new IngestJob(work, DAY).run();
      new ValidateJob(work, DAY).run();
      new FeaturesJob(work).ofDate(DAY);
      return work.lake();
    }
  }

  private static Compared asked(String table, List<String> by, Path page) {
    return new Compared(
        table,
        OptionalLong.empty(),
        OptionalLong.empty(),
        by,
        false,
        20,
        false,
        Optional.empty(),
        Optional.of(page),
        Optional.of("club"),
        place());
  }

  private static Place place() {
    return new Place(Path.of("conf"), "local", Optional.empty(), Map.of());
  }

  private static String said(Lake lake, Compared asked, Console.Format format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    try (Console console = new Console(Terminal.NONE, format, stream, stream)) {
      DiffVerb.run(asked, lake, console);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
