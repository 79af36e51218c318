package io.millrace.report;

import static io.millrace.report.SampleTables.LAST;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.ReportSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No value of a hidden column comes onto a page. */
class HiddenTest {

  private static final String CANARY = "7391.25";

  /** The sample, with a value of column age wherever a table can hold one. */
  private static ReportSource withCanary() {
    SampleTables sample = SampleTables.bank();
    sample.add(
        "quarantine",
        "source",
        "bank",
        "rule",
        "parse",
        "column",
        "",
        "value",
        "",
        "reason",
        "too few fields",
        "row",
        CANARY + ";admin.",
        "rows",
        1L);
    sample.add(
        "gates",
        "run_id",
        SampleTables.id("promote", SampleTables.DATES - 1),
        "date",
        LAST,
        "gate",
        "at-least",
        "metric",
        "auc",
        "slice_column",
        "Age",
        "slice_value",
        CANARY,
        "passed",
        false,
        "reason",
        "age " + CANARY + ": too low");
    sample.add(
        "metrics",
        "run_id",
        SampleTables.id("evaluate", SampleTables.DATES - 1),
        "date",
        LAST,
        "stage",
        "evaluate",
        "role",
        "challenger",
        "metric",
        "auc",
        "slice_column",
        "age",
        "slice_value",
        CANARY,
        "value",
        0.7,
        "rows",
        10L);
    return table -> sample.rows(table).stream().map(row -> ofAge(row) ? marked(row) : row).toList();
  }

  private static boolean ofAge(Map<String, Object> row) {
    return "age".equals(row.get("column"));
  }

  private static Map<String, Object> marked(Map<String, Object> row) {
    Map<String, Object> marked = new LinkedHashMap<>(row);
    for (String column : List.of("message", "reason", "expected", "value", "min", "max")) {
      marked.computeIfPresent(
          column, (name, value) -> value instanceof Number ? value : "age " + CANARY);
    }
    for (String column : List.of("mean", "p05", "p50", "p95")) {
      marked.computeIfPresent(column, (name, value) -> Double.valueOf(CANARY));
    }
    marked.computeIfPresent("row", (k, v) -> "{\"age\": \"" + CANARY + "\", \"job\": \"admin.\"}");
    marked.computeIfPresent(
        "bins",
        (k, v) -> "{\"labels\": [\"" + CANARY + "\"], \"reference\": [1], \"current\": [1]}");
    marked.computeIfPresent(
        "top_values", (k, v) -> "[{\"value\": \"" + CANARY + "\", \"count\": 3}]");
    marked.computeIfPresent("verdict", (k, v) -> "stop");
    return marked;
  }

  private static String page(List<String> hide) {
    return Pages.page(ReportData.of("bank", LAST, withCanary(), new ReportSpec(5, hide)));
  }

  @Test
  void noValueOfAHiddenColumnIsShown() {
    assertThat(page(List.of())).contains(CANARY);
    String page = page(List.of("AGE"));

    assertThat(page).doesNotContain(CANARY).doesNotContain("7,391");
    Html html = Html.of(page);
    assertThat(html.section("profile").getTextContent()).contains("values hidden");
    assertThat(html.section("validate").getTextContent())
        .contains("{\"age\":\"hidden\",\"job\":\"admin.\"}");
    assertThat(html.section("monitor").getTextContent()).contains("age against training", "bin 1");
    assertThat(html.section("train").getTextContent()).contains("Age = hidden");
  }

  @Test
  void aListOfColumnsIsHiddenIfOneOfThemIs() {
    Hidden hidden = new Hidden(List.of("Name"));

    assertThat(hidden.hides("id, name")).isTrue();
    assertThat(hidden.hides("surname")).isFalse();
    assertThat(hidden.of("name", "")).isEmpty();
  }
}
