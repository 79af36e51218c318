package io.millrace.jobs;

import io.millrace.evaluate.Metric;
import io.millrace.table.SmallTable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
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

  /** Tells what became of a date's challenger. */
  void trained(LocalDate date, PromoteJob.Decision decision) {
    String said =
        decision.promoted()
            ? "in force from then on"
            : "stays out: " + String.join("; ", decision.reasons());
    work.console()
        .print(
            "%s  trained on all that was known: model %s, %s%s%s"
                .formatted(
                    date,
                    decision.version(),
                    heldOut(decision.version()),
                    said,
                    decision.outcome() == Outcome.ALREADY_DONE ? " (already done)" : ""));
  }

  /** What a random split promised. */
  private String heldOut(String version) {
    return new SmallTable(work.lake(), ResultTables.metrics())
        .rows(work.name()).stream()
            .filter(row -> version.equals(row.get("model_version")))
            .filter(row -> "challenger".equals(row.get("role")))
            .filter(row -> "auc".equals(row.get("metric")))
            .filter(row -> "".equals(row.get("slice_column")))
            .map(row -> "AUC %.3f on held-out rows, ".formatted((Double) row.get("value")))
            .findFirst()
            .orElse("");
  }

  /**
   * Tells of the dates whose labels are known at a date.
   *
   * @param changed whether anything of the date was written now
   */
  void after(LocalDate date, boolean changed) {
    Map<LocalDate, Map<String, Metric>> figures = new Performance(work).upTo(date);
    figures.forEach(
        (day, metrics) -> {
          if (told.add(day)) {
            tell(day, metrics, changed);
          }
        });
  }

  private void tell(LocalDate day, Map<String, Metric> metrics, boolean changed) {
    if (!headed) {
      headed = true;
      work.console()
          .print(
              "%-10s  %6s  %14s  %11s  %5s  %-15s  %s"
                  .formatted(
                      "date",
                      "rows",
                      "predicted mean",
                      "actual rate",
                      "AUC",
                      "columns drifted",
                      "model"));
    }
    Map<String, Object> release = release(day);
    work.console()
        .print(
            "%-10s  %,6d  %14s  %11s  %5s  %-15s  %s%s"
                .formatted(
                    day,
                    metrics.values().iterator().next().rows(),
                    number(release.get("mean")),
                    value(metrics, "base-rate"),
                    value(metrics, "auc"),
                    drifted(day),
                    release.getOrDefault("model_version", ""),
                    changed ? "" : "  already done"));
  }

  /** How many features are far from those that the date's model learned from. */
  private String drifted(LocalDate day) {
    String judged =
        new SmallTable(work.lake(), ResultTables.verdicts())
            .rows(work.name()).stream()
                .filter(row -> day.equals(row.get("date")))
                .max(java.util.Comparator.comparing(row -> (Instant) row.get("judged_at")))
                .map(row -> (String) row.get("run_id"))
                .orElse("");
    List<Object> verdicts =
        new SmallTable(work.lake(), ResultTables.drift())
            .rows(work.name()).stream()
                .filter(row -> judged.equals(row.get("run_id")))
                .filter(row -> "feature".equals(row.get("kind")))
                .filter(row -> "training".equals(row.get("against")))
                .map(row -> row.get("verdict"))
                .filter(verdict -> !"".equals(verdict))
                .toList();
    long changed = verdicts.stream().filter(v -> v.equals("warn") || v.equals("stop")).count();
    boolean few = verdicts.stream().allMatch("few-rows"::equals);
    return few ? "too few rows" : changed + " of " + verdicts.size();
  }

  private static String value(Map<String, Metric> metrics, String name) {
    return metrics.containsKey(name) ? "%.3f".formatted(metrics.get(name).value()) : "-";
  }

  private static String number(Object value) {
    return value == null ? "-" : "%.3f".formatted((Double) value);
  }

  /** The one that readers see. */
  private Map<String, Object> release(LocalDate day) {
    List<Map<String, Object>> releases =
        new Releases(work.lake(), work.name(), RunGraph.of(work.lake(), work.name())).of(day);
    return releases.isEmpty() ? Map.of() : releases.get(releases.size() - 1);
  }
}
