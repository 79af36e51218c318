package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Stage;
import io.millrace.StoppedException;
import io.millrace.jobs.PipelinePlan.Chain;
import io.millrace.jobs.console.Console;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows are tested, bad ones kept and mended, dates watched and kept back, pages written. */
class WatchedShopTest {

  private static final LocalDate D1 = Shop.FIRST;
  private static final LocalDate D2 = D1.plusDays(1);
  private static final LocalDate D3 = D1.plusDays(2);
  private static final LocalDate D5 = D1.plusDays(4);

  private static Shop checked(String checks) {
    Shop shop = new Shop();
    Shop.write(
        shop.spec,
        Shop.SPEC + "validate:\n  shop_visits:\n" + checks.indent(4).stripTrailing() + "\n");
    return shop;
  }

  private static void spoil(Shop shop, LocalDate day, String from, String to) {
    Path file = shop.data.resolve("visits-" + day + ".csv");
    String text = Shop.read(file);
    assertThat(text).contains(from);
    Shop.write(file, text.replace(from, to));
  }

  private static List<Map<String, Object>> rows(Shop shop, String table) {
    Lake lake = shop.open().lake();
    return lake.latest(table).orElseThrow().rows("pipeline", "shop");
  }

  private static String line(Shop shop, LocalDate day, int number) {
    return Shop.read(shop.data.resolve("visits-" + day + ".csv")).lines().toList().get(number);
  }

  @Test
  void aRowThatBreaksRulesIsKeptWithAllOfThemAndComesBackMendedOnce() throws Exception {
    Shop shop =
        checked(
            """
            - {check: in-range, column: pages, min: 0, max: 30, on-fail: quarantine}
            - {check: in-range, column: minutes, min: 0, max: 60, on-fail: quarantine}
            - {check: one-of, column: channel, values: [web, mail, shop]}
            """);
    shop.days(0, 2);
    String good = line(shop, D1, 1);
    String id = good.split(",")[0];
    spoil(shop, D1, good, id + "," + D1 + ",99,-5,web");
    try (Work work = shop.open()) {
      new IngestJob(work, D2).run();
      assertThat(new ValidateJob(work, D2).run()).isEqualTo(Outcome.DONE);
      assertThat(new ValidateJob(work, D2).run()).isEqualTo(Outcome.ALREADY_DONE);
      new FeaturesJob(work).ofDate(D1);
    }
    assertThat(shop.said()).contains("2 of 6 checks failed, 1 rows to quarantine");
    List<Map<String, Object>> refused =
        shop.open().lake().latest("quarantine/shop_visits").orElseThrow().rows();
    assertThat(refused)
        .extracting(row -> row.get("rule"))
        .containsExactlyInAnyOrder("in-range(pages)", "in-range(minutes)");
    assertThat(features(shop, D1)).isEqualTo(119);
    assertThat(rows(shop, "runs").stream().filter(run -> run.get("stage").equals("features")))
        .singleElement()
        .extracting(run -> run.get("inputs"))
        .asString()
        .contains("raw/shop_visits", "quarantine/shop_visits");

    Path export = shop.folder.resolve("refused.csv");
    String[] command = {"quarantine", "shop_visits", "--export", export.toString()};
    try (Program program = new Program(shop, shop.lakeFolder, command)) {
      assertThat(program.end()).isZero();
    }
    List<String> lines = Files.readAllLines(export);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("row_id,slice_run_id,reasons,refused_text,visit,day,pages");
    Shop.write(export, lines.get(0) + "\n" + lines.get(1).replace(",99,-5.0,", ",9,5.0,") + "\n");
    try (Work work = shop.open()) {
      assertThat(new Mending(work, "shop_visits", D3).retry(export)).isEqualTo(1);
      assertThat(new Mending(work, "shop_visits", D3).retry(export)).isZero();
      new ValidateJob(work, D3).run();
      new FeaturesJob(work).ofDate(D1);
    }
    assertThat(features(shop, D1)).isEqualTo(120);
    assertThat(shop.open().raw("shop_visits").read().where("visit = " + id).count()).isEqualTo(1);
  }

  private static long features(Shop shop, LocalDate date) {
    return shop.open()
        .lake()
        .latest("features/shop")
        .orElseThrow()
        .slice("date", date.toString())
        .rows();
  }

  @Test
  void aCheckThatStopsLetsNothingOn() {
    Shop shop = checked("- {check: row-count, min: 1000, on-fail: stop}");
    shop.days(0, 1);
    try (Work work = shop.open()) {
      new IngestJob(work, D1).run();
      assertThatThrownBy(() -> new ValidateJob(work, D1).run())
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("raw/shop_visits: a check stops what came in on " + D1)
          .hasMessageContaining("validate.shop_visits");
      assertThatThrownBy(() -> new FeaturesJob(work).ofDate(D1))
          .isInstanceOf(StoppedException.class);
    }
    // Another pipeline with the same source and checks finds them judged, and is stopped as well.
    Shop.write(shop.spec, Shop.read(shop.spec).replace("pipeline: shop\n", "pipeline: mall\n"));
    try (Work work = shop.open()) {
      assertThatThrownBy(() -> new FeaturesJob(work).ofDate(D1))
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("raw/shop_visits: a check stops what came in on " + D1);
    }
  }

  @Test
  void aStoppedSliceStandsInTheWayOfWhatReachesItUntilItsCheckChanges() {
    Shop shop = checked("- {check: row-count, min: 120, on-fail: stop}");
    shop.days(0, 2);
    spoil(shop, D1, line(shop, D1, 1) + "\n", "");
    try (Work work = shop.open()) {
      new IngestJob(work, D1).run();
      assertThatThrownBy(() -> new ValidateJob(work, D1).run())
          .isInstanceOf(StoppedException.class);
      new IngestJob(work, D2).run();
      assertThat(new ValidateJob(work, D2).run()).isEqualTo(Outcome.DONE);
      assertThat(new FeaturesJob(work).ofDate(D2)).isEqualTo(Outcome.DONE);
      assertThatThrownBy(() -> new FeaturesJob(work).forTraining(D2))
          .isInstanceOf(StoppedException.class)
          .hasMessage(
              "raw/shop_visits: a check stops what came in on 2026-03-01: 119 rows, expected at"
                  + " least 120\n"
                  + "mend the data, or give the check another on-fail: in validate.shop_visits");
    }
    Shop.write(shop.spec, Shop.read(shop.spec).replace("min: 120", "min: 119"));
    try (Work work = shop.open()) {
      new ValidateJob(work, D2).run();
      assertThat(new FeaturesJob(work).forTraining(D2)).isEqualTo(Outcome.DONE);
    }
    assertThat(features(shop, D1)).isEqualTo(119);
  }

  @Test
  void whatIsNotValidatedIsNotUsed() {
    Shop shop = checked("- {check: not-null, columns: [pages], on-fail: quarantine}");
    shop.days(0, 1);
    try (Work work = shop.open()) {
      new IngestJob(work, D1).run();
      assertThatThrownBy(() -> new FeaturesJob(work).ofDate(D1))
          .hasMessageContaining(
              "isn't validated by the present checks yet; run `millrace validate");
    }
  }

  @Test
  void aNewWarningIsJudgedAndMakesNothingStale() {
    Shop shop = checked("- {check: in-range, column: pages, min: 0, max: 30, on-fail: quarantine}");
    shop.days(0, 1);
    try (Work work = shop.open()) {
      new IngestJob(work, D1).run();
      new ValidateJob(work, D1).run();
      new FeaturesJob(work).ofDate(D1);
    }
    Shop.write(
        shop.spec,
        Shop.read(shop.spec) + "    - {check: in-range, column: minutes, min: 0, max: 1}\n");
    try (Work work = shop.open()) {
      assertThat(new ValidateJob(work, D1).run()).isEqualTo(Outcome.DONE);
      assertThat(new FeaturesJob(work).ofDate(D1)).isEqualTo(Outcome.ALREADY_DONE);
    }
    assertThat(rows(shop, "checks"))
        .anySatisfy(
            row -> {
              assertThat(row.get("check")).isEqualTo("in-range(minutes)");
              assertThat(row.get("passed")).isEqualTo(false);
            });
  }

  @Test
  void aDateThatHasChangedIsKeptBackUntilAPersonSaysWhy() {
    Shop shop = new Shop();
    Shop.write(
        shop.spec,
        Shop.SPEC
            + "monitor: {retrain: {when: 1 of last 2 dates over stop}}\n"
            + "release: {hold-when: [feature-stop]}\n");
    shop.days(0, 5);
    Path changed = shop.data.resolve("visits-" + D5 + ".csv");
    Shop.write(
        changed, Shop.read(changed).replace(",web\n", ",app\n").replace(",mail\n", ",app\n"));
    try (Work work = shop.open()) {
      Chains chains = new Chains(work);
      chains.train(D3);
      chains.daily(D3);
      assertThatThrownBy(() -> chains.daily(D5))
          .isInstanceOf(HeldException.class)
          .hasMessageContaining("the predictions of " + D5 + " are kept back")
          .hasMessageContaining("channel: psi")
          .hasMessageContaining("--override WHY");
      assertThat(work.lake().latest("predictions/shop").orElseThrow().slices("date"))
          .containsOnlyKeys(D3.toString());
      new ReleaseJob(work, D5, Optional.of("the app is ours")).run();
      assertThat(work.lake().latest("predictions/shop").orElseThrow().slices("date"))
          .containsOnlyKeys(D3.toString(), D5.toString());
    }
    shop.said();
    try (Work work = shop.open(Map.of(), Console.Format.JSON)) {
      assertThat(new MonitorJob(work, D5).run()).isEqualTo(Outcome.ALREADY_DONE);
    }
    assertThat(shop.said().lines().filter(line -> line.contains("\"event\":\"verdict\"")))
        .singleElement()
        .asString()
        .contains("\"pipeline\":\"shop\"", "\"date\":\"" + D5 + "\"", "\"release\":false")
        .contains("\"retrain\":true", "train again: 1 of the last");
    assertThat(rows(shop, "releases"))
        .anySatisfy(row -> assertThat(row.get("override")).isEqualTo("the app is ours"));
    assertThat(rows(shop, "verdicts"))
        .anySatisfy(
            row -> {
              assertThat(row.get("date")).isEqualTo(D5);
              assertThat(row.get("release")).isEqualTo(false);
              assertThat(row.get("retrain")).isEqualTo(true);
              assertThat((String) row.get("reasons")).contains("train again: 1 of the last");
            });
    String page = Shop.read(shop.lakeFolder.resolve("reports/shop/" + D5 + ".html"));
    assertThat(page).contains("channel").contains("<svg").doesNotContain("<script");
    assertThat(shop.lakeFolder.resolve("reports/index.html")).exists();
  }

  @Test
  void aDateIsKeptBackByThePresentChecksAlone() {
    Shop shop = checked("- {check: in-range, column: pages, max: 3}");
    Shop.write(shop.spec, Shop.read(shop.spec) + "release: {hold-when: [check-warn]}\n");
    shop.days(0, 5);
    try (Work work = shop.open()) {
      new Chains(work).train(D3);
      assertThatThrownBy(() -> new Chains(work).daily(D5))
          .isInstanceOf(HeldException.class)
          .hasMessageContaining("check-warn: shop_visits: ");
    }
    Shop.write(shop.spec, Shop.read(shop.spec).replace("max: 3}", "max: 30}"));
    PipelinePlan plan = PlannedShop.plan(shop, Chain.DAILY, D5);
    PlanStep monitor = PlannedShop.step(plan, Stage.MONITOR, D5);
    assertThat(monitor.would()).isEqualTo(Would.RUN);
    assertThat(monitor.slices().get(0).runId()).isNotEmpty();
    PlannedShop.assertWritten(shop, plan, () -> PlannedShop.follow(shop, plan));
    assertThat(shop.open().lake().latest("predictions/shop").orElseThrow().slices("date"))
        .containsOnlyKeys(D5.toString());
    assertThat(PlannedShop.words(PlannedShop.plan(shop, Chain.DAILY, D5), D5))
        .contains("validate skip", "monitor skip", "release skip");
  }

  @Test
  void theSameAgainMovesNothing() {
    Shop shop = checked("- {check: not-null, columns: [pages], on-fail: quarantine}");
    shop.days(0, 3);
    Map<String, Long> before;
    try (Work work = shop.open()) {
      new Chains(work).train(D3);
      new Chains(work).daily(D3);
      work.flush();
      before = Shop.versions(work.lake());
    }
    try (Work work = shop.open()) {
      new Chains(work).train(D3);
      new Chains(work).daily(D3);
    }
    assertThat(Shop.versions(shop.open().lake())).isEqualTo(before);
    assertThat(new SmallTable(shop.open().lake(), ResultTables.curves()).rows("shop"))
        .extracting(row -> row.get("curve"))
        .contains("roc", "precision-recall", "calibration", "gain", "confusion", "importance");
  }
}
