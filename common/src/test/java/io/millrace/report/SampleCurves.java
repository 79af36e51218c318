package io.millrace.report;

import java.util.List;

/** The table {@code curves} of {@link SampleTables}. */
final class SampleCurves {

  private static final int DATE = SampleTables.DATES - 1;

  private SampleCurves() {}

  static void addTo(SampleTables sample) {
    String[] roles = {"challenger", "champion", "baseline"};
    for (int r = 0; r < roles.length; r++) {
      double power = 0.27 + 0.06 * r;
      for (int i = 0; i <= 50; i++) {
        double x = i / 50.0;
        double y = Math.pow(x, power);
        curve(sample, roles[r], "roc", x, y, "", 0);
        curve(sample, roles[r], "gain", x, Math.pow(x, power + 0.05), "", 0);
        curve(
            sample,
            roles[r],
            "precision-recall",
            x,
            0.12 + 0.7 * Math.pow(1 - x, 2 - r * .4),
            "",
            0);
      }
      for (int i = 0; i < 10; i++) {
        double x = 0.05 + 0.09 * i;
        curve(
            sample,
            roles[r],
            "calibration",
            x,
            Math.min(1, x + 0.05 * SampleTables.wave(i, r)),
            "",
            2100 - 200 * i);
      }
    }
    curve(sample, "challenger", "confusion", 0, 0, "no", 6_780);
    curve(sample, "challenger", "confusion", 0, 1, "no", 101);
    curve(sample, "challenger", "confusion", 1, 0, "yes", 708);
    curve(sample, "challenger", "confusion", 1, 1, "yes", 212);
    double gain = 0.31;
    for (String feature : List.of("nr_employed", "euribor3m", "poutcome", "age", "contact")) {
      curve(sample, "challenger", "importance", 0, gain, feature, 0);
      gain /= 1.7;
    }
  }

  private static void curve(
      SampleTables sample, String role, String curve, double x, double y, String label, long rows) {
    sample.add(
        "curves",
        "run_id",
        SampleTables.id("evaluate", DATE),
        "pipeline",
        "bank",
        "model_version",
        "b81d44e0f6aa",
        "role",
        role,
        "curve",
        curve,
        "x",
        x,
        "y",
        y,
        "label",
        label,
        "rows",
        rows);
  }
}
