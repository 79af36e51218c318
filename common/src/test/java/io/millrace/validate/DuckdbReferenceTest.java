package io.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.RealData;
import io.millrace.TestSpark;
import io.millrace.stats.LogHistogram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Profiles of public tables beside the figures that DuckDB's SUMMARIZE gives of them. */
@Tag("much-data")
class DuckdbReferenceTest {

  private static JsonNode reference(String table) throws IOException {
    return new ObjectMapper()
        .readTree(DuckdbReferenceTest.class.getResource("/validate/duckdb-summarize.json"))
        .get(table);
  }

  private static Dataset<Row> read(JsonNode table, String path, Map<String, String> options) {
    Path file = RealData.at(path);
    StructType type = new StructType();
    for (Iterator<String> names = table.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      type =
          switch (table.get(name).get("type").asText()) {
            case "BIGINT" -> type.add(name, DataTypes.LongType);
            case "DOUBLE" -> type.add(name, DataTypes.DoubleType);
            case "DATE" -> type.add(name, DataTypes.DateType);
            default -> type.add(name, DataTypes.StringType);
          };
    }
    return TestSpark.session()
        .read()
        .schema(type)
        .options(options)
        .csv(file.toString())
        .selectExpr("'run1' as run_id", "*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adult|adult/adult-train.csv|ignoreLeadingWhiteSpace=true&nullValue=?",
        "telco|telco-churn/Telco-Customer-Churn.csv|header=true&nullValue=blank",
        "bank|bank-marketing/bank-full.csv|header=true&sep=;",
        "bike|bike-sharing/hour.csv|header=true",
        "kdd|kddcup99/kddcup.data_10_percent.gz|header=false"
      })
  void agreesWithDuckdb(String name, String path, String settings) throws IOException {
    JsonNode table = reference(name);
    Map<String, String> options = new HashMap<>();
    for (String setting : settings.split("&", -1)) {
      String[] pair = setting.split("=", 2);
      options.put(pair[0], pair[1].replace("blank", " "));
    }
    Dataset<Row> rows = read(table, path, options);
    List<Profile> profiles =
        Profiler.profile(rows, "raw/" + name, List.of(TestRows.SLICE), List.of());

    assertThat(profiles).hasSize(table.size());
    for (Profile profile : profiles) {
      assertSame(profile, table.get(profile.column()));
    }
  }

  private static void assertSame(Profile profile, JsonNode duckdb) {
    ColumnMeasures m = profile.measures();
    String column = profile.column();
    assertThat(m.rows()).as(column).isEqualTo(duckdb.get("count").asLong());
    assertThat(m.rows() - m.nulls()).as(column).isEqualTo(duckdb.get("values").asLong());
    double distinct = duckdb.get("distinct").asDouble();
    assertThat((double) m.distinct().orElseThrow())
        .as(column)
        .isCloseTo(distinct, within(m.knowsAllValues() ? 0 : 0.05 * distinct));
    if (duckdb.has("avg")) {
      assertNumbers(column, m, duckdb);
    } else {
      assertThat(m.min().orElseThrow()).as(column).isEqualTo(duckdb.get("min").asText());
      assertThat(m.max().orElseThrow()).as(column).isEqualTo(duckdb.get("max").asText());
    }
    if (duckdb.has("top")) {
      assertTexts(column, m, duckdb);
    }
  }

  private static void assertNumbers(String column, ColumnMeasures m, JsonNode duckdb) {
    assertThat(m.quantile(0).orElseThrow()).isEqualTo(duckdb.get("min").asDouble());
    assertThat(m.quantile(1).orElseThrow()).isEqualTo(duckdb.get("max").asDouble());
    double mean = duckdb.get("avg").asDouble();
    double stddev = duckdb.get("std").asDouble();
    assertThat(m.mean().orElseThrow()).as(column).isCloseTo(mean, within(1e-11 * Math.abs(mean)));
    assertThat(m.stddev().orElseThrow()).as(column).isCloseTo(stddev, within(1e-9 * stddev));
    double[] shares = {0.05, 0.25, 0.5, 0.75, 0.95};
    for (int i = 0; i < shares.length; i++) {
      double exact = duckdb.get("quantiles").get(i).asDouble();
      double most = 1.000001 * LogHistogram.RELATIVE_ERROR * Math.abs(exact);
      assertThat(m.quantile(shares[i]).orElseThrow())
          .as("%s at %s", column, shares[i])
          .isCloseTo(exact, within(m.knowsAllValues() ? 0 : most));
    }
  }

  private static void assertTexts(String column, ColumnMeasures m, JsonNode duckdb) {
    if (m.knowsAllValues()) {
      ValueCount top = m.topValues(1).get(0);
      assertThat(top.value()).as(column).isEqualTo(duckdb.get("top").get(0).asText());
      assertThat(top.count()).as(column).isEqualTo(duckdb.get("top").get(1).asLong());
    }
    JsonNode lengths = duckdb.get("lengths");
    assertThat(m.minLength()).as(column).hasValue(lengths.get(0).asLong());
    assertThat(m.maxLength()).as(column).hasValue(lengths.get(1).asLong());
    double mean = lengths.get(2).asDouble();
    assertThat(m.meanLength().orElseThrow()).isCloseTo(mean, within(1e-12 * mean));
  }
}
