package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.RealData;
import io.millrace.TestSpark;
import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.ColumnType;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Public data as it is found: rows are those that the publishers count. */
@Tag("much-data")
class RealDataTest {

  private static String[] names(int n) {
    return IntStream.rangeClosed(1, n).mapToObj(i -> "v" + i).toArray(String[]::new);
  }

  private static ColumnType type(SourceSpec spec, String column) {
    return Sources.first(spec).table().find(column).orElseThrow().type();
  }

  private static void assertCounts(SourceSpec spec, long good, String... labels) {
    ReadRows rows = Sources.read(spec, labels);
    assertThat(rows.quarantined().collectAsList()).isEmpty();
    Dataset<Row> ids = rows.good().selectExpr("count(*)", "count(distinct _row_id)");
    assertThat(ids.head().getLong(0)).isEqualTo(good);
    assertThat(ids.head().getLong(1)).isEqualTo(good);
  }

  @Test
  void adultHasNoHeaderSpacesAndQuestionMarks() {
    SourceSpec spec =
        Sources.csv(RealData.at("adult") + "/*.csv")
            .snapshot()
            .noHeader(names(15))
            .trim()
            .nulls("", "?")
            .spec();
    assertCounts(spec, 48_842, "v15");
    assertThat(type(spec, "v1")).isEqualTo(ColumnType.LONG);
    assertThat(Sources.read(spec).good().where("v2 is null").count()).isEqualTo(2_799);
  }

  @Test
  void telcoHasBlankNumbers() {
    String path = RealData.at("telco-churn") + "/*.csv";
    SourceSpec blanks = Sources.csv(path).key("customerID").nulls("", " ").spec();
    assertCounts(blanks, 7_043);
    assertThat(type(blanks, "TotalCharges")).isEqualTo(ColumnType.DOUBLE);
    assertThat(type(Sources.csv(path).spec(), "TotalCharges")).isEqualTo(ColumnType.STRING);
    SourceSpec declared =
        Sources.csv(path).key("customerID").type("TotalCharges", ColumnType.DOUBLE).spec();
    ReadRows rows = Sources.read(declared);
    assertThat(rows.good().count()).isEqualTo(7_043 - 11);
    assertThat(
            Sources.rows(rows.quarantined(), "column", "value", "reason", "rule").stream()
                .distinct())
        .containsExactly("[TotalCharges, ,not a DOUBLE,cast]");
  }

  @Test
  void bankMarketingIsSeparatedBySemicolons() {
    SourceSpec spec =
        Sources.csv(RealData.at("bank-marketing") + "/bank-full.csv").separator(";").spec();
    assertCounts(spec, 45_211, "y");
  }

  @Test
  void smsSpamHasTabsAndLooseQuotes() {
    SourceSpec spec =
        Sources.csv(RealData.at("sms-spam") + "/SMSSpamCollection")
            .separator("\t")
            .noQuotes()
            .noHeader("label", "text")
            .spec();
    assertCounts(spec, 5_574, "label");
    assertThat(Sources.rows(Sources.read(spec).good().groupBy("label").count(), "label", "count"))
        .containsExactly("[ham,4827]", "[spam,747]");
  }

  @Test
  void bankingHasLineEndsInFields() {
    SourceSpec spec = Sources.csv(RealData.at("banking77") + "/t*.csv").multiLine().spec();
    assertCounts(spec, 13_083, "category");
  }

  @Test
  void onlineRetailIsZipped() {
    SourceSpec spec =
        Sources.csv(RealData.at("online-retail") + "/*.gz").time("InvoiceDate").spec();
    assertCounts(spec, 541_909);
    assertThat(type(spec, "CustomerID")).isEqualTo(ColumnType.DOUBLE);
    assertThat(type(spec, "InvoiceDate")).isEqualTo(ColumnType.TIMESTAMP);
    assertThat(type(spec, "StockCode")).isEqualTo(ColumnType.STRING);
  }

  @Test
  void handbookMonthHasKeysInParquet() {
    SourceSpec spec =
        Sources.parquet(RealData.at("fraud-handbook") + "/*04.parquet", "TRANSACTION_ID");
    assertCounts(spec, 288_062);
  }

  @Test
  void greenTaxiChangesItsTypesInTheMiddle() {
    SourceSpec spec =
        Sources.parquet(RealData.at("green-taxi") + "/green_tripdata_{month}.parquet");
    List<SourceFile> files = Sources.list(spec);
    assertThat(files).hasSize(9).allMatch(file -> file.day().isPresent());
    ColumnTypes table = ColumnTypes.empty();
    long rows = 0;
    for (SourceFile file : files) {
      FileColumns columns = TypeInference.columns(TestSpark.session(), spec, file, table);
      Reconciled how = SchemaChanges.reconcile(table, columns, spec);
      table = how.table();
      boolean turn = file.name().contains("2023-02");
      assertThat(how.added()).hasSize(turn ? 1 : 0);
      ReadRows read = SourceReader.read(TestSpark.session(), spec, how, List.of());
      rows += read.good().count();
      assertThat(read.quarantined().isEmpty()).isTrue();
      assertThat(read.good().schema().fieldNames()).contains("_key", "_row_id", "_file");
    }
    assertThat(rows).isEqualTo(621_977);
    assertThat(table.find("passenger_count").orElseThrow().type()).isEqualTo(ColumnType.DOUBLE);
    assertThat(table.find("ehail_fee").orElseThrow().type()).isEqualTo(ColumnType.DOUBLE);
    assertThat(table.find("lpep_pickup_datetime").orElseThrow().type())
        .isEqualTo(ColumnType.TIMESTAMP);
  }

  @Test
  void folktablesHasAnIndexForKey() {
    assertCounts(Sources.parquet(RealData.at("folktables") + "/*test.parquet", "index"), 332_900);
  }
}
