package io.millrace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.RealData;
import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.EvaluateSpec;
import io.millrace.config.EvaluateSpec.Top;
import io.millrace.config.SplitSpec;
import io.millrace.config.SplitSpec.Period;
import io.millrace.train.Splitter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** The split and the card precision of the Fraud Detection Handbook, on its transactions. */
class HandbookSplitTest {

  @Test
  void givesTheHandbooksRowsAndPrecision() throws IOException {
    Path data = RealData.at("fraud-handbook");
    JsonNode reference;
    try (var in = getClass().getResourceAsStream("/evaluate/top.json")) {
      reference = new ObjectMapper().readTree(in).get("handbook");
    }
    Dataset<Row> rows =
        TestSpark.session()
            .read()
            .parquet(
                data.resolve("transactions_2018-07.parquet").toString(),
                data.resolve("transactions_2018-08.parquet").toString())
            .selectExpr(
                "string(TRANSACTION_ID) as _key",
                "cast(TX_DATETIME as timestamp) as _time",
                "double(TX_FRAUD) as label",
                "CUSTOMER_ID",
                "(TX_AMOUNT + TRANSACTION_ID * 1e-9D) / 10000D as score");
    SplitSpec split =
        new SplitSpec.ByPeriod(
            period("2018-07-25", "2018-07-31"),
            period("2018-08-08", "2018-08-14"),
            0,
            Optional.of("CUSTOMER_ID"));
    Dataset<Row> sides = Splitter.add(rows, split, Duration.ofDays(7)).cache();

    assertThat(counts(sides, Splitter.TRAIN)).isEqualTo("67240 rows, 598 positive");
    assertThat(counts(sides, Splitter.TEST)).isEqualTo("58264 rows, 385 positive");
    assertThat(reference.get("rows").toString())
        .isEqualTo("{\"train\":[67240,598],\"test\":[58264,385]}");
    for (boolean drop : new boolean[] {true, false}) {
      assertThat(precision(sides, drop))
          .isCloseTo(reference.get("100-" + drop).get("mean").asDouble(), within(1e-12));
    }
    sides.unpersist();
  }

  private static double precision(Dataset<Row> sides, boolean drop) {
    Dataset<Row> test =
        sides
            .where("_split = 'test'")
            .withColumnsRenamed(
                java.util.Map.of("_time", Evaluator.DAY, "CUSTOMER_ID", Evaluator.KEY));
    Top top = new Top(100, Optional.of("CUSTOMER_ID"), drop, false);
    EvaluateSpec spec = new EvaluateSpec(List.of(), 0.5, Optional.empty(), Optional.of(top));
    return Evaluator.evaluate(test, Task.BINARY, List.of(), spec, OptionalDouble.empty()).stream()
        .filter(metric -> metric.metric().equals("precision-at-k"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static Period period(String from, String to) {
    return new Period(LocalDate.parse(from), LocalDate.parse(to));
  }

  private static String counts(Dataset<Row> sides, String side) {
    Row row =
        sides
            .where("_split = '" + side + "'")
            .selectExpr("count(*)", "cast(sum(label) as long)")
            .first();
    return row.getLong(0) + " rows, " + row.getLong(1) + " positive";
  }
}
