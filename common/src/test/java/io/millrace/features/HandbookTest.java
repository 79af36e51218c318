package io.millrace.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.RealData;
import io.millrace.TestSpark;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.Variables;
import io.millrace.features.FeatureLake.Raw;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/**
 * The features of the Fraud Detection Handbook, as {@code conf/card-fraud.yaml} has them, against
 * those of pandas: all payments of 20 customers and of 20 terminals.
 */
class HandbookTest {

  private static final StructType SCHEMA =
      new StructType()
          .add("TRANSACTION_ID", DataTypes.LongType)
          .add("TX_DATETIME", DataTypes.TimestampType)
          .add("CUSTOMER_ID", DataTypes.LongType)
          .add("TERMINAL_ID", DataTypes.LongType)
          .add("TX_AMOUNT", DataTypes.DoubleType)
          .add("TX_FRAUD", DataTypes.LongType);

  @Test
  void areThoseOfPandas() throws IOException {
    Path data = RealData.at("fraud-handbook").getParent();
    Map<Long, double[]> customers = new TreeMap<>();
    Map<Long, double[]> terminals = new TreeMap<>();
    reference(customers, terminals);
    Map<Long, Row> found = features(data, customers, terminals);

    customers.forEach((id, expected) -> compare(found.get(id), expected, CUSTOMER));
    terminals.forEach((id, expected) -> compare(found.get(id), expected, TERMINAL));
    assertThat(customers).hasSizeGreaterThan(5000);
    assertThat(terminals).hasSizeGreaterThan(3000);
  }

  private static final String[] CUSTOMER = {
    "count_by_CUSTOMER_ID_1d",
    "avg_TX_AMOUNT_by_CUSTOMER_ID_1d",
    "count_by_CUSTOMER_ID_7d",
    "avg_TX_AMOUNT_by_CUSTOMER_ID_7d",
    "count_by_CUSTOMER_ID_30d",
    "avg_TX_AMOUNT_by_CUSTOMER_ID_30d"
  };

  private static final String[] TERMINAL = {
    "count_by_TERMINAL_ID_1d_delay_7d",
    "rate_TX_FRAUD_by_TERMINAL_ID_1d_delay_7d",
    "count_by_TERMINAL_ID_7d_delay_7d",
    "rate_TX_FRAUD_by_TERMINAL_ID_7d_delay_7d",
    "count_by_TERMINAL_ID_30d_delay_7d",
    "rate_TX_FRAUD_by_TERMINAL_ID_30d_delay_7d"
  };

  private static void compare(Row row, double[] expected, String[] names) {
    assertThat(row.<Boolean>getAs("during_weekend")).isEqualTo(expected[0] == 1);
    assertThat(row.<Boolean>getAs("during_night")).isEqualTo(expected[1] == 1);
    for (int i = 0; i < names.length; i++) {
      Double value = row.getAs(names[i]);
      if (Double.isNaN(expected[i + 2])) {
        assertThat(value).as(names[i]).isNull();
      } else {
        // pandas adds and takes away with rounding, and ten digits are written
        assertThat(value).as(names[i] + " of " + row).isCloseTo(expected[i + 2], within(1e-6));
      }
    }
  }

  private static void reference(Map<Long, double[]> customers, Map<Long, double[]> terminals)
      throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    HandbookTest.class.getResourceAsStream("handbook_reference.csv.gz")),
                StandardCharsets.UTF_8))) {
      Map<Long, double[]> into = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#")) {
          into = into == null ? customers : terminals;
          continue;
        }
        String[] cells = line.split(",", -1);
        double[] numbers = new double[cells.length - 1];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = cells[i + 1].isEmpty() ? Double.NaN : Double.parseDouble(cells[i + 1]);
        }
        into.put(Long.parseLong(cells[0]), numbers);
      }
    }
  }

  /** Only the payments of these customers and terminals are taken in; no other one matters. */
  private static Map<Long, Row> features(
      Path data, Map<Long, double[]> customers, Map<Long, double[]> terminals) {
    PipelineSpec spec =
        SpecReader.pipeline(
            Path.of("../conf/card-fraud.yaml"),
            Variables.of(Map.of("data", data.toString()), Map.of()),
            Map.of());
    Dataset<Row> all =
        TestSpark.session().read().parquet(data.resolve("fraud-handbook").toString());
    List<Raw> raw = new ArrayList<>();
    for (Row row : related(all, customers, terminals)) {
      LocalDate day = row.getDate(6).toLocalDate();
      String rowId = String.valueOf(row.getLong(0));
      raw.add(
          new Raw(
              day,
              day,
              rowId,
              row.getLong(0),
              row.getTimestamp(1),
              row.getLong(2),
              row.getLong(3),
              row.getDouble(4),
              row.getLong(5)));
    }
    FeatureLake lake = new FeatureLake();
    lake.append("payments", SCHEMA, "a".repeat(32), raw);
    List<LocalDate> dates = new ArrayList<>(new TreeSet<>(raw.stream().map(Raw::day).toList()));
    Map<Long, Row> found = new HashMap<>();
    for (Row row : lake.rows(spec, dates).collectAsList()) {
      found.put(row.getAs("TRANSACTION_ID"), row);
    }
    return found;
  }

  private static List<Row> related(
      Dataset<Row> all, Map<Long, double[]> customers, Map<Long, double[]> terminals) {
    Dataset<Row> own =
        all.where(functions.col("TRANSACTION_ID").isin(customers.keySet().toArray()))
            .select("CUSTOMER_ID")
            .distinct();
    Dataset<Row> theirs =
        all.where(functions.col("TRANSACTION_ID").isin(terminals.keySet().toArray()))
            .select("TERMINAL_ID")
            .distinct();
    Object[] cards = own.collectAsList().stream().map(row -> row.get(0)).toArray();
    Object[] places = theirs.collectAsList().stream().map(row -> row.get(0)).toArray();
    assertThat(cards).hasSize(20);
    assertThat(places).hasSize(20);
    return all.where(
            functions.col("CUSTOMER_ID").isin(cards).or(functions.col("TERMINAL_ID").isin(places)))
        .selectExpr(
            "TRANSACTION_ID",
            "cast(TX_DATETIME as timestamp)",
            "CUSTOMER_ID",
            "TERMINAL_ID",
            "TX_AMOUNT",
            "cast(TX_FRAUD as bigint)",
            "to_date(TX_DATETIME)")
        .collectAsList();
  }
}
