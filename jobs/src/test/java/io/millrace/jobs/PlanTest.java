package io.millrace.jobs;

import static io.millrace.jobs.PlannedShop.VISITS;
import static io.millrace.jobs.PlannedShop.assertWritten;
import static io.millrace.jobs.PlannedShop.follow;
import static io.millrace.jobs.PlannedShop.late;
import static io.millrace.jobs.PlannedShop.plan;
import static io.millrace.jobs.PlannedShop.shop;
import static io.millrace.jobs.PlannedShop.step;
import static io.millrace.jobs.PlannedShop.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Stage;
import io.millrace.StoppedException;
import io.millrace.jobs.PipelinePlan.Chain;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.cli.Planned;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.table.TableVersion;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A plan says what the command then does. */
class PlanTest {

  private static final LocalDate D1 = Shop.FIRST;
  private static final LocalDate D2 = D1.plusDays(1);
  private static final LocalDate D3 = D1.plusDays(2);
  private static final LocalDate D4 = D1.plusDays(3);

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
    String check =
        "validate: {shop_visits: [{check: in-range, column: pages, min: 0, on-fail: %s}]}\n";

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
        .hasMessageContaining(
            "raw/shop_visits moved from version 1 to 2 (ingest of shop, 2026-03-04)")
        .hasMessageContaining("plan again");

    PipelinePlan now = plan(shop, Chain.BACKFILL, D2, D3);
    PlanStep features = step(now, Stage.FEATURES, D2);
    assertThat(features.would()).isEqualTo(Would.REWRITE);
    assertThat(features.because())
        .isEqualTo("raw/shop_visits 1 -> 2: shop_visits: visits-2026-03-02-late1.csv came in");
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
    Planned planned = new Planned(List.of("shop"), D2, D3, true, false, false, out, place(shop));
    Console.Format format = json ? Console.Format.JSON : Console.Format.TEXT;
    assertThat(new PipelineVerbs().plan(planned, console(said, format))).isZero();
    return said.toString(StandardCharsets.UTF_8);
  }
}
