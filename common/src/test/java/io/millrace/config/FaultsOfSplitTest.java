package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Labels that mature, splits by period, the top of a ranking and the audit, as a spec says them.
 */
class FaultsOfSplitTest {

  private static final String HASH = "{kind: by-hash, train: 0.7, tune: 0.15, test: 0.15}";
  private static final String PERIODS =
      """
      {kind: by-period, train: {from: 2018-07-25, to: 2018-07-31}, test: {from: 2018-08-08, to: \
      2018-08-14}, tune: 0.2, without-known: job}\
      """;
  private static final String LABEL = "column: y, positive: yes";

  @TempDir Path folder;

  private static String periods(String text, String by) {
    return SpecFiles.bank(HASH, PERIODS.replace(text, by)).replace(LABEL, LABEL + ", after: 7d");
  }

  @Test
  void readsPeriodsAndTheSpanOfLabels() {
    PipelineSpec spec =
        SpecFiles.read(folder, periods("", "").replace("slices: [job]", "top: {k: 5, by: age}"));

    assertThat(spec.split())
        .isEqualTo(
            new SplitSpec.ByPeriod(
                new SplitSpec.Period(LocalDate.of(2018, 7, 25), LocalDate.of(2018, 7, 31)),
                new SplitSpec.Period(LocalDate.of(2018, 8, 8), LocalDate.of(2018, 8, 14)),
                0.2,
                Optional.of("job")));
    assertThat(spec.label().orElseThrow().after()).isEqualTo(Duration.ofDays(7));
    assertThat(spec.keptColumns())
        .isEqualTo(Map.of("age", "evaluate.top.by", "job", "split.without-known"));
    assertThat(spec.train().orElseThrow().audit())
        .isEqualTo(new TrainSpec.Audit(TrainSpec.OnLeak.WARN, List.of()));
    assertThat(CanonicalJson.of(spec.split())).contains("\"from\":\"2018-07-25\"");
  }

  static Stream<Arguments> spoilt() {
    return Stream.of(
        arguments(
            "2018-07-31}",
            "31.7.2018}",
            "split.train.to: expected a date such as 2018-07-25, found \"31.7.2018\""),
        arguments("2018-08-14", "2018-08-01", "split.test.to: before from, 2018-08-08; swap them"),
        arguments(
            "2018-08-08",
            "2018-07-31",
            "split.test.from: not after 2018-07-31, the last day that trains; test on later days"),
        arguments(
            "2018-08-08",
            "2018-08-07",
            "split.test.from: the labels of the days that train show only on 2018-08-08; test from"
                + " then on"),
        arguments(
            "tune: 0.2",
            "tune: 1",
            "split.tune: expected a number at least 0 and below 1, found 1"));
  }

  @ParameterizedTest
  @MethodSource("spoilt")
  void namesPlaceFaultAndMend(String right, String wrong, String message) {
    assertThat(SpecFiles.faults(folder, periods(right, wrong), Map.of()))
        .isEqualTo("bank.yaml: " + message);
  }

  @Test
  void periodsNeedEventsAndNoHistory() {
    String yaml =
        periods("", "")
            .replace("per: event", "per: entity")
            .replace("train:\n  algorithm", "train:\n  history: 3\n  algorithm");

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo(
            """
            bank.yaml: split.kind: by-period, but rows per entity are of one date; use by-hash, or \
            per: event
            bank.yaml: train.history: split.train says already which days train; keep one\
            """);
  }

  @Test
  void theTopIsOfTwoClassesAndItsGateNeedsIt() {
    String regression =
        SpecFiles.bank("positive: yes", "task: regression")
            .replace("kind: logistic", "kind: linear")
            .replace("  slices: [job]", "  top: {k: 5}");
    assertThat(SpecFiles.faults(folder, regression, Map.of()))
        .isEqualTo("bank.yaml: evaluate.top: only for task binary, not regression; take it away");
    assertThat(
            SpecFiles.faults(
                folder, SpecFiles.bank("metric: auc", "metric: precision-at-k"), Map.of()))
        .isEqualTo(
            "bank.yaml: promote.gates[0].metric: precision-at-k isn't measured; add evaluate.top");
  }

  @Test
  void theFirstAnswerNeedsATimeAndThePositiveOneAValue() {
    String sources = "sources:\n  sales: {kind: csv, path: b.csv, key: [id]}\n";
    String label = "{kind: source, source: sales, column: y, task: multi-class, conflict: %s}";
    String yaml =
        SpecFiles.bank("sources:\n", sources).replace("  baseline:\n    kind: logistic\n", "");
    assertThat(
            SpecFiles.faults(
                folder,
                yaml.replace("{kind: column, column: y, positive: yes}", label.formatted("last")),
                Map.of()))
        .isEqualTo(
            "bank.yaml: label.conflict: last goes by time, and sales has none; add"
                + " sources.sales.time");
    assertThat(
            SpecFiles.faults(
                folder,
                yaml.replace(
                    "{kind: column, column: y, positive: yes}", label.formatted("positive")),
                Map.of()))
        .isEqualTo(
            "bank.yaml: label.conflict: positive wins, but which value is positive isn't said; add"
                + " it");
  }

  @ParameterizedTest
  @CsvSource({
    "0d, DAY, 2018-08-07, 2018-08-07",
    "7d, DAY, 2018-08-07, 2018-07-31",
    "12h, DAY, 2018-08-07, 2018-08-06",
    "7d, WEEK, 2018-08-06, 2018-07-30",
    "8d, WEEK, 2018-08-06, 2018-07-23",
    "0d, MONTH, 2018-08-01, 2018-08-01",
    "28d, MONTH, 2018-03-01, 2018-02-01",
    "30d, MONTH, 2018-02-01, 2017-12-01"
  })
  void labelsOfADateCountOnceTheyAreOldEnough(
      String after, Every every, LocalDate at, LocalDate last) {
    String label = "{kind: column, column: y, positive: yes, after: " + after + "}";
    PipelineSpec spec =
        SpecFiles.read(folder, SpecFiles.bank("{kind: column, column: y, positive: yes}", label));

    assertThat(spec.label().orElseThrow().lastMature(at, every)).isEqualTo(last);
  }
}
