package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.TestSpark;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The pipelines of {@code conf/} on the public data that they are written for. */
class RealPipelinesTest {

  private static final LocalDate DATE = LocalDate.parse("2026-01-01");

  /** What a trained and promoted model showed on the rows that were held out. */
  private record Held(Work work, LocalDate date) {

    double challenger(String metric) {
      return RealPipelines.figure(work, date, "challenger", metric);
    }

    double baseline(String metric) {
      return RealPipelines.figure(work, date, "baseline", metric);
    }
  }

  private static Work open(String pipeline, String folder) {
    Path data = RealPipelines.data(folder);
    return open(pipeline, Map.of("data", data.toString()));
  }

  private static Work open(String pipeline, Map<String, String> variables) {
    Lake lake = Lake.open(TestSpark.temporary(pipeline).toString(), TestSpark::session);
    return RealPipelines.open(Path.of("../conf"), pipeline, variables, lake);
  }

  private static Held train(Work work, LocalDate date) {
    PromoteJob.Decision decision = new Chains(work).train(date);
    work.flush();
    assertThat(decision.reasons()).isEmpty();
    assertThat(decision.promoted()).isTrue();
    return new Held(work, date);
  }

  /** Scores and releases; each entity has one prediction of the date. */
  private static void assertReleased(Work work, LocalDate date, long rows) {
    new Chains(work).score(date);
    work.flush();
    var predictions = work.lake().latest("predictions/" + work.name()).orElseThrow().read();
    assertThat(predictions.where("date = '" + date + "'").count()).isEqualTo(rows);
  }

  @Test
  void adultWithItsPublishedTestFile() {
    Held held = train(open("adult-income", "adult"), DATE);
    assertThat(held.challenger("auc")).isGreaterThan(0.926);
    assertThat(held.baseline("auc")).isGreaterThan(0.904);
    assertReleased(held.work(), DATE, 48_842);
  }

  @Test
  void telcoChurn() {
    Held held = train(open("telco-churn", "telco-churn"), DATE);
    assertThat(held.challenger("auc")).isGreaterThan(0.83);
    assertReleased(held.work(), DATE, 7_043);
  }

  @Test
  void bankWithoutTheDurationThatLeaks() {
    Held held = train(open("bank-full", "bank-marketing"), DATE);
    assertThat(held.challenger("auc")).isGreaterThan(0.79);
  }

  @Test
  void bankByMonths() {
    Work work = open("bank", Map.of("examples", "../examples"));
    Held held = train(work, LocalDate.parse("2008-09-01"));
    assertThat(held.challenger("auc")).isGreaterThan(0.54);
    assertReleased(work, LocalDate.parse("2008-11-01"), 3616);
  }

  @Test
  void bikesOfTheLastFifthOfTheTime() {
    LocalDate december = LocalDate.parse("2012-12-01");
    Held held = train(open("bike-demand", "bike-sharing"), december);
    assertThat(held.challenger("rmse")).isLessThan(69);
    assertReleased(held.work(), december, 742);
  }

  @Test
  void intrusionsOfTwentyThreeClasses() {
    Held held = train(open("network-intrusion", "kddcup99"), DATE);
    assertThat(held.challenger("accuracy")).isGreaterThan(0.999);
    assertReleased(held.work(), DATE, 494_021);
  }

  @Test
  void censusIncomeWithItsPublishedTestFile() {
    Held held = train(open("acs-income", "folktables"), DATE);
    assertThat(held.challenger("auc")).isGreaterThan(0.893);
    assertReleased(held.work(), DATE, 665_800);
  }

  /** The figures of the Fraud Detection Handbook's features and split, by Python's XGBoost. */
  @Test
  void cardFraudAsTheHandbookDoesIt() {
    LocalDate august = LocalDate.parse("2018-08-31");
    Held held = train(open("card-fraud", "fraud-handbook"), august);
    assertThat(held.challenger("auc")).isCloseTo(0.884, within(0.01));
    assertThat(held.challenger("average-precision")).isCloseTo(0.651, within(0.01));
    assertThat(held.challenger("precision-at-k")).isCloseTo(0.287, within(0.01));
    assertThat(new SmallTable(held.work().lake(), ResultTables.models()).rows("card-fraud"))
        .singleElement()
        .satisfies(row -> assertThat(row.get("rows_train")).isEqualTo(67_240L));
  }
}
