package io.millrace.report;

import io.millrace.report.DriftChapter.Cell;
import io.millrace.report.DriftChapter.History;
import io.millrace.report.DriftChapter.Strip;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The verdicts on each column over the last dates. */
final class DriftHistory {

  private static final int MOST_DATES = 30;
  private static final int MOST_COLUMNS = 40;
  private static final int SHADES = 4;

  private DriftHistory() {}

  /** Columns with the worst dates first; of a date and column the worst verdict. */
  static History of(Facts facts) {
    TreeMap<LocalDate, List<Row>> byDate = new TreeMap<>();
    facts
        .known("drift")
        .forEach(
            row ->
                byDate
                    .computeIfAbsent(row.date("date").orElseThrow(), k -> new ArrayList<>())
                    .add(row));
    List<LocalDate> dates =
        List.copyOf(byDate.descendingKeySet()).stream().limit(MOST_DATES).sorted().toList();
    Map<String, Map<LocalDate, Row>> worst = new HashMap<>();
    for (LocalDate date : dates) {
      for (Row row : facts.ofLastRun(byDate.get(date).stream())) {
        worst
            .computeIfAbsent(name(row), k -> new HashMap<>())
            .merge(date, row, DriftHistory::worse);
      }
    }
    List<Strip> strips =
        worst.entrySet().stream()
            .sorted(order())
            .map(entry -> strip(entry.getKey(), dates, entry.getValue()))
            .toList();
    int most = Math.min(MOST_COLUMNS, strips.size());
    return new History(
        dates.stream().map(LocalDate::toString).toList(),
        strips.subList(0, most),
        strips.size() - most);
  }

  private static String name(Row row) {
    String kind = row.text("kind");
    return kind.equals("feature") ? row.text("column") : kind + " " + row.text("column");
  }

  private static Row worse(Row a, Row b) {
    return DriftChapter.worstFirst().compare(a, b) <= 0 ? a : b;
  }

  private static Comparator<Map.Entry<String, Map<LocalDate, Row>>> order() {
    Comparator<Map.Entry<String, Map<LocalDate, Row>>> byBadness =
        Comparator.comparingDouble(
            entry -> entry.getValue().values().stream().mapToDouble(DriftHistory::badness).sum());
    return byBadness.reversed().thenComparing(Map.Entry.comparingByKey());
  }

  private static double badness(Row row) {
    return switch (DriftChapter.level(row.text("verdict"))) {
      case STOP -> 1000;
      case WARN -> 100;
      case OK, NONE -> Math.min(1, DriftChapter.nearness(row));
    };
  }

  private static Strip strip(String column, List<LocalDate> dates, Map<LocalDate, Row> rows) {
    List<Cell> cells = new ArrayList<>();
    dates.forEach(date -> cells.add(cell(date, rows.get(date))));
    return new Strip(column, cells);
  }

  private static Cell cell(LocalDate date, Row row) {
    if (row == null) {
      return null;
    }
    double part = row.number("value") / row.number("warn");
    double nearness = Double.isFinite(part) ? Math.min(1, Math.max(0, part)) : 0;
    String told =
        "%s: %s %s against %s, %s"
            .formatted(
                date,
                row.text("metric"),
                Format.number(row.number("value")),
                row.text("against"),
                row.text("verdict"));
    return new Cell(
        DriftChapter.level(row.text("verdict")), (int) Math.round(SHADES * nearness), told);
  }
}
