package io.millrace.report;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables of a made-up pipeline like that of the demo: {@value #DATES} months, a promotion, a
 * date held back. Rows can be added to each table.
 */
final class SampleTables implements ReportSource {

  static final String PIPELINE = "bank";
  static final int DATES = 14;
  static final LocalDate LAST = date(DATES - 1);

  private static final List<String> FEATURES =
      List.of(
          "age",
          "job",
          "marital",
          "education",
          "default",
          "housing",
          "loan",
          "contact",
          "month",
          "campaign",
          "pdays",
          "previous",
          "poutcome",
          "emp_var_rate",
          "cons_price_idx",
          "euribor3m",
          "nr_employed");

  private final Map<String, List<Map<String, Object>>> tables = new LinkedHashMap<>();

  /** Nothing but what is added. */
  static SampleTables empty() {
    return new SampleTables();
  }

  static SampleTables bank() {
    SampleTables sample = new SampleTables();
    for (int i = 0; i < DATES; i++) {
      sample.runs(i);
      sample.drift(i);
      sample.verdict(i);
    }
    SampleFigures.addTo(sample);
    SampleDetails.addTo(sample);
    return sample;
  }

  @Override
  public List<Map<String, Object>> rows(String table) {
    return tables.getOrDefault(table, List.of());
  }

  /** Adds a row of names and values in turn. */
  SampleTables add(String table, Object... namesAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      row.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    tables.computeIfAbsent(table, k -> new ArrayList<>()).add(row);
    return this;
  }

  static LocalDate date(int i) {
    return LocalDate.of(2009, 9, 1).plusMonths(i);
  }

  static String id(String stage, int i) {
    return "%08x%024x".formatted((stage + i).hashCode(), 4711L * (i + 1));
  }

  static Instant at(int i, int seconds) {
    return date(i).atTime(4, 12).toInstant(ZoneOffset.UTC).plusSeconds(seconds);
  }

  /** A figure that looks like noise, in [-1, 1]. */
  static double wave(int i, int j) {
    return Math.sin(12.9898 * (i + 1) + 78.233 * (j + 1));
  }

  private void runs(int i) {
    long rows = Math.round(900 + 500 * wave(i, 1));
    String[] stages = {"ingest", "label", "features", "score"};
    int[] seconds = {9, 4, 21, 6};
    int start = 0;
    for (int s = 0; s < stages.length; s++) {
      run(stages[s], i, start, seconds[s], rows, s == 0 ? 7 : 0);
      start += seconds[s];
    }
    if (i == 0 || i == DATES - 1) {
      run("train", i, start, 83, 31_204, 0);
      run("evaluate", i, start + 83, 12, 7_801, 0);
      run("promote", i, start + 95, 1, 86, 0);
    }
    if (i < DATES - 1) {
      release(i, rows);
    }
  }

  private void release(int i, long rows) {
    add(
        "releases",
        "run_id",
        id("release", i),
        "pipeline",
        PIPELINE,
        "date",
        date(i),
        "model_version",
        "3fa1c09be27d",
        "score_run_id",
        id("score", i),
        "rows",
        rows,
        "mean",
        0.31 + 0.05 * wave(i, 2),
        "released_at",
        at(i, 45));
  }

  private void run(String stage, int i, int start, int seconds, long rows, long quarantined) {
    add(
        "runs",
        "run_id",
        id(stage, i),
        "pipeline",
        PIPELINE,
        "stage",
        stage,
        "date",
        date(i),
        "status",
        "done",
        "started_at",
        at(i, start),
        "ended_at",
        at(i, start + seconds).plusMillis(310),
        "spec_hash",
        "9c".repeat(32),
        "code_version",
        "0.1.0",
        "inputs",
        List.of(Map.of("table", "raw/bank", "version", 3L + i)),
        "outputs",
        List.of(Map.of("table", stage + "/bank", "version", 2L + i)),
        "rows_in",
        stage.equals("ingest") ? 0L : rows,
        "rows_out",
        rows,
        "rows_quarantined",
        quarantined,
        "message",
        stage.equals("ingest") ? "1 file" : "");
  }

  private void drift(int i) {
    for (int c = 0; c < FEATURES.size(); c++) {
      boolean macro = c >= 13;
      double value = Math.abs(0.05 * wave(i, c)) + (macro && i > 7 ? 0.05 * (i - 6) : 0);
      driftRow(i, "feature", FEATURES.get(c), value, c == 10 ? "capped" : null);
    }
    driftRow(i, "prediction", "probability", 0.03 + 0.02 * Math.max(0, i - 8), null);
  }

  private void driftRow(int i, String kind, String column, double value, String fixed) {
    String verdict = fixed != null ? fixed : value > 0.25 ? "stop" : value > 0.1 ? "warn" : "ok";
    add(
        "drift",
        "run_id",
        id("monitor", i),
        "pipeline",
        PIPELINE,
        "date",
        date(i),
        "kind",
        kind,
        "column",
        column,
        "against",
        "training",
        "metric",
        "psi",
        "value",
        value,
        "by_chance",
        0.0071,
        "p_value",
        verdict.equals("ok") ? 0.41 : 3.2e-9,
        "warn",
        0.1,
        "stop",
        0.25,
        "verdict",
        verdict,
        "rows",
        912L,
        "reference_rows",
        23_403L,
        "message",
        verdict.equals("ok") ? "" : "further from the training rows than chance explains",
        "bins",
        bins(value));
  }

  private static String bins(double value) {
    long shift = Math.round(400 * value);
    return """
    {"labels": ["0 to 1.2", "1.2 to 4.9", "4.9 and over", "missing"],
     "reference": [9200, 8100, 6000, 103], "current": [%d, 300, %d, 4]}\
    """
        .formatted(358 - shift, 250 + shift);
  }

  private void verdict(int i) {
    boolean held = i == DATES - 1;
    add(
        "verdicts",
        "run_id",
        id("monitor", i),
        "pipeline",
        PIPELINE,
        "date",
        date(i),
        "score_run_id",
        id("score", i),
        "release",
        !held,
        "retrain",
        i >= DATES - 3,
        "reasons",
        held ? "euribor3m: psi 0.38 is over 0.25\nnr_employed: psi 0.35 is over 0.25" : "",
        "judged_at",
        at(i, 40));
  }
}
