package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.RealData;
import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.config.SourceSpec.Csv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpecDraftTest {

  private static final List<String> ADULT =
      List.of(
          "age",
          "workclass",
          "fnlwgt",
          "education",
          "education-num",
          "marital-status",
          "occupation",
          "relationship",
          "race",
          "sex",
          "capital-gain",
          "capital-loss",
          "hours-per-week",
          "native-country",
          "income");

  private static String text(Object from, String label, List<String> columns, String test) {
    return SpecDraft.yaml(
        TestSpark::session,
        new SpecDraft.Options("x", from.toString(), label, columns, Optional.ofNullable(test)));
  }

  private static JsonNode draft(Object from, String label) {
    return parsed(text(from, label, List.of(), null));
  }

  private static JsonNode parsed(String yaml) {
    try {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void adultHasAPublishedHoldOutWithDottedLabels() {
    String yaml = text(RealData.at("adult") + "/*.csv", "income", ADULT, "adult-test.csv");
    JsonNode spec = parsed(yaml);
    JsonNode source = spec.at("/sources/x_rows");
    assertThat(source.at("/trim").asBoolean()).isTrue();
    assertThat(source.at("/header").asText()).isEqualTo("false");
    assertThat(source.at("/nulls").toString()).isEqualTo("[\"\",\"?\"]");
    assertThat(source.at("/columns").size()).isEqualTo(15);
    assertThat(spec.at("/label/expression").asText()).isEqualTo("trim(TRAILING '.' FROM `income`)");
    assertThat(spec.at("/label/positive").asText()).isEqualTo(">50K");
    assertThat(spec.at("/split/test").asText()).isEqualTo("adult-test.csv");
    assertThat(yaml).contains("# the same classes stand with and without a dot at their end");
  }

  @Test
  void telcoHasAKeyAndBlankNumbers() {
    JsonNode spec = draft(RealData.at("telco-churn") + "/*.csv", "Churn");
    assertThat(spec.at("/entity").toString()).isEqualTo("[\"customerID\"]");
    assertThat(spec.at("/sources/x_rows/nulls").toString()).isEqualTo("[\"\",\" \"]");
    assertThat(spec.at("/label/positive").asText()).isEqualTo("Yes");
    assertThat(spec.at("/train/baseline/kind").asText()).isEqualTo("logistic");
    assertThat(spec.at("/promote/gates/0").toString())
        .isEqualTo(
            "{\"gate\":\"no-worse-than\",\"model\":\"baseline\",\"metric\":\"auc\",\"tolerance\":0.02}");
  }

  @Test
  void dialectsAreTriedOut() {
    JsonNode bank = draft(RealData.at("bank-marketing") + "/bank-full.csv", "y");
    assertThat(bank.at("/sources/x_rows/separator").asText()).isEqualTo(";");
    JsonNode sms =
        parsed(
            text(
                RealData.at("sms-spam") + "/SMSSpamCollection",
                "label",
                List.of("label", "text"),
                null));
    assertThat(sms.at("/sources/x_rows/separator").asText()).isEqualTo("\t");
    assertThat(sms.at("/sources/x_rows/quote").asText("-")).isEmpty();
    assertThat(sms.at("/label/positive").asText()).isEqualTo("spam");
    assertThat(sms.at("/features/expressions/text_length").asText()).isEqualTo("length(`text`)");
    JsonNode banking = draft(RealData.at("banking77") + "/t*.csv", "category");
    assertThat(banking.at("/sources/x_rows/multi-line").asBoolean()).isTrue();
    assertThat(banking.at("/label/task").asText()).isEqualTo("multi-class");
  }

  @Test
  void zippedFilesAndConstantsAreSeen() {
    List<String> names =
        IntStream.rangeClosed(1, 42).mapToObj(i -> i == 42 ? "label" : "v" + i).toList();
    JsonNode kdd = parsed(text(RealData.at("kddcup99") + "/*.gz", "label", names, null));
    assertThat(kdd.at("/label/kind").asText()).isEqualTo("column");
    assertThat(kdd.at("/features/exclude").toString()).contains("v20");
    JsonNode retail = draft(RealData.at("online-retail") + "/*.gz", "Quantity");
    assertThat(retail.at("/label/task").asText()).isEqualTo("regression");
    assertThat(retail.at("/features/date-parts/InvoiceDate").toString()).contains("hour");
    assertThat(retail.at("/train/baseline/kind").asText()).isEqualTo("linear");
    assertThat(retail.at("/promote/gates/0/metric").asText()).isEqualTo("r2");
  }

  @Test
  void parquetIsReadBySpark() {
    JsonNode spec = draft(RealData.at("folktables") + "/*test.parquet", "PINCP");
    assertThat(spec.at("/sources/x_rows/kind").asText()).isEqualTo("parquet");
    assertThat(spec.at("/entity").toString()).isEqualTo("[\"index\"]");
    assertThat(spec.at("/label/positive").asText()).isIn("1", "1.0", "true");
  }

  @Test
  void namesWithSpacesAreNamedAsInTheTable() {
    Path file = Sources.file("c.csv", "LIMIT BAL,default payment\r\n1,0\r\n2,1\r\n3,0\r\n");
    JsonNode spec = draft(file, "default payment");
    assertThat(spec.at("/label/column").asText()).isEqualTo("default_payment");
    assertThat(spec.at("/label/positive").asText()).isEqualTo("1");
  }

  @Test
  void mistakesAreNamed() {
    Path file = Sources.file("c.csv", "age,churn\n1,no\n2,yes\n");
    assertThatThrownBy(() -> draft(file, "chrun"))
        .isInstanceOf(SpecException.class)
        .hasMessage("no column chrun; the nearest is churn");
    Path bare = Sources.file("d.csv", "1,no\n2,yes\n");
    assertThatThrownBy(() -> draft(bare, "churn"))
        .isInstanceOf(SpecException.class)
        .hasMessageEndingWith(
            "d.csv: its first line (1, no) is no header; give the names of its 2 columns");
    assertThatThrownBy(() -> text(bare, "b", List.of("a"), null))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("1 names are given, ");
  }

  @Test
  void aDraftReadsItsFile() {
    Path file = Sources.file("c.csv", "age;churn\n1;no\n2;yes\n");
    Csv spec =
        Sources.csv(file)
            .separator(draft(file, "churn").at("/sources/x_rows/separator").asText())
            .spec();
    assertThat(Sources.read(spec).good().count()).isEqualTo(2);
  }
}
