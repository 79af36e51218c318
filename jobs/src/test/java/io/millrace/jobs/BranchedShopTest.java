package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Hashes;
import io.millrace.SpecException;
import io.millrace.StoppedException;
import io.millrace.branch.Branches;
import io.millrace.jobs.cli.Branched;
import io.millrace.jobs.cli.Merged;
import io.millrace.jobs.cli.Place;
import io.millrace.retain.Rules;
import io.millrace.table.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whole chains on a branch, and a relabelling that comes to main. */
class BranchedShopTest {

  private static final LocalDate D3 = Shop.FIRST.plusDays(3);
  private static final LocalDate DAY = LocalDate.parse("2026-03-01");
  private static final String GATE = "[{gate: at-least, metric: auc, value: 0.5}]";
  private static final Map<String, String> LOGISTIC =
      Map.of("train.algorithm", "{kind: logistic}", "promote.gates", GATE);

  private static final String CLUB =
      """
      pipeline: club
      sources:
        members: {kind: csv, path: "${data}/members*.csv", key: [id], load: snapshot}
      entity: [id]
      population: {source: members, per: entity}
      label: {kind: column, column: paid, positive: "yes", negative: "no"}
      validate:
        members:
          - {check: in-range, column: age, min: 0, max: 120, on-fail: stop}
      features: {columns: [age, town]}
      """;

  @Test
  void aChainOnABranchTouchesNothingOfMain() {
    Shop shop = new Shop().days(0, 5);
    try (Work work = shop.open(LOGISTIC)) {
      new Chains(work).train(D3);
    }
    Lake main = shop.open().lake();
    new Branches(main).create("trial");
    Map<String, String> before = bytes(shop.lakeFolder);
    shop.said();

    Lake branch = new Branches(main).open("trial");
    try (Work work = on(shop, branch, LOGISTIC)) {
      PromoteJob.Decision same = new Chains(work).train(D3);
      assertThat(shop.said()).as("main's runs are known").contains("already done");
      new Chains(work).daily(D3);
      assertThat(branch.latest("predictions/shop").orElseThrow().read().count()).isEqualTo(120);
      assertThat(new ModelLibrary(work).load(same.version())).as("a model of main").isNotNull();
    }
    try (Work work = on(shop, branch, Map.of("train.seed", "8", "promote.gates", GATE))) {
      PromoteJob.Decision other = new Chains(work).train(D3);
      assertThat(new ModelLibrary(work).load(other.version())).isNotNull();
      assertThatThrownBy(() -> Lists.horizon(branch, List.of(), Rules.USUAL, work.console()))
          .isInstanceOf(SpecException.class)
          .hasMessageEndingWith("a vacuum takes nothing of a branch; leave --branch out");
      new ReportJob(work).run(List.of(D3));
    }

    assertThat(bytes(shop.lakeFolder)).isEqualTo(before);
    assertThat(main.latest("predictions/shop")).isEmpty();
    assertThat(Path.of(branch.path("reports/shop").toUri())).exists();
    assertThat(branch.root()).startsWith(main.root() + "/_branches/trial-");
  }

  private static Work on(Shop shop, Lake lake, Map<String, String> overrides) {
    try (Work work = shop.open(overrides)) {
      return new Work(work.spec(), work.specText(), lake, work.console());
    }
  }

  @Test
  void aRelabellingComesToMain() throws IOException {
    Shop club = new Shop();
    Shop.write(club.spec, CLUB);
    Path file = club.data.resolve("members.csv");
    Shop.write(file, "id,age,town,paid\n1,30,Ulm,no\n2,40,Bonn,yes\n3,50,Kiel,no\n");
    ingest(club, club.open().lake());
    branch(club, Branched.Action.CREATE, "relabel");
    assertThat(club.said()).contains("branch relabel: reads ", "`--branch relabel` works on it");
    // The branch corrects two labels, main one of them otherwise, and a town.
    Lake branch = new Branches(club.open().lake()).open("relabel");
    Shop.write(file, "id,age,town,paid\n1,30,Ulm,yes\n2,40,Bonn,no\n3,50,Kiel,no\n");
    ingest(club, branch);
    // As a full disk leaves a source that the branch reads first.
    Files.createDirectories(Path.of(branch.path("raw/others/_delta_log").toUri()));
    Shop.write(file, "id,age,town,paid\n1,30,Ulm,\n2,40,Mainz,yes\n3,50,Kiel,no\n");
    ingest(club, club.open().lake());
    Lake main = club.open().lake();
    Map<String, Long> before = Shop.versions(main);
    club.said();

    assertThatThrownBy(() -> merge(club, "relabel", false, Optional.empty(), Optional.empty()))
        .isInstanceOf(StoppedException.class)
        .hasMessageStartingWith("merge relabel: 1 cell was changed on both sides; nothing has");
    assertThat(club.said())
        .contains("id=1, _day=2026-03-01", "paid", "no", "yes", "ingest club, 20");
    Path out = club.folder.resolve("conflicts.csv");
    assertThat(merge(club, "relabel", true, Optional.empty(), Optional.of(out))).isZero();
    assertThat(Shop.versions(club.open().lake())).isEqualTo(before);

    Shop.write(out, Shop.read(out).strip() + "theirs\n");
    String filled = out.toString();
    assertThat(merge(club, "relabel", true, Optional.of(filled), Optional.empty())).isZero();
    assertThat(Shop.versions(club.open().lake())).as("a dry run").isEqualTo(before);
    assertThat(club.said()).contains("a dry run, nothing has landed");
    assertThat(merge(club, "relabel", false, Optional.of(filled), Optional.empty())).isZero();

    assertThat(club.said())
        .containsPattern("raw/members +rows +0 +0 +2 +1")
        .contains("merge relabel: landed as ", "`millrace backfill club --stale`");
    try (Work work = club.open()) {
      Lake now = work.lake();
      assertThat(
              now.latest("raw/members").orElseThrow().read().orderBy("id").collectAsList().stream()
                  .map(row -> row.getAs("town") + " " + row.getAs("paid")))
          .containsExactly("Ulm yes", "Mainz no", "Kiel no");
      assertThat(new IngestJob(work, DAY).run())
          .as("its files aren't new")
          .isEqualTo(Outcome.ALREADY_DONE);
      new ValidateJob(work, DAY).run();
      new LabelJob(work, DAY).run();
      assertThat(now.latest("labels/club").orElseThrow().read().where("label_text = 'yes'").count())
          .isOne();
    }
    aCheckStopsAMerge(club);
  }

  /** A cell that a check refuses never lands. */
  private static void aCheckStopsAMerge(Shop club) {
    Lake main = club.open().lake();
    new Branches(main).create("typo");
    Lake branch = new Branches(main).open("typo");
    io.millrace.TestSpark.session()
        .sql(
            "update delta.`%s` set age = 500 where id = 3"
                .formatted(touched(club, branch).path("raw/members")));
    Map<String, Long> before = Shop.versions(main);
    assertThatThrownBy(() -> merge(club, "typo", false, Optional.empty(), Optional.empty()))
        .isInstanceOf(StoppedException.class)
        .hasMessageStartingWith("raw/members: a check stops what came in on 2026-03-01");
    assertThat(Shop.versions(club.open().lake())).isEqualTo(before);
    Path folder = Path.of(branch.path("raw").getParent().toUri());
    assertThat(folder).exists();
    branch(club, Branched.Action.DROP, "typo");
    assertThat(folder).doesNotExist();
  }

  /** A day more, so that the table is the branch's. */
  private static Lake touched(Shop club, Lake branch) {
    try (Work work = on(club, branch, Map.of())) {
      Shop.write(
          club.data.resolve("members.csv"), "id,age,town,paid\n1,31,Ulm,yes\n2,41,Mainz,no\n");
      new IngestJob(work, DAY.plusDays(1)).run();
    }
    return branch;
  }

  private static void ingest(Shop club, Lake lake) {
    try (Work work = on(club, lake, Map.of())) {
      new IngestJob(work, DAY).run();
      new ValidateJob(work, DAY).run();
    }
  }

  private static Place place() {
    return new Place(Path.of("conf"), "local", Optional.empty(), Map.of());
  }

  private static void branch(Shop club, Branched.Action action, String name) {
    try (Work work = club.open()) {
      BranchVerb.run(
          new Branched(action, Optional.of(name), Optional.empty(), place()),
          work.lake(),
          work.console());
    }
  }

  private static int merge(
      Shop club, String name, boolean dryRun, Optional<String> take, Optional<Path> out) {
    try (Work work = club.open()) {
      MergedSources sources =
          new MergedSources(
              Map.of("club", new MergedSources.Pipeline(work.spec(), work.specText())),
              work.console());
      Merged asked = new Merged(name, dryRun, take, out, place());
      return new MergeVerb(asked, work.lake(), sources, work.console()).run();
    }
  }

  private static Map<String, String> bytes(Path folder) {
    Map<String, String> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (!name.startsWith("_branches/")) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          bytes.put(name, Hashes.sha256Hex(text));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }
}
