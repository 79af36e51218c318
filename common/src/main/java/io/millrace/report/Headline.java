package io.millrace.report;

import java.util.List;

/** The metric that stands for the others: the first of these that was measured. */
final class Headline {

  private static final List<String> ORDER = List.of("auc", "rmse", "macro-auc", "accuracy", "mae");

  private Headline() {}

  /** The headline metric of rows of {@code metrics}; {@code auc} where there is none. */
  static String of(List<Row> rows) {
    return ORDER.stream()
        .filter(metric -> rows.stream().anyMatch(row -> row.text("metric").equals(metric)))
        .findFirst()
        .orElse(ORDER.get(0));
  }

  /** What the released figures are shown of, the headline first. */
  static List<String> shown(List<Row> rows) {
    return List.of("auc", "rmse", "accuracy", "log-loss", "mean-error").stream()
        .filter(metric -> rows.stream().anyMatch(row -> row.text("metric").equals(metric)))
        .limit(2)
        .toList();
  }
}
