package io.millrace.report;

import io.millrace.report.Plot.Axis;
import io.millrace.report.Plot.Diagonal;
import io.millrace.report.Plot.Point;
import io.millrace.report.Plot.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the table {@code curves} holds of one evaluation, ready to be drawn. */
record CurveSet(
    List<Plot> plots, Optional<Confusion> confusion, List<Weight> importance, int left) {

  private static final int MOST_FEATURES = 30;

  /** How each curve is drawn, in this order. */
  private enum Kind {
    ROC("roc", "ROC", "false positive rate", "true positive rate", Diagonal.DRAWN),
    PRECISION_RECALL(
        "precision-recall", "Precision and recall", "recall", "precision", Diagonal.ABSENT),
    CALIBRATION("calibration", "Calibration", "predicted", "observed", Diagonal.DRAWN),
    GAIN("gain", "Gain", "share of rows, best first", "share of positives", Diagonal.DRAWN);

    private final String name;
    private final String title;
    private final String x;
    private final String y;
    private final Diagonal diagonal;

    Kind(String name, String title, String x, String y, Diagonal diagonal) {
      this.name = name;
      this.title = title;
      this.x = x;
      this.y = y;
      this.diagonal = diagonal;
    }
  }

  /** How much a feature counts, with the length of its bar, of the longest 1. */
  record Weight(String feature, double value, double bar) {}

  /** The curves of one run of evaluate. */
  static CurveSet of(Facts facts, String runId) {
    List<Row> rows =
        facts.rows("curves").stream()
            .filter(row -> !runId.isEmpty() && row.text("run_id").equals(runId))
            .toList();
    List<Plot> plots = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      List<Series> series = series(rows, kind);
      if (!series.isEmpty()) {
        plots.add(plot(kind, series));
      }
    }
    String judged = rows.stream().anyMatch(of("challenger")) ? "challenger" : "champion";
    List<Row> ofJudged = rows.stream().filter(of(judged)).toList();
    List<Weight> weights = weights(ofJudged);
    int most = Math.min(MOST_FEATURES, weights.size());
    return new CurveSet(
        plots, Confusion.of(ofJudged), weights.subList(0, most), weights.size() - most);
  }

  private static Predicate<Row> of(String role) {
    return row -> row.text("role").equals(role);
  }

  private static List<Series> series(List<Row> rows, Kind kind) {
    List<Series> series = new ArrayList<>();
    for (String role : List.of("baseline", "champion", "challenger")) {
      List<Point> points =
          rows.stream()
              .filter(of(role))
              .filter(row -> row.text("curve").equals(kind.name))
              .sorted(order(kind))
              .map(row -> point(row, kind))
              .toList();
      if (!points.isEmpty()) {
        series.add(new Series(role, role, points, true, kind == Kind.CALIBRATION));
      }
    }
    return series;
  }

  /** Along x; a ROC's and a gain's steps rise, so y decides among equal x; recall falls in y. */
  private static Comparator<Row> order(Kind kind) {
    Comparator<Row> byX = Comparator.comparingDouble(row -> row.number("x"));
    Comparator<Row> byY = Comparator.comparingDouble(row -> row.number("y"));
    return byX.thenComparing(kind == Kind.PRECISION_RECALL ? byY.reversed() : byY);
  }

  private static Point point(Row row, Kind kind) {
    double x = row.number("x");
    double y = row.number("y");
    String told =
        kind == Kind.CALIBRATION
            ? "predicted %s, observed %s, %s"
                .formatted(
                    Format.number(x), Format.number(y), Format.count(row.number("rows"), "row"))
            : "";
    return new Point(x, y, Double.NaN, Double.NaN, false, told);
  }

  private static Plot plot(Kind kind, List<Series> series) {
    boolean unit =
        series.stream()
            .flatMap(s -> s.points().stream())
            .flatMap(p -> Stream.of(p.x(), p.y()))
            .allMatch(v -> v >= 0 && v <= 1);
    Axis x = Axis.unit(kind.x);
    Axis y = Axis.unit(kind.y);
    if (!unit) {
      List<Double> all =
          series.stream()
              .flatMap(s -> s.points().stream())
              .flatMap(p -> Stream.of(p.x(), p.y()))
              .toList();
      x = Axis.over(kind.x, all.stream().mapToDouble(v -> v));
      y = Axis.over(kind.y, all.stream().mapToDouble(v -> v));
    }
    return Plot.of(kind.title, described(kind, series), x, y, series, kind.diagonal);
  }

  private static String described(Kind kind, List<Series> series) {
    List<String> said = new ArrayList<>();
    for (Series s : series) {
      said.add(s.name() + " of " + s.points().size() + " points");
    }
    return kind.y + " over " + kind.x + ": " + String.join(", ", said);
  }

  private static List<Weight> weights(List<Row> rows) {
    List<Row> found =
        rows.stream()
            .filter(row -> row.text("curve").equals("importance"))
            .sorted(
                Comparator.comparingDouble((Row row) -> row.number("y"))
                    .reversed()
                    .thenComparing(row -> row.text("label")))
            .toList();
    double longest = found.isEmpty() ? 1 : found.get(0).number("y");
    return found.stream()
        .map(
            row ->
                new Weight(
                    row.text("label"),
                    row.number("y"),
                    longest > 0 ? row.number("y") / longest : 0))
        .toList();
  }
}
