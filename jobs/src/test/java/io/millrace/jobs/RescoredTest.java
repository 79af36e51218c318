package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.TestSpark;
import io.millrace.jobs.console.Console;
import io.millrace.retain.Rules;
import io.millrace.retain.Vacuum;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunLog;
import io.millrace.table.SmallTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dates that are scored again by another model, in whatever order. */
class RescoredTest {

  private static final LocalDate D1 = Shop.FIRST.plusDays(1);
  private static final LocalDate D2 = D1.plusDays(1);
  private static final LocalDate D3 = D1.plusDays(2);
  private static final LocalDate D4 = D1.plusDays(3);
  private static final List<LocalDate> DATES = List.of(D1, D2, D3, D4);
  private static final Map<String, String> OTHER = Map.of("train.algorithm.rounds", "5");

  private static final Shop SHOP = new Shop().days(0, 5);

  private static String first;

  private static Work open(String name, Map<String, String> overrides) {
    Lake lake = Lake.open(SHOP.folder.resolve(name).toString(), TestSpark::session);
    return SHOP.open(lake, overrides, Console.Format.TEXT);
  }

  /** A model that has scored all dates, and another one that is the champion now. */
  @BeforeAll
  static void scored() {
    try (Work work = open("lake", Map.of())) {
      first = new Chains(work).train(D1).version();
      new Chains(work).backfill(DATES);
    }
    try (Work work = open("lake", OTHER)) {
      new Chains(work).train(D1);
    }
  }

  private static Work copy(String name) throws IOException {
    FileUtils.copyDirectory(
        SHOP.folder.resolve("lake").toFile(), SHOP.folder.resolve(name).toFile());
    return open(name, Map.of());
  }

  @Test
  void theOrderOfDatesIsNotSeenInAnyTable() throws IOException {
    Map<String, List<String>> expected;
    try (Work work = copy("forwards")) {
      new Chains(work).backfill(DATES);
      work.flush();
      expected = LakeRows.of(work.lake());
    }
    try (Work work = copy("backwards")) {
      // Backwards, with overlap, and one of them once more.
      List.of(D4, D3, D2, D3, D2, D1, D3).forEach(new Chains(work)::score);
      work.flush();
      assertThat(LakeRows.of(work.lake())).isEqualTo(expected);
    }
    // The day after each date has the labels of both models' predictions.
    assertThat(expected.get("metrics").stream().filter(row -> row.contains("\"auc\",")))
        .filteredOn(row -> row.contains("\"role\":\"released\""))
        .hasSize(2 * 3);
  }

  @Test
  void figuresAreOfWhatIsReleasedNow() throws IOException {
    LocalDate date = D2;
    try (Work work = copy("back")) {
      Map<String, Double> before = figures(work, date);
      isTrue(work, date, before);
      // Labels of the one came on a date between them.
      new Chains(work).redo(List.of(D2, D4));
      Map<String, Double> after = figures(work, date);
      isTrue(work, date, after);
      assertThat(after.get("log-loss")).isNotEqualTo(before.get("log-loss"));

      // The first model is back: its predictions are what they were, so are its figures.
      new PromoteJob(work, D1).to(first);
      new Chains(work).score(date);
      assertThat(figures(work, date)).isEqualTo(before);
      assertThat(seen(work, date)).isEqualTo(before.get("log-loss"));
      long version = work.lake().latest("metrics").orElseThrow().version();
      int runs = work.lake().latest("runs").orElseThrow().rows().size();
      new Chains(work).score(date);
      new Chains(work).release(date, Optional.empty());
      assertThat(work.lake().latest("metrics").orElseThrow().version()).isEqualTo(version);
      assertThat(work.lake().latest("runs").orElseThrow().rows()).hasSize(runs);
    }
  }

  @Test
  void aReleaseThatWasKilledBeforeItWasToldOfIsToldWhenItIsReplaced() throws IOException {
    try (Work work = copy("untold")) {
      Map<String, Object> expected = released(work, D2).get(0);
      List<String> rows = rows(work.lake().latest("predictions/shop").orElseThrow(), D2);
      // As if each release had been killed once its rows were there.
      work.lake().files().delete(work.lake().path("releases"), true);

      new Chains(work).score(D2);

      List<Map<String, Object>> told = released(work, D2);
      assertThat(told).extracting(row -> row.get("model_version")).hasSize(2).contains(first);
      Map<String, Object> late =
          told.stream().filter(row -> row.get("model_version").equals(first)).findFirst().get();
      for (String column : List.of("run_id", "score_run_id", "date", "rows", "mean", "override")) {
        assertThat(late.get(column)).as(column).isEqualTo(expected.get(column));
      }
      assertThat((Instant) late.get("released_at"))
          .isBeforeOrEqualTo((Instant) expected.get("released_at"))
          .isAfter(((Instant) expected.get("released_at")).minusSeconds(600));
      assertThat(rows(work.lake().latest("predictions/shop").orElseThrow(), D2)).isNotEqualTo(rows);
      Rules nothing = new Rules(Duration.ZERO, Duration.ZERO);
      Vacuum vacuum = new Vacuum(work.lake(), nothing, new Retention(work.lake()));
      vacuum.delete(vacuum.plan());
      long version = (Long) late.get("predictions_version");
      assertThat(rows(work.lake().at("predictions/shop", version), D2)).isEqualTo(rows);
      new Chains(work).release(D2, Optional.empty());
      assertThat(released(work, D2)).as("once").hasSize(2);
    }
  }

  /** Its scores stood released all the while, so no run made them anew. */
  @Test
  void aModelThatComesBackBeforeTheOtherIsReleasedIsTheOneThatScoresADate() throws IOException {
    try (Work work = copy("held-back")) {
      new ScoreJob(work, D2).run();
      new MonitorJob(work, D2).run();
      String staged = lastScores(work, D2);
      new PromoteJob(work, D1).to(first);
      new Chains(work).score(D2);

      Map<String, Object> released = released(work, D2).get(0);
      assertThat(released.get("model_version")).isEqualTo(first);
      assertThat(lastScores(work, D2)).isEqualTo(released.get("score_run_id")).isNotEqualTo(staged);
      int runs = new RunLog(work.lake()).rows("shop").size();
      new Chains(work).score(D2);
      work.flush();
      assertThat(new RunLog(work.lake()).rows("shop")).as("once").hasSize(runs);
    }
  }

  private static String lastScores(Work work, LocalDate date) {
    work.flush();
    return new RunLog(work.lake())
        .rows("shop").stream()
            .filter(run -> run.get("stage").equals("score") && run.get("date").equals(date))
            .map(run -> (String) run.get("run_id"))
            .reduce((earlier, later) -> later)
            .orElseThrow();
  }

  /** The commit says it, so it isn't lost with whoever was killed. */
  @Test
  void whyAReleaseThatWasToldLateWasLetThroughIsKnown() throws IOException {
    try (Work work = copy("let-through")) {
      new ScoreJob(work, D2).run();
      new MonitorJob(work, D2).run();
      new ReleaseJob(work, D2, Optional.of("as sales asked")).run();
      work.lake().files().delete(work.lake().path("releases"), true);
      new PromoteJob(work, D1).to(first);

      new Chains(work).score(D2);

      assertThat(released(work, D2))
          .filteredOn(row -> !row.get("model_version").equals(first))
          .extracting(row -> row.get("override"))
          .containsExactly("as sales asked");
    }
  }

  private static List<Map<String, Object>> released(Work work, LocalDate date) {
    return new SmallTable(work.lake(), ResultTables.releases())
        .rows().stream().filter(row -> row.get("date").equals(date)).toList();
  }

  private static List<String> rows(PinnedTable predictions, LocalDate date) {
    return predictions.rows("date", date).stream().map(Object::toString).sorted().toList();
  }

  private static Map<String, Double> figures(Work work, LocalDate date) {
    Map<String, Double> figures = new TreeMap<>();
    new Performance(work)
        .upTo(D4)
        .get(date)
        .forEach((name, metric) -> figures.put(name, metric.value()));
    figures.keySet().retainAll(List.of("log-loss", "base-rate"));
    return figures;
  }

  /** The slow twin: out of the files themselves. */
  private void isTrue(Work work, LocalDate date, Map<String, Double> figures) {
    Dataset<Row> sales =
        TestSpark.session()
            .read()
            .option("header", true)
            .csv(SHOP.data.resolve("sales-" + date.plusDays(1) + ".csv").toString());
    double loss = 0;
    double positive = 0;
    List<Row> rows =
        work.lake()
            .latest("predictions/shop")
            .orElseThrow()
            .read()
            .where("date = date'" + date + "'")
            .join(sales, "visit")
            .select("probability", "bought")
            .collectAsList();
    assertThat(rows).hasSize(120);
    for (Row row : rows) {
      boolean bought = row.getString(1).equals("yes");
      loss -= Math.log(bought ? row.getDouble(0) : 1 - row.getDouble(0));
      positive += bought ? 1 : 0;
    }
    assertThat(figures.get("base-rate")).isEqualTo(positive / rows.size());
    assertThat(figures.get("log-loss")).isCloseTo(loss / rows.size(), within(1e-12));
  }

  /** What a plain select tells. */
  private static double seen(Work work, LocalDate date) {
    String query =
        "select value from metrics where role = 'released' and metric = 'log-loss'"
            + " and slice_value = '%s'".formatted(date);
    Lake lake = work.lake();
    LakeViews.of(lake)
        .make(
            query,
            (view, table) -> lake.latest(table).orElseThrow().read().createOrReplaceTempView(view),
            lake.spark()::sql);
    List<Row> rows = lake.spark().sql(query).collectAsList();
    assertThat(rows).hasSize(1);
    return rows.get(0).getDouble(0);
  }
}
