package io.millrace.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.RealData;
import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.config.SplitSpec;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the audit finds, and what it leaves alone, in public data whose leaks are known. */
@Tag("much-data")
class LeaksOfRealDataTest {

  private static Dataset<Row> csv(String file, String separator, boolean header) {
    return TestSpark.session()
        .read()
        .option("sep", separator)
        .option("header", header)
        .option("inferSchema", true)
        .option("ignoreLeadingWhiteSpace", true)
        .option("nullValue", "?")
        .csv(RealData.at(file).toString());
  }

  /** The findings, each as its rule, columns and figure. */
  private static List<String> leaks(Dataset<Row> rows, Task task, String label, String... without) {
    Set<String> left = Set.of(without);
    List<Feature> features = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      if (!field.name().equals("label") && !left.contains(field.name())) {
        boolean number = field.dataType() instanceof NumericType;
        features.add(
            new Feature(field.name(), number ? FeatureKind.NUMERIC : FeatureKind.CATEGORY));
      }
    }
    Dataset<Row> keyed =
        // One partition, so that keys don't tell how many there were.
        rows.coalesce(1)
            .selectExpr("*", label + " as label")
            .withColumn("_key", monotonically_increasing_id().cast("string"));
    List<String> classes =
        switch (task) {
          case BINARY -> List.of("no", "yes");
          case REGRESSION -> List.of();
          case MULTI_CLASS ->
              keyed.select(col("label").cast("string")).distinct().collectAsList().stream()
                  .map(row -> row.getString(0))
                  .toList();
        };
    Dataset<Row> split = Splitter.add(keyed, new SplitSpec.ByHash(0.7, 0.15, 0.15), Duration.ZERO);
    TrainingSet set = new TrainingSet(split, new FeatureSchema(features), task, classes);
    return LeakageAudit.run(set, TrainingData.AUDIT).stream()
        .map(leak -> "%s %s %.2f".formatted(leak.rule().text(), leak.columns(), leak.value()))
        .toList();
  }

  @Test
  void theLengthOfTheCallKnowsTheAnswer() {
    Dataset<Row> bank = csv("bank-marketing/bank-full.csv", ";", true);
    assertThat(leaks(bank, Task.BINARY, "double(y = 'yes')", "y"))
        .containsExactly("stands-out [duration] 0.81");
    assertThat(leaks(bank, Task.BINARY, "double(y = 'yes')", "y", "duration")).isEmpty();
  }

  @Test
  void theCountOfBikesIsTheSumOfItsParts() {
    Dataset<Row> bikes = csv("bike-sharing/hour.csv", ",", true).drop("dteday", "instant");
    assertThat(leaks(bikes, Task.REGRESSION, "double(cnt)", "cnt"))
        .containsExactly("separates [registered] 0.99", "combination [casual, registered] 1.00");
    assertThat(leaks(bikes, Task.REGRESSION, "double(cnt)", "cnt", "casual", "registered"))
        .isEmpty();
  }

  @Test
  void dataWithoutALeakAreLeftAlone() {
    Dataset<Row> adult = csv("adult/adult-train.csv", ",", false);
    assertThat(leaks(adult, Task.BINARY, "double(_c14 = '>50K')", "_c14")).isEmpty();
    Dataset<Row> telco = csv("telco-churn/Telco-Customer-Churn.csv", ",", true).drop("customerID");
    assertThat(leaks(telco, Task.BINARY, "double(Churn = 'Yes')", "Churn")).isEmpty();
    Dataset<Row> income =
        TestSpark.session()
            .read()
            .parquet(RealData.at("folktables/ACSIncome.validation.parquet").toString())
            .drop("index", "__index_level_0__");
    assertThat(leaks(income, Task.BINARY, "double(PINCP)", "PINCP")).isEmpty();
    Dataset<Row> credit = csv("credit-default/credit-card-clients.csv", ",", true);
    String last = credit.columns()[credit.columns().length - 1];
    assertThat(leaks(credit, Task.BINARY, "double(`" + last + "`)", last)).isEmpty();
    Dataset<Row> german = csv("german-credit/german.csv", ",", false);
    assertThat(leaks(german, Task.BINARY, "double(_c20 = 2)", "_c20")).isEmpty();
  }

  @Test
  void attacksRepeatThemselves() {
    Dataset<Row> kdd = csv("kddcup99/kddcup.data_10_percent.gz", ",", false);
    assertThat(leaks(kdd, Task.BINARY, "double(_c41 != 'normal.')", "_c41"))
        .containsExactly(
            "separates [_c22] 0.99",
            "separates [_c4] 0.99",
            "separates [_c2] 0.98",
            "shared-rows [] 0.74");
  }
}
