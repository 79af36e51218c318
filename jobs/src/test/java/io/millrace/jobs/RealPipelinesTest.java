package io.millrace.jobs;

import static io.millrace.jobs.RealPipelines.DATE;
import static io.millrace.jobs.RealPipelines.assertReleased;
import static io.millrace.jobs.RealPipelines.open;
import static io.millrace.jobs.RealPipelines.train;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.jobs.RealPipelines.Held;
import io.millrace.table.SmallTable;
import java.time.LocalDate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pipelines of {@code conf/} on the public data that they are written for. */
@Tag("much-data")
class RealPipelinesTest {

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
  void bikesOfTheLastFifthOfTheTime() {
    LocalDate december = LocalDate.parse("2012-12-01");
    Held held = train(open("bike-demand", "bike-sharing"), december);
    assertThat(held.challenger("rmse")).isLessThan(69);
    assertReleased(held.work(), december, 742);
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
