package io.millrace.jobs;

import io.millrace.evaluate.Metric;
import io.millrace.table.SmallTable;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One line for each released date, told when its labels have come in. */
final class ReplayReport {

  private final Work work;
  private final Set<LocalDate> told = new TreeSet<>();
  private boolean headed;

  ReplayReport(Work work) {
    this.work = work;
  }

  /** Tells of the dates whose labels are known at a date. */
  void after(LocalDate date) {
    Map<LocalDate, Map<String, Metric>> figures = new Performance(work).upTo(date);
    figures.forEach(
        (day, metrics) -> {
          if (told.add(day)) {
            tell(day, metrics);
          }
        });
  }

  private void tell(LocalDate day, Map<String, Metric> metrics) {
    if (!headed) {
      headed = true;
      work.console()
          .print(
              "%-12s %7s %15s %12s %8s  %s"
                  .formatted("date", "rows", "predicted mean", "actual rate", "AUC", "model"));
    }
    Map<String, Object> release = release(day);
    work.console()
        .print(
            "%-12s %,7d %15s %12s %8s  %s"
                .formatted(
                    day,
                    metrics.values().iterator().next().rows(),
                    number(release.get("mean")),
                    value(metrics, "base-rate"),
                    value(metrics, "auc"),
                    release.getOrDefault("model_version", "")));
  }

  private static String value(Map<String, Metric> metrics, String name) {
    return metrics.containsKey(name) ? "%.3f".formatted(metrics.get(name).value()) : "-";
  }

  private static String number(Object value) {
    return value == null ? "-" : "%.3f".formatted((Double) value);
  }

  private Map<String, Object> release(LocalDate day) {
    return new SmallTable(work.lake(), ResultTables.releases())
        .rows(work.name()).stream()
            .filter(row -> day.equals(row.get("date")))
            .max(
                java.util.Comparator.comparingLong(
                    (Map<String, Object> row) -> (Long) row.get("predictions_version")))
            .orElse(Map.of());
  }
}
