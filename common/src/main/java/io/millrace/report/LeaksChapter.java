package io.millrace.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Findings of the leakage audit. */
record LeaksChapter(List<Leak> leaks, int left) {

  private static final int MOST = 100;

  /** A finding. */
  record Leak(
      String stage,
      String rule,
      String column,
      double value,
      double limit,
      String message,
      double rows) {}

  static LeaksChapter of(Facts facts, Hidden hidden) {
    Map<String, List<Row>> byStage = new TreeMap<>();
    facts
        .ofDate("leaks")
        .forEach(
            row -> byStage.computeIfAbsent(row.text("stage"), k -> new ArrayList<>()).add(row));
    List<Leak> leaks =
        byStage.values().stream()
            .flatMap(rows -> facts.ofLastRun(rows.stream()).stream())
            .map(row -> leak(row, hidden))
            .sorted(Comparator.comparing(Leak::stage).thenComparing(Leak::rule))
            .toList();
    int most = Math.min(MOST, leaks.size());
    return new LeaksChapter(leaks.subList(0, most), leaks.size() - most);
  }

  private static Leak leak(Row row, Hidden hidden) {
    return new Leak(
        row.text("stage"),
        row.text("rule"),
        row.text("column"),
        row.number("value"),
        row.number("limit"),
        hidden.of(row.text("column"), row.text("message")),
        row.number("rows"));
  }
}
