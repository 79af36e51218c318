package io.millrace.report;

import static io.millrace.report.SampleTables.LAST;
import static io.millrace.report.SampleTables.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.config.ReportSpec;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which rows of the tables count. */
class ReportDataTest {

  private static final ReportSpec SPEC = new ReportSpec(5, List.of());

  private static ReportData of(ReportSource source, LocalDate date) {
    return ReportData.of("bank", date, source, SPEC);
  }

  @Test
  void ofARunThatWasDoneAgainTheLastCounts() {
    SampleTables sample = SampleTables.bank();
    for (String[] run : new String[][] {{"f", "07:00"}, {"a", "09:00"}, {"k", "08:00"}}) {
      sample.add(
          "runs",
          "run_id",
          run[0],
          "stage",
          "monitor",
          "date",
          LAST,
          "status",
          "done",
          "ended_at",
          Instant.parse("2026-01-01T" + run[1] + ":00Z"));
      sample.add(
          "drift",
          "run_id",
          run[0],
          "date",
          LAST,
          "kind",
          "feature",
          "column",
          "by " + run[0],
          "verdict",
          "ok",
          "value",
          0.01,
          "stop",
          0.25);
    }

    DriftChapter drift = of(sample, LAST).drift;

    assertThat(drift.columns()).extracting(DriftChapter.Column::column).containsExactly("by a");
    assertThat(drift.level()).isEqualTo(Level.OK);
  }

  @Test
  void aRunThatStandsTwiceIsToldOnce() {
    SampleTables sample = SampleTables.bank();
    sample.rows("runs").stream()
        .filter(row -> row.get("date").equals(LAST))
        .toList()
        .forEach(row -> sample.rows("runs").add(row));

    assertThat(of(sample, LAST).runs.runs()).hasSize(7);
  }

  @Test
  void aPageKnowsWhatWasKnownAtItsDate() {
    ReportData first = of(SampleTables.bank(), SampleTables.date(2));

    assertThat(first.train.champion()).isEqualTo("3fa1c09be27d");
    assertThat(first.train.models()).hasSize(1);
    assertThat(first.evaluate.judgedOn()).isEqualTo("2009-09-01");
    assertThat(first.history.dates()).containsExactly("2009-09-01", "2009-10-01", "2009-11-01");
    assertThat(first.performance.outcomes()).hasSize(3);
    assertThat(first.verdict.word()).isEqualTo("released");
  }

  @Test
  void labelsThatCameAfterTheDateAreHollow() {
    Plot plot = of(SampleTables.bank(), SampleTables.date(2)).performance.plots().get(0);

    Plot.Line real = plot.lines().get(1);
    assertThat(real.name()).isEqualTo("real");
    assertThat(real.dots()).extracting(Plot.Dot::hollow).containsExactly(false, false, true);
    assertThat(real.dots().get(0).told())
        .isEqualTo("2009-09-01: 0.7602 on 860 rows, promised 0.793");
  }

  @Test
  void theLastMeasurementOfADateCounts() {
    SampleTables sample = SampleTables.bank();
    sample.add(
        "metrics",
        "run_id",
        "later",
        "stage",
        "release",
        "date",
        LocalDate.of(2010, 3, 1),
        "role",
        "released",
        "metric",
        "auc",
        "slice_column",
        "date",
        "slice_value",
        "2009-09-01",
        "value",
        0.71,
        "rows",
        900L);

    PerformanceChapter.Outcome outcome = of(sample, LAST).performance.outcomes().get(0);

    assertThat(outcome.real().value()).isEqualTo(0.71);
    assertThat(outcome.promised().value()).isEqualTo(0.793);
    assertThat(outcome.measured()).isEqualTo(LocalDate.of(2010, 3, 1));
  }

  @Test
  void aLaterPromotionOrARollbackDecidesTheChampion() {
    SampleTables sample = SampleTables.bank();
    sample.add(
        "promotions",
        "position",
        3L,
        "model_version",
        "old",
        "effective_from",
        LAST,
        "kind",
        "rollback",
        "reason",
        "complaints");
    sample.add(
        "promotions",
        "position",
        2L,
        "model_version",
        "new",
        "effective_from",
        LAST,
        "kind",
        "promote",
        "reason",
        "");

    assertThat(of(sample, LAST).train.champion()).isEqualTo("old");
    assertThat(of(sample, SampleTables.date(12)).train.champion()).isEqualTo("3fa1c09be27d");
  }

  @Test
  void failedChecksComeFirstAndStopIsWorse() {
    ValidateChapter validate = of(SampleTables.bank(), LAST).validate;

    assertThat(validate.checks())
        .extracting(ValidateChapter.Check::level)
        .containsExactly(Level.STOP, Level.WARN, Level.OK, Level.OK, Level.OK);
    assertThat(validate.failed()).isEqualTo(2);
    assertThat(validate.level()).isEqualTo(Level.STOP);
  }

  @Test
  void levelsAreJoinedToTheWorse() {
    assertThat(Level.NONE.or(Level.OK)).isEqualTo(Level.OK);
    assertThat(Level.STOP.or(Level.NONE)).isEqualTo(Level.STOP);
    assertThat(Level.WARN.or(Level.STOP)).isEqualTo(Level.STOP);
    assertThat(Level.OK.or(Level.WARN)).isEqualTo(Level.WARN);
  }

  @Test
  void aRunThatIsNotDoneIsAStop() {
    SampleTables sample = SampleTables.empty();
    sample.add(
        "runs",
        "run_id",
        id("x", 1),
        "stage",
        "ingest",
        "date",
        LAST,
        "status",
        "failed",
        "outputs",
        List.of(Map.of("table", "raw/x", "version", -1L)));

    RunsChapter.Run run = of(sample, LAST).runs.runs().get(0);

    assertThat(run.level()).isEqualTo(Level.STOP);
    assertThat(run.outputs()).isEqualTo("raw/x");
    assertThat(Format.duration(run.span())).isEqualTo(Format.ABSENT);
  }

  @Test
  void aRunIsToldByTheTableThatItWroteOrRead() {
    SampleTables sample = SampleTables.empty();
    List<Map<String, Object>> raw = List.of(Map.of("table", "raw/x", "version", 3L));
    String[] keys = {"run_id", "stage", "date", "inputs", "outputs"};
    sample.add("runs", pairs(keys, id("x", 1), "ingest", LAST, List.of(), raw));
    sample.add("runs", pairs(keys, id("y", 1), "validate", LAST, raw, List.of()));
    sample.add("runs", pairs(keys, id("z", 1), "report", LAST, List.of(), List.of()));

    assertThat(of(sample, LAST).runs.runs())
        .extracting(RunsChapter.Run::stage, RunsChapter.Run::table)
        .containsExactly(tuple("ingest", "raw/x"), tuple("validate", "raw/x"), tuple("report", ""));
  }

  @Test
  void aDateThatScoredNothingHasNoPredictions() {
    SampleTables sample = SampleTables.empty();
    String[] keys = {"run_id", "stage", "date", "status"};
    sample.add("runs", pairs(keys, id("x", 1), "train", LAST, "done"));
    assertThat(of(sample, LAST).standing.status()).isEqualTo("no predictions");

    sample.add("runs", pairs(keys, id("x", 2), "score", LAST, "done"));
    assertThat(of(sample, LAST).standing.status()).isEqualTo("not released");
  }

  @Test
  void theMeanOfDatesIsADate() {
    SampleTables sample = SampleTables.empty();
    String[] keys = {"run_id", "date", "table", "slice_column", "column", "type", "mean"};
    double day = LocalDate.of(2009, 6, 1).toEpochDay();
    for (Object[] column :
        new Object[][] {
          {"day", "date", day + 0.4},
          {"time", "timestamp", (day + 0.9) * 86_400e6},
          {"old", "timestamp_ntz", -1.0},
          {"number", "double", day},
          {"text", "string", null}
        }) {
      sample.add(
          "profiles",
          pairs(keys, id("p", 1), LAST, "features/x", "", column[0], column[1], column[2]));
    }

    assertThat(of(sample, LAST).profile.tables().get(0).columns())
        .extracting(ProfileChapter.Column::mean)
        .containsExactly("2009-06-01", "2009-06-01", "1969-12-31", "14,396", "");
  }

  private static Object[] pairs(String[] keys, Object... values) {
    Object[] pairs = new Object[2 * keys.length];
    for (int i = 0; i < keys.length; i++) {
      pairs[2 * i] = keys[i];
      pairs[2 * i + 1] = values[i];
    }
    return pairs;
  }
}
