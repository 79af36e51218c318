package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.MillraceException;
import io.millrace.Stage;
import io.millrace.StoppedException;
import io.millrace.jobs.PipelinePlan.Chain;
import io.millrace.jobs.PlanStep.Then;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.cli.Planned;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import io.millrace.table.TableVersion;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A plan says what the command then does. */
class PlanTest {

  private static final LocalDate D1 = Shop.FIRST;
  private static final LocalDate D2 = D1.plusDays(1);
  private static final LocalDate D3 = D1.plusDays(2);
  private static final LocalDate D4 = D1.plusDays(3);
  private static final int VISITS = 60;

  /** A channel's visits of two days count; any number of files a day; a model that is quick. */
  private static final String SPEC =
      Shop.SPEC
          .replace(
              "  expressions:",
              """
                windows:
                  - {source: shop_visits, by: channel, over: [2d], aggregate: {pages: [sum]}}
                expressions:\
              """)
          .replace("visits-{date}.csv", "visits-{date}*.csv")
          .replace("{kind: xgboost, rounds: 10, depth: 3, learning-rate: 0.3}", "{kind: logistic}")
          .replace("\n  baseline: {kind: logistic}", "")
          .replace("value: 0.6}", "value: 0.3}");

  private static Shop shop(int days) {
    Shop shop = new Shop();
    Shop.write(shop.spec, SPEC);
    for (int i = 0; i < days; i++) {
      shop.day(D1.plusDays(i), i * 1000L, VISITS);
    }
    return shop;
  }

  /** By a lake whose session can't be made. */
  private static PipelinePlan plan(Shop shop, Chain chain, LocalDate... dates) {
    try (Work looking = shop.open()) {
      Lake lake =
          Lake.open(
                  shop.lakeFolder.toString(),
                  () -> {
                    throw new AssertionError("a plan made a session");
                  })
              .still();
      Map<String, Long> before = Shop.versions(looking.lake());
      Work work = new Work(looking.spec(), looking.specText(), lake, looking.console());
      PipelinePlan plan = Planner.plan(work, new SeenFiles(lake.hadoop()), chain, List.of(dates));
      assertThat(Shop.versions(looking.lake())).isEqualTo(before);
      return plan;
    }
  }

  private static PlanStep step(PipelinePlan plan, Stage stage, LocalDate date) {
    return plan.steps().stream()
        .filter(step -> step.stage() == stage && step.date().equals(date))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> words(PipelinePlan plan, LocalDate date) {
    return plan.steps().stream()
        .filter(step -> step.date().equals(date))
        .map(step -> step.stage().word() + " " + step.would().word())
        .toList();
  }

  private static void late(Shop shop, LocalDate day, int number) {
    Shop.write(
        shop.data.resolve("visits-%s-late%d.csv".formatted(day, number)),
        "visit,day,pages,minutes,channel\n%d,%s,7,3.5,web\n".formatted(900000 + number, day));
  }

  private static void edit(Shop shop, String from, String to) {
    String text = Shop.read(shop.spec);
    assertThat(text).contains(from);
    Shop.write(shop.spec, text.replace(from, to));
  }

  @Test
  void aPlanTellsWhyAndHoldsOnlyAsLongAsNothingMoves() throws Exception {
    Shop shop = shop(4);
    PipelinePlan first = plan(shop, Chain.RUN, D3);
    assertThat(words(first, D3))
        .containsExactly(
            "ingest run",
            "validate unknown",
            "label unknown",
            "features unknown",
            "train unknown",
            "evaluate unknown",
            "promote unknown");
    PlanStep ingest = step(first, Stage.INGEST, D3);
    assertThat(ingest.because())
        .contains("raw/shop_visits: visits-2026-03-01.csv (", " bytes) and 2 more isn't in yet");
    assertThat(ingest.reads().bytes()).isPositive();
    assertThat(step(first, Stage.LABEL, D3).because())
        .startsWith("until ingest: shop_sales: sales-2026-03-02.csv and 1 more");
    assertThat(step(first, Stage.PROMOTE, D3).gates()).containsExactly("at-least auc");
    follow(shop, first);
    assertThat(words(plan(shop, Chain.RUN, D3), D3))
        .allMatch(word -> word.endsWith(" skip"))
        .hasSize(7);

    PipelinePlan daily = plan(shop, Chain.DAILY, D3);
    assertThat(words(daily, D3))
        .containsExactly(
            "ingest skip",
            "validate skip",
            "label skip",
            "features skip",
            "score run",
            "monitor run",
            "release run");
    assertThat(step(daily, Stage.SCORE, D3).reads().rows()).isEqualTo(VISITS);
    assertThat(daily.pages()).containsExactly("reports/shop/2026-03-03.html", "reports/index.html");
    follow(shop, daily);
    PipelinePlan done = plan(shop, Chain.DAILY, D3);
    assertThat(words(done, D3)).allMatch(word -> word.endsWith(" skip")).hasSize(7);
    assertThat(done.pages()).isEmpty();

    whatAnEditWouldDo(shop);
    aLateFileIsUnknownUntilItIsIn(shop);
  }

  /** Specs are edited and nothing is done. */
  private static void whatAnEditWouldDo(Shop shop) {
    String text = Shop.read(shop.spec);
    String check = "validate: {shop_visits: [{check: in-range, column: pages, min: 0, on-fail: %s}]}\n";

    Shop.write(shop.spec, text + check.formatted("warn"));
    assertThat(words(plan(shop, Chain.DAILY, D3), D3)).startsWith("ingest skip", "validate run");
    assertThat(words(plan(shop, Chain.DAILY, D3), D3).subList(2, 7))
        .allMatch(word -> word.endsWith(" skip"));

    Shop.write(shop.spec, text + check.formatted("quarantine"));
    assertThat(words(plan(shop, Chain.DAILY, D3), D3))
        .containsExactly(
            "ingest skip",
            "validate run",
            "label skip",
            "features rewrite",
            "score rewrite",
            "monitor unknown",
            "release rewrite");

    Shop.write(shop.spec, text + check.formatted("stop"));
    PipelinePlan stopping = plan(shop, Chain.DAILY, D3);
    assertThat(words(stopping, D3)).contains("validate run", "features unknown", "release unknown");
    assertThat(step(stopping, Stage.VALIDATE, D3).gates())
        .containsExactly("shop_visits: in-range(pages), stop");

    Shop.write(shop.spec, text.replace("pages / minutes", "pages * minutes"));
    PipelinePlan refused = plan(shop, Chain.DAILY, D3);
    assertThat(words(refused, D3)).contains("features blocked", "score blocked");
    assertThat(step(refused, Stage.FEATURES, D3).because())
        .contains("3 dates were made by another spec of the features");
    PipelinePlan again = plan(shop, Chain.BACKFILL, D1, D2, D3);
    assertThat(words(again, D3)).contains("features rewrite", "score skip");
    assertThat(step(again, Stage.SCORE, D3).because()).contains("was trained on other features");
    assertThat(step(again, Stage.SCORE, D1).because()).contains("no model was in force");

    Shop.write(shop.spec, text.replace("evaluate: {", "evaluate: {threshold: 0.4, "));
    assertThat(words(plan(shop, Chain.DAILY, D3), D3))
        .contains("features skip", "score rewrite", "monitor run", "release rewrite");

    Shop.write(
        shop.spec,
        text.replace("evaluate: {", "evaluate: {threshold: 0.4, ")
            + "release: {hold-when: [feature-stop]}\n");
    PipelinePlan held = plan(shop, Chain.DAILY, D3);
    assertThat(words(held, D3)).contains("score rewrite", "monitor run", "release unknown");
    assertThat(step(held, Stage.RELEASE, D3).gates())
        .containsExactly("release.hold-when: feature-stop");
    Shop.write(shop.spec, text);
  }

  private static void aLateFileIsUnknownUntilItIsIn(Shop shop) throws Exception {
    late(shop, D2, 1);
    PipelinePlan before = plan(shop, Chain.BACKFILL, D2, D3);
    assertThat(words(before, D2))
        .containsExactly(
            "ingest run",
            "validate unknown",
            "label skip",
            "features unknown",
            "score skip",
            "monitor skip",
            "release skip");
    assertThat(words(before, D3)).contains("ingest skip", "features unknown", "release unknown");

    Path file = shop.folder.resolve("plan.json");
    String said = verb(shop, false, Optional.of(file));
    assertThat(said)
        .contains("shop, backfill 2026-03-02 to 2026-03-03: 1 run, ", " unknown")
        .contains("raw/shop_visits: visits-2026-03-02-late1.csv (")
        .contains("pages  reports/shop/2026-03-02.html, ");
    assertThat(PlanJson.read(file)).isEqualTo(before);
    assertThat(verb(shop, true, Optional.empty()).lines())
        .hasSize(1 + before.steps().size())
        .allMatch(line -> line.startsWith("{\"event\":\""));
    PlanVerb.compare(PlanJson.read(file), file, place(shop), console(new ByteArrayOutputStream()));

    try (Work work = shop.open()) {
      new IngestJob(work, D4).run();
    }
    assertThatThrownBy(
            () ->
                PlanVerb.compare(
                    PlanJson.read(file), file, place(shop), console(new ByteArrayOutputStream())))
        .isInstanceOf(StoppedException.class)
        .hasMessageStartingWith("shop: the plan in " + file + " doesn't hold any more: ")
        .hasMessageContaining("ingest of 2026-03-02 was run, is skip")
        .hasMessageContaining("raw/shop_visits moved from version 1 to 2 (ingest of shop, 2026-03-04)")
        .hasMessageContaining("plan again");

    PipelinePlan now = plan(shop, Chain.BACKFILL, D2, D3);
    PlanStep features = step(now, Stage.FEATURES, D2);
    assertThat(features.would()).isEqualTo(Would.REWRITE);
    assertThat(features.because())
        .isEqualTo(
            "raw/shop_visits 1 -> 2: shop_visits: visits-2026-03-02-late1.csv came in");
    assertThat(features.slices().get(0).madeOf())
        .containsExactly(new TableVersion("raw/shop_visits", 1));
    assertThat(features.inputs()).containsExactly(new TableVersion("raw/shop_visits", 2));
    assertThat(features.replaces().rows()).isEqualTo(VISITS);
    assertThat(features.replaces().bytes()).isPositive();
    assertThat(words(now, D3))
        .contains("features rewrite", "score rewrite", "monitor run", "release rewrite");

    late(shop, D2, 2);
    Map<String, Long> versions = Shop.versions(shop.open().lake());
    assertThatThrownBy(() -> follow(shop, now))
        .isInstanceOf(StoppedException.class)
        .hasMessageContaining("ingest of 2026-03-02 isn't what the plan says");
    assertThat(Shop.versions(shop.open().lake())).isEqualTo(versions);
    java.nio.file.Files.delete(shop.data.resolve("visits-2026-03-02-late2.csv"));
    assertWritten(shop, now, () -> follow(shop, now));
    assertThat(plan(shop, Chain.BACKFILL, D2, D3).steps())
        .allMatch(step -> step.would() == Would.SKIP);
  }

  private static Place place(Shop shop) {
    return new Place(
        shop.folder,
        "local",
        Optional.of(shop.lakeFolder.toString()),
        Map.of("data", shop.data.toString()));
  }

  private static Console console(ByteArrayOutputStream said) {
    return console(said, Console.Format.TEXT);
  }

  private static Console console(ByteArrayOutputStream said, Console.Format format) {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    return new Console(Terminal.detect(Map.of("NO_COLOR", "1")), format, out, out);
  }

  private static String verb(Shop shop, boolean json, Optional<Path> out) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Planned planned =
        new Planned(List.of("shop"), D2, D3, true, false, false, out, place(shop));
    Console.Format format = json ? Console.Format.JSON : Console.Format.TEXT;
    assertThat(new PipelineVerbs().plan(planned, console(said, format))).isZero();
    return said.toString(StandardCharsets.UTF_8);
  }

  private static void follow(Shop shop, PipelinePlan plan) {
    try (Work work = shop.open()) {
      PipelineVerbs.follow(plan, work);
    }
  }

  /** Random changes, each planned, done and compared. */
  @Test
  void whatIsPlannedIsWhatIsWritten() {
    Random random = new Random(20261122);
    Shop shop = shop(2);
    List<LocalDate> dates = new ArrayList<>(List.of(D1, D2));
    assertWritten(shop, Chain.RUN, List.of(D2));
    for (int round = 0; round < ROUNDS; round++) {
      change(shop, random, dates, round);
      int chain = random.nextInt(4);
      LocalDate last = dates.get(dates.size() - 1);
      if (chain == 0) {
        assertWritten(shop, Chain.DAILY, List.of(last));
      } else if (chain == 1) {
        assertWritten(shop, Chain.RUN, List.of(last));
      } else {
        assertWritten(shop, Chain.BACKFILL, dates);
      }
    }
  }

  private static final int ROUNDS = 8;

  private static void change(Shop shop, Random random, List<LocalDate> dates, int round) {
    LocalDate any = dates.get(random.nextInt(dates.size()));
    String spec = Shop.read(shop.spec);
    switch (random.nextInt(7)) {
      case 0 -> late(shop, any, 10 + round);
      case 1 -> {
        dates.add(D1.plusDays(dates.size()));
        shop.day(dates.get(dates.size() - 1), dates.size() * 1000L, VISITS);
      }
      case 2 -> Shop.write(shop.spec, spec.replaceAll("speed: .*", "speed: pages * " + round));
      case 3 -> Shop.write(shop.spec, spec.replaceAll("evaluate: \\{.*?slices",
          "evaluate: {threshold: 0.%d, slices".formatted(2 + random.nextInt(7))));
      case 4 -> {
        List<String> fails = List.of("warn", "quarantine", "stop");
        String checks = "validate: {shop_visits: [{check: in-range, column: pages, max: %d, on-fail: %s}]}\n";
        int max = random.nextBoolean() ? 15 : 100;
        Shop.write(
            shop.spec,
            spec.replaceAll("(?m)^validate: .*\\n", "")
                + checks.formatted(max, fails.get(random.nextInt(3))));
      }
      case 5 ->
          Shop.write(
              shop.data.resolve("visits-%s-none%d.csv".formatted(any, round)),
              "visit,day,pages,minutes,channel\n");
      default -> promote(shop, any);
    }
  }

  /** Puts the first model of all in force from a date on. */
  private static void promote(Shop shop, LocalDate from) {
    try (Work work = shop.open()) {
      String version = new Champions(work).log().get(0).version();
      new PromoteJob(work, from).to(version);
    }
  }

  private static void assertWritten(Shop shop, Chain chain, List<LocalDate> dates) {
    PipelinePlan plan = plan(shop, chain, dates.toArray(LocalDate[]::new));
    assertWritten(shop, plan, () -> follow(shop, plan));
  }

  /** Runs that a deed wrote are those of its plan: no other, and all that were sure. */
  private static void assertWritten(Shop shop, PipelinePlan plan, Runnable deed) {
    Set<Written> before = written(shop);
    boolean ended = false;
    try {
      deed.run();
    } catch (MillraceException e) {
      ended = true;
      assertThat(plan.steps())
          .as("foresees the end: %s", e.getMessage())
          .anyMatch(step -> step.then() != Then.GOES_ON || step.would() == Would.BLOCKED);
    }
    Set<Written> after = written(shop);
    after.removeAll(before);
    for (Written run : after) {
      assertThat(plan.steps())
          .as("%s in %s", run, words(plan))
          .anyMatch(
              step -> step.stage() == run.stage() && step.allows(run.date(), run.runId()));
    }
    for (PlanStep step : plan.steps()) {
      for (PlanStep.Slice slice : step.slices()) {
        assertThat(after)
            .as("%s of %s in %s, ended %s", step.stage(), slice.date(), words(plan), ended)
            .anyMatch(
                run ->
                    run.stage() == step.stage()
                        && run.date().equals(slice.date())
                        && (slice.runId().isEmpty() || slice.runId().equals(run.runId())));
      }
    }
  }

  private static List<String> words(PipelinePlan plan) {
    return plan.steps().stream()
        .map(step -> step.date() + " " + step.stage().word() + " " + step.would().word())
        .toList();
  }

  private record Written(Stage stage, LocalDate date, String runId, String outputs) {}

  /** Rows of runs, less the measured outcomes, which are no step. */
  private static Set<Written> written(Shop shop) {
    Set<Written> written = new HashSet<>();
    for (Map<String, Object> row : new RunLog(shop.open().lake()).rows("shop")) {
      Stage stage = Stage.valueOf(((String) row.get("stage")).toUpperCase(java.util.Locale.ROOT));
      String outputs = String.valueOf(row.get("outputs"));
      if (stage != Stage.RELEASE || !outputs.contains("metrics")) {
        written.add(
            new Written(
                stage, (LocalDate) row.get("date"), (String) row.get("run_id"), outputs));
      }
    }
    return written;
  }
}
