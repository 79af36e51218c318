package io.millrace.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How far features, predictions and labels are from what they were: at the date, and before. */
record DriftChapter(List<Column> columns, int left, List<Comparison> worst, long judged) {

  private static final int MOST = 100;
  private static final int MOST_COMPARED = 6;

  /** What a column was compared with, and what came of it. */
  record Column(
      String kind,
      String column,
      String against,
      String metric,
      double value,
      double byChance,
      double pValue,
      double warn,
      double stop,
      Level level,
      String verdict,
      double rows,
      double referenceRows,
      String message) {}

  /**
   * Verdicts of columns over dates.
   *
   * @param left columns that aren't shown
   */
  record History(List<String> dates, List<Strip> strips, int left) {}

  /** One column's verdicts, a cell per date; null where it wasn't judged. */
  record Strip(String column, List<Cell> cells) {}

  /** A verdict; {@code shade} 0 to 4 is how near the value is to the limit that warns. */
  record Cell(Level level, int shade, String told) {}

  static DriftChapter of(Facts facts, Hidden hidden) {
    List<Row> rows = facts.ofLastRun(facts.ofDate("drift")).stream().sorted(worstFirst()).toList();
    List<Column> columns = new ArrayList<>();
    List<Comparison> worst = new ArrayList<>();
    for (Row row : rows) {
      if (columns.size() < MOST) {
        columns.add(column(row, hidden));
      }
      if (worst.size() < MOST_COMPARED && shown(row, worst)) {
        Comparison comparison = comparison(row, hidden);
        if (!comparison.isEmpty()) {
          worst.add(comparison);
        }
      }
    }
    return new DriftChapter(columns, rows.size() - columns.size(), worst, rows.size());
  }

  /** Changed columns, and at least the two that are nearest to it. */
  private static boolean shown(Row row, List<Comparison> before) {
    Level level = level(row.text("verdict"));
    return level == Level.STOP || level == Level.WARN || before.size() < 2;
  }

  private static Comparison comparison(Row row, Hidden hidden) {
    String title =
        "%s against %s: %s %s"
            .formatted(
                row.text("column"),
                row.text("against"),
                row.text("metric"),
                Format.number(row.number("value")));
    return Comparison.of(
        title, row.text("against"), row.json("bins"), hidden.hides(row.text("column")));
  }

  /** By verdict, then by how near to the limit that stops. */
  static Comparator<Row> worstFirst() {
    return Comparator.comparing((Row row) -> rank(level(row.text("verdict"))))
        .thenComparing(Comparator.comparingDouble(DriftChapter::nearness).reversed())
        .thenComparing(row -> row.text("kind"))
        .thenComparing(row -> row.text("column"))
        .thenComparing(row -> row.text("against"));
  }

  /** The value as a share of the limit that stops; 0 where it isn't known. */
  static double nearness(Row row) {
    double part = row.number("value") / row.number("stop");
    return Double.isFinite(part) ? part : 0;
  }

  private static int rank(Level level) {
    return switch (level) {
      case STOP -> 0;
      case WARN -> 1;
      case OK -> 2;
      case NONE -> 3;
    };
  }

  /** {@code capped} (too many categories) and {@code few-rows} are no verdict. */
  static Level level(String verdict) {
    return switch (verdict) {
      case "ok" -> Level.OK;
      case "warn" -> Level.WARN;
      case "stop" -> Level.STOP;
      default -> Level.NONE;
    };
  }

  private static Column column(Row row, Hidden hidden) {
    String name = row.text("column");
    return new Column(
        row.text("kind"),
        name,
        row.text("against"),
        row.text("metric"),
        row.number("value"),
        row.number("by_chance"),
        row.number("p_value"),
        row.number("warn"),
        row.number("stop"),
        level(row.text("verdict")),
        row.text("verdict"),
        row.number("rows"),
        row.number("reference_rows"),
        hidden.of(name, row.text("message")));
  }

  long count(Level level) {
    return columns.stream().filter(column -> column.level() == level).count();
  }

  /** Columns over either limit. */
  long changed() {
    return count(Level.WARN) + count(Level.STOP);
  }

  /** The greatest value as a share of the limit that stops; NaN where nothing was judged. */
  double nearest() {
    return columns.stream()
        .filter(column -> column.level() != Level.NONE)
        .mapToDouble(column -> column.value() / column.stop())
        .filter(Double::isFinite)
        .max()
        .orElse(Double.NaN);
  }

  Level level() {
    return columns.stream().map(Column::level).reduce(Level.NONE, Level::or);
  }
}
