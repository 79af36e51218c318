package io.millrace.report;

import java.util.List;

/** Models, promotions, metrics and gates of {@link SampleTables}. */
final class SampleFigures {

  private final SampleTables sample;

  private SampleFigures(SampleTables sample) {
    this.sample = sample;
  }

  static void addTo(SampleTables sample) {
    SampleFigures figures = new SampleFigures(sample);
    figures.models();
    figures.evaluations();
    figures.gates();
    for (int i = 0; i < SampleTables.DATES; i++) {
      figures.released(i);
    }
  }

  private void evaluations() {
    evaluated(0, "challenger", "3fa1c09be27d", 0.793);
    evaluated(0, "baseline", "3fa1c09be27d", 0.741);
    evaluated(SampleTables.DATES - 1, "challenger", "b81d44e0f6aa", 0.801);
    evaluated(SampleTables.DATES - 1, "champion", "3fa1c09be27d", 0.788);
    evaluated(SampleTables.DATES - 1, "baseline", "b81d44e0f6aa", 0.739);
  }

  private void evaluated(int i, String role, String version, double auc) {
    String[] names = {"auc", "average-precision", "log-loss", "brier", "accuracy", "recall"};
    double[] values = {auc, auc - 0.35, 0.27, 0.079, 0.902, 0.231};
    for (int m = 0; m < names.length; m++) {
      metric(i, role, version, names[m], "", "", values[m], m == 1 ? Double.NaN : 0.009, 7_801L);
    }
    metric(i, role, version, "rows", "", "", 7_801, Double.NaN, 7_801L);
    String[] jobs = {"admin.", "blue-collar", "technician", "services", "retired", "student"};
    for (int j = 0; j < jobs.length; j++) {
      double value = auc + 0.04 * SampleTables.wave(j, 3);
      metric(i, role, version, "auc", "job", jobs[j], value, 0.01 + 0.01 * j, 2_000L - 300L * j);
    }
  }

  private void metric(
      int i,
      String role,
      String version,
      String metric,
      String column,
      String value,
      double figure,
      double half,
      long rows) {
    boolean has = !Double.isNaN(half);
    sample.add(
        "metrics",
        "run_id",
        SampleTables.id("evaluate", i),
        "pipeline",
        SampleTables.PIPELINE,
        "stage",
        "evaluate",
        "date",
        SampleTables.date(i),
        "model_version",
        version,
        "role",
        role,
        "metric",
        metric,
        "slice_column",
        column,
        "slice_value",
        value,
        "value",
        figure,
        "low",
        has ? figure - half : null,
        "high",
        has ? figure + half : null,
        "rows",
        rows);
  }

  private void released(int i) {
    double auc = 0.78 + 0.02 * SampleTables.wave(i, 5) - (i > 8 ? 0.02 * (i - 8) : 0);
    int known = Math.min(SampleTables.DATES, i + 1);
    for (String metric : List.of("auc", "log-loss")) {
      double value = metric.equals("auc") ? auc : 0.29 + (0.78 - auc);
      sample.add(
          "metrics",
          "run_id",
          "r" + i,
          "pipeline",
          SampleTables.PIPELINE,
          "stage",
          "release",
          "date",
          SampleTables.date(known),
          "model_version",
          "",
          "role",
          "released",
          "metric",
          metric,
          "slice_column",
          "date",
          "slice_value",
          SampleTables.date(i).toString(),
          "value",
          value,
          "low",
          value - 0.03,
          "high",
          value + 0.03,
          "rows",
          860L);
    }
  }

  private void gates() {
    gate("at-least", "auc", "", "", 0.801, 0.75, true, "auc 0.801 is at least 0.75");
    gate(
        "no-worse-than",
        "auc",
        "",
        "",
        0.801,
        0.788,
        true,
        "auc 0.801 is no worse than the champion's 0.788");
    gate(
        "beats",
        "log-loss",
        "",
        "",
        0.27,
        0.27,
        false,
        "log-loss 0.27 is not better than the baseline's 0.27 by more than 0.001");
    gate("at-least", "auc", "job", "student", 0.79, 0.7, true, "every value passed");
  }

  private void gate(
      String gate,
      String metric,
      String column,
      String value,
      double figure,
      double against,
      boolean passed,
      String reason) {
    sample.add(
        "gates",
        "run_id",
        SampleTables.id("promote", SampleTables.DATES - 1),
        "pipeline",
        "bank",
        "date",
        SampleTables.LAST,
        "model_version",
        "b81d44e0f6aa",
        "gate",
        gate,
        "metric",
        metric,
        "slice_column",
        column,
        "slice_value",
        value,
        "value",
        figure,
        "against",
        against,
        "bound",
        gate + " " + against,
        "passed",
        passed,
        "reason",
        reason);
  }

  private void models() {
    model("3fa1c09be27d", 0, 73L);
    model("b81d44e0f6aa", SampleTables.DATES - 1, 91L);
    sample.add(
        "promotions",
        "run_id",
        SampleTables.id("promote", 0),
        "pipeline",
        SampleTables.PIPELINE,
        "position",
        1L,
        "model_version",
        "3fa1c09be27d",
        "effective_from",
        SampleTables.date(0),
        "kind",
        "promote",
        "reason",
        "all 5 verdicts of the gates passed",
        "promoted_at",
        SampleTables.at(0, 200));
  }

  private void model(String version, int i, long rounds) {
    sample.add(
        "models",
        "run_id",
        SampleTables.id("train", i),
        "pipeline",
        SampleTables.PIPELINE,
        "model_version",
        version,
        "date",
        SampleTables.date(i),
        "task",
        "binary",
        "algorithm",
        "xgboost",
        "features_version",
        "5d0c77aa91e2b34f",
        "rows_train",
        23_403L,
        "rows_tune",
        7_801L,
        "rounds",
        rounds,
        "largest_difference",
        5.9e-8,
        "code_version",
        "0.1.0",
        "trained_at",
        SampleTables.at(i, 130));
  }
}
