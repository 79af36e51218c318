package io.millrace.jobs;

import static io.millrace.jobs.BadShop.D2;
import static io.millrace.jobs.BadShop.D3;
import static io.millrace.jobs.BadShop.copy;
import static io.millrace.jobs.BadShop.daily;
import static io.millrace.jobs.BadShop.edit;
import static io.millrace.jobs.BadShop.edited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What is told of released predictions once their labels are known. */
class ReleasedTest {

  private static final LocalDate D4 = D3.plusDays(1);

  /** The figures of the date's predictions, measured when the labels of a day later came. */
  private static Map<String, Double> figures(Work work) {
    new IngestJob(work, D4).run();
    new ValidateJob(work, D4).run();
    new LabelJob(work, D4).run();
    new Performance(work).measure(List.of(D4));
    Map<String, Double> figures = new TreeMap<>();
    new Performance(work)
        .upTo(D4)
        .get(D3)
        .forEach((name, metric) -> figures.put(name, metric.value()));
    return figures;
  }

  /** Released predictions of the date with what was bought. */
  private static Dataset<Row> outcomes(Work work) {
    Dataset<Row> released = work.lake().latest("predictions/shop").orElseThrow().read();
    return released
        .where("date = date'" + D3 + "'")
        .join(work.raw("shop_sales").read().select("visit", "bought"), "visit");
  }

  @Test
  void theTopOfTheRankingIsMeasured() {
    Shop shop = edited(copy(), "slices: [channel]", "slices: [channel], top: {k: 10}");
    try (Work work = shop.open()) {
      daily(work);
      Map<String, Double> figures = figures(work);
      List<Row> rows = outcomes(work).select("probability", "bought").collectAsList();
      List<Row> best =
          rows.stream()
              .sorted(Comparator.comparingDouble((Row row) -> -row.getDouble(0)))
              .limit(10)
              .toList();
      double tenth = best.get(9).getDouble(0);
      double sure = best.stream().filter(r -> r.getDouble(0) > tenth && isYes(r)).count();
      double tied = best.stream().filter(r -> r.getDouble(0) == tenth).count();
      assertThat(rows).hasSize(120);
      assertThat(figures).containsKey("auc");
      assertThat(figures.get("precision-at-k") * 10).isBetween(sure, sure + tied);
    }
  }

  private static boolean isYes(Row row) {
    return row.getString(1).equals("yes");
  }

  @Test
  void moreClassesAreMeasured() {
    Shop shop = new Shop().days(0, 4);
    for (int day = 1; day <= 4; day++) {
      edit(
          shop,
          "sales-" + Shop.FIRST.plusDays(day) + ".csv",
          text -> text.replaceAll("(?m)^(\\d*[37]),.*$", "$1,maybe"));
    }
    edited(shop, ", positive: \"yes\", negative: \"no\"", "");
    edited(shop, ", value: {true-positive: 5, false-positive: -1}", "");
    edited(shop, "metric: auc, value: 0.6", "metric: accuracy, value: 0.1");
    edited(shop, "  baseline: {kind: logistic}\n", "");
    try (Work work = shop.open()) {
      new Chains(work).train(D2);
      new Chains(work).score(D3);
      Map<String, Double> figures = figures(work);
      assertThat(figures)
          .containsKeys("accuracy", "macro-f1", "log-loss", "macro-auc", "recall:maybe");
      Row twin =
          outcomes(work)
              .selectExpr("avg(double(prediction = bought))", "avg(-ln(probabilities[bought]))")
              .first();
      assertThat(figures.get("accuracy")).isCloseTo(twin.getDouble(0), within(1e-12));
      assertThat(figures.get("log-loss")).isCloseTo(twin.getDouble(1), within(1e-9));
    }
  }
}
