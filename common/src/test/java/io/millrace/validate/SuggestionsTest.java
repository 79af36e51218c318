package io.millrace.validate;

import static io.millrace.validate.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.millrace.TestSpark;
import io.millrace.config.CheckSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class SuggestionsTest {

  private static final Dataset<Row> ROWS = rows();

  private static Dataset<Row> rows() {
    Object[][] rows = new Object[400][];
    for (int i = 0; i < rows.length; i++) {
      String zip = "%05d-%03d".formatted(7 * i, i);
      Object flag = i % 2 == 0 ? "yes" : "no";
      rows[i] = row(i, zip, i % 8 == 0 ? null : flag, i % 71 - 12.5, "Wörter " + i, i / 400.0);
    }
    return TestRows.of(
        "id int, zip string, `an swer` string, x double, text string, share double", rows);
  }

  private static List<String> suggest() {
    return Suggestions.of(
        Profiler.profile(ROWS, "raw/shop", List.of(TestRows.SLICE), List.of("an swer")));
  }

  @Test
  void saysWhatHolds() {
    assertThat(suggest())
        .containsExactly(
            "- {check: not-null, columns: [id]}  # 400 rows, no null",
            "- {check: unique, columns: [id]}  # about 400 distinct in 400 rows",
            "- {check: not-null, columns: [zip]}  # 400 rows, no null",
            "- {check: unique, columns: [zip]}  # about 400 distinct in 400 rows",
            "- {check: matches, column: zip, pattern: \"\\\\p{Nd}+-+\\\\p{Nd}+\"}  # 100% of 400"
                + " rows, of 9 characters each",
            "- {check: one-of, column: \"an swer\", values: [\"no\", \"yes\"]}  # 2 values in 350"
                + " rows, the rarest 150 times",
            "- {check: not-null, columns: [x]}  # 400 rows, no null",
            "- {check: in-range, column: x, min: -20, max: 65}  # from -12.5 to 57.5, median 20.5",
            "- {check: not-null, columns: [text]}  # 400 rows, no null",
            "- {check: unique, columns: [text]}  # about 400 distinct in 400 rows",
            "- {check: matches, column: text, pattern: \""
                + "\\\\p{Lu}+[\\\\p{Ll}\\\\p{Lt}\\\\p{Lm}\\\\p{Lo}]+ +\\\\p{Nd}+\"}  # 100% of 400"
                + " rows, of 8 to 10 characters",
            "- {check: not-null, columns: [share]}  # 400 rows, no null",
            "- {check: in-range, column: share, min: 0, max: 1}  # from 0 to 0.9975, median"
                + " 0.498039");
  }

  /** What is suggested is a spec, and the rows keep it. */
  @Test
  void suggestsChecksThatTheRowsKeep() throws IOException {
    Path file = TestSpark.temporary("millrace-suggestions").resolve("shop.yaml");
    String head =
        "pipeline: shop\nsources:\n  shop: {kind: csv, path: x}\n"
            + "population: {source: shop, per: entity}\nvalidate:\n  shop:\n    ";
    Files.writeString(file, head + String.join("\n    ", suggest()) + "\n");
    PipelineSpec spec = SpecReader.pipeline(file, Variables.of(Map.of(), Map.of()), Map.of());
    List<CheckSpec> checks = spec.validate().get("shop");
    ValidateResult result =
        Validator.validate(ROWS, checks, ValidateContext.of("shop", List.of(TestRows.SLICE)));

    assertThat(checks).hasSize(13);
    assertThat(result.results()).filteredOn(r -> !r.passed()).isEmpty();
  }

  @Test
  void makesExpressionsOfPatterns() {
    String expression = Suggestions.expression("Aa. (9)|é");

    assertThat(Pattern.matches(expression, "Straße..  (12)|éé")).isTrue();
    assertThat(Pattern.matches(expression, "strasse. (12)|é")).isFalse();
  }
}
