package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.jobs.PipelinePlan.Chain;
import io.millrace.table.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A late file makes the dates stale that it reaches, and no others. */
class StaleDatesTest {

  private static final LocalDate D2 = Shop.FIRST.plusDays(2);
  private static final LocalDate D5 = Shop.FIRST.plusDays(5);

  /** Visitors' earlier visits of three days count. */
  private static final String SPEC =
      Shop.SPEC
          .replace(
              "  expressions:",
              """
                windows:
                  - {source: shop_visits, by: channel, over: [3d], aggregate: {pages: [sum]}}
                expressions:\
              """)
          .replace("path: \"${data}/visits-{date}.csv\"", "path: \"${data}/visits-{date}*.csv\"");

  @Test
  void aLateFileMakesTheDatesStaleThatItReaches() {
    Shop shop = shop();
    List<LocalDate> dates = Shop.FIRST.datesUntil(D5.plusDays(1)).toList();
    try (Work work = shop.open()) {
      new Chains(work).train(D2);
      new Chains(work).backfill(dates);
      assertThat(stale(work)).isEmpty();
    }
    String late = "visit,day,pages,minutes,channel\n900001,2026-03-02,7,3.5,web\n";
    Shop.write(shop.data.resolve("visits-2026-03-02-late.csv"), late);
    Map<String, Long> before;
    try (Work work = shop.open()) {
      new IngestJob(work, D5).run();
      Map<LocalDate, String> stale = stale(work);
      // Its own date, and the three whose windows look back to it.
      assertThat(stale.keySet())
          .containsExactly(
              LocalDate.parse("2026-03-02"),
              LocalDate.parse("2026-03-03"),
              LocalDate.parse("2026-03-04"),
              LocalDate.parse("2026-03-05"));
      assertThat(stale.values())
          .containsOnly("features: shop_visits: visits-2026-03-02-late.csv came in");
      before = slices(work.lake());
      new Chains(work).redo(List.copyOf(stale.keySet()));
      assertThat(stale(work)).isEmpty();
    }
    Lake lake = shop.open().lake();
    Map<String, Long> after = slices(lake);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    assertThat(after.get("2026-03-02")).isEqualTo(before.get("2026-03-02") + 1);

    Shop other = shop();
    Shop.write(other.data.resolve("visits-2026-03-02-late.csv"), late);
    try (Work work = other.open()) {
      new Chains(work).backfill(dates);
    }
    assertThat(features(lake)).isEqualTo(features(other.open().lake()));
    anotherChampionAndAnEditMakeDatesStaleToo(shop, dates);
  }

  @Test
  void aDateWhoseOnlyFileIsLateIsStaleAndOneThatNobodyAskedForIsNot() throws IOException {
    Shop shop = shop();
    LocalDate nobodys = Shop.FIRST.plusDays(3);
    Path visits = shop.data.resolve("visits-2026-03-02.csv");
    Path held = shop.folder.resolve("held.csv");
    Files.move(visits, held);
    List<LocalDate> asked = Shop.FIRST.datesUntil(D5.plusDays(1)).toList();
    try (Work work = shop.open()) {
      for (LocalDate date : asked) {
        if (!date.equals(nobodys)) {
          new Chains(work).backfill(List.of(date));
        }
      }
      assertThat(stale(work)).isEmpty();
    }
    Files.move(held, visits);
    try (Work work = shop.open()) {
      new IngestJob(work, D5).run();
      Map<LocalDate, String> stale = stale(work);
      assertThat(stale)
          .containsEntry(
              Shop.FIRST.plusDays(1),
              "features: never made; shop_visits: visits-2026-03-02.csv came in")
          .containsEntry(D2, "features: shop_visits: visits-2026-03-02.csv came in")
          .doesNotContainKey(nobodys);
      new Chains(work).redo(List.copyOf(stale.keySet()));
      assertThat(stale(work)).isEmpty();
      assertThat(slices(work.lake())).containsEntry("2026-03-02", 120L).hasSize(5);
    }
  }

  @Test
  void aLateDateOfWhichNoRowCountsIsMadeOnce() throws IOException {
    Shop shop = shop();
    String check = "{check: in-range, column: pages, min: 0, on-fail: quarantine}";
    Shop.write(
        shop.spec,
        SPEC.replace("features:", "validate: {shop_visits: [" + check + "]}\nfeatures:"));
    Path visits = shop.data.resolve("visits-2026-03-02.csv");
    Files.delete(visits);
    List<LocalDate> dates = List.of(Shop.FIRST, D2);
    try (Work work = shop.open()) {
      new Chains(work).backfill(dates);
      assertThat(stale(work)).isEmpty();
    }
    Shop.write(visits, "visit,day,pages,minutes,channel\n900001,2026-03-02,-7,3.5,web\n");
    try (Work work = shop.open()) {
      new IngestJob(work, D2).run();
      assertThat(stale(work)).containsKeys(Shop.FIRST.plusDays(1), D2);
      assertThatThrownBy(() -> new Chains(work).redo(List.copyOf(stale(work).keySet())))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("run `millrace validate shop --date 2026-03-03`");
      new ValidateJob(work, D2).run();
      new Chains(work).redo(List.copyOf(stale(work).keySet()));
      assertThat(stale(work)).isEmpty();
      assertThat(slices(work.lake())).containsOnlyKeys(Shop.FIRST.toString(), D2.toString());
    }
  }

  @Test
  void aDateWhoseFeaturesWereMadeEmptyIsStaleOnceItsRowsCount() {
    Shop shop = shop();
    LocalDate refused = Shop.FIRST.plusDays(1);
    Shop.write(
        shop.data.resolve("visits-" + refused + ".csv"),
        "visit,day,pages,minutes,channel\n900001," + refused + ",-7,3.5,web\n");
    check(shop, "min: 0");
    try (Work work = shop.open()) {
      new Chains(work).backfill(List.of(Shop.FIRST, refused, D2));
      assertThat(slices(work.lake())).doesNotContainKey(refused.toString());
      assertThat(stale(work)).isEmpty();
    }
    check(shop, "min: -9");
    try (Work work = shop.open()) {
      new ValidateJob(work, D2).run();
      assertThat(stale(work))
          .containsEntry(
              refused,
              "features: the checks of a source, rows that were refused, or this build's features"
                  + " have changed");
      new Chains(work).redo(List.copyOf(stale(work).keySet()));
      assertThat(stale(work)).isEmpty();
      assertThat(slices(work.lake())).containsEntry(refused.toString(), 1L);
    }
  }

  @Test
  void predictionsOfFeaturesThatAreEmptyNowAreStale() {
    Shop shop = shop();
    List<LocalDate> dates = Shop.FIRST.datesUntil(D2.plusDays(1)).toList();
    try (Work work = shop.open()) {
      new Chains(work).train(D2);
      new Chains(work).backfill(dates);
    }
    check(shop, "max: -1");
    Shop.write(shop.spec, Shop.read(shop.spec) + "release: {hold-when: [feature-stop]}\n");
    try (Work work = shop.open()) {
      new ValidateJob(work, D2).run();
      assertThat(stale(work)).containsOnlyKeys(dates);
      // As of a backfill that was killed before it released.
      new FeaturesJob(work).ofRange(D2, dates);
      assertThat(stale(work)).containsOnlyKeys(D2);
      assertThat(stale(work).get(D2)).startsWith("predictions: made of other features");
    }
    PipelinePlan plan = PlannedShop.plan(shop, Chain.BACKFILL, D2);
    assertThat(PlannedShop.words(plan, D2))
        .contains("features skip", "score rewrite", "monitor skip", "release rewrite");
    PlannedShop.assertWritten(shop, plan, () -> PlannedShop.follow(shop, plan));
    try (Work work = shop.open()) {
      assertThat(stale(work)).isEmpty();
      assertThat(ScoreJob.hasPredictions(work, D2)).isFalse();
    }
  }

  private static void check(Shop shop, String range) {
    String check = "{check: in-range, column: pages, " + range + ", on-fail: quarantine}";
    Shop.write(
        shop.spec,
        SPEC.replace("features:", "validate: {shop_visits: [" + check + "]}\nfeatures:"));
  }

  private static void anotherChampionAndAnEditMakeDatesStaleToo(Shop shop, List<LocalDate> dates) {
    try (Work work = shop.open(Map.of("train.seed", "8"))) {
      PromoteJob.Decision second = new Chains(work).train(D2);
      assertThat(second.promoted()).isTrue();
      assertThat(stale(work)).containsOnlyKeys(D2.datesUntil(D5.plusDays(1)).toList());
      assertThat(stale(work).values())
          .containsOnly("predictions: made of other features, or not by model " + second.version());
    }
    Shop.write(shop.spec, SPEC.replace("pages / minutes", "pages * minutes"));
    try (Work work = shop.open()) {
      assertThat(stale(work)).containsOnlyKeys(dates);
      assertThat(stale(work).values())
          .containsOnly("features: the spec of the features was edited");
    }
  }

  private static Shop shop() {
    Shop shop = new Shop().days(0, 6);
    Shop.write(shop.spec, SPEC);
    return shop;
  }

  private static Map<LocalDate, String> stale(Work work) {
    return StaleDates.of(work, LocalDate.MIN, LocalDate.MAX);
  }

  private static Map<String, Long> slices(Lake lake) {
    Map<String, Long> rows = new java.util.TreeMap<>();
    lake.latest("features/shop")
        .orElseThrow()
        .slices("date")
        .forEach((date, slice) -> rows.put(date, slice.rows()));
    return rows;
  }

  private static List<String> features(Lake lake) {
    return lake.latest("features/shop").orElseThrow().read().drop("run_id").collectAsList().stream()
        .map(Object::toString)
        .sorted()
        .toList();
  }
}
