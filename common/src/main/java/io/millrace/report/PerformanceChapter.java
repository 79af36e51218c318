package io.millrace.report;

import io.millrace.report.Plot.Axis;
import io.millrace.report.Plot.Diagonal;
import io.millrace.report.Plot.Point;
import io.millrace.report.Plot.Series;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How released predictions turned out, beside what held-out rows had promised of their model. A
 * date is measured again as labels come in; the last measurement counts, and one that came after
 * the page's date is hollow.
 */
record PerformanceChapter(String metric, List<Outcome> outcomes, int left, List<Plot> plots) {

  private static final int MOST = 60;

  /**
   * One date of predictions.
   *
   * @param promised what the evaluation of its model said
   */
  record Outcome(
      LocalDate date,
      String version,
      EvaluateChapter.Figure promised,
      EvaluateChapter.Figure real,
      LocalDate measured) {}

  static PerformanceChapter of(Facts facts) {
    List<Row> released =
        facts.rows("metrics").stream()
            .filter(row -> row.text("role").equals("released"))
            .filter(row -> row.text("slice_column").equals("date"))
            .filter(row -> !predicted(row).isAfter(facts.date()))
            .toList();
    List<String> metrics = Headline.shown(released);
    List<Plot> plots = new ArrayList<>();
    List<Outcome> shown = List.of();
    int left = 0;
    for (String metric : metrics) {
      List<Outcome> outcomes = outcomes(facts, released, metric);
      List<Outcome> last = outcomes.subList(Math.max(0, outcomes.size() - MOST), outcomes.size());
      plots.add(plot(metric, last, facts.date()));
      if (metric.equals(metrics.get(0))) {
        shown = last;
        left = outcomes.size() - last.size();
      }
    }
    return new PerformanceChapter(metrics.isEmpty() ? "" : metrics.get(0), shown, left, plots);
  }

  private static LocalDate predicted(Row row) {
    return LocalDate.parse(row.text("slice_value"));
  }

  private static List<Outcome> outcomes(Facts facts, List<Row> released, String metric) {
    TreeMap<LocalDate, Row> last = new TreeMap<>();
    for (Row row : released) {
      if (row.text("metric").equals(metric)) {
        last.merge(predicted(row), row, (one, other) -> later(facts, one, other));
      }
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Map.Entry<LocalDate, Row> entry : last.entrySet()) {
      String version = version(facts, entry.getKey());
      Row row = entry.getValue();
      outcomes.add(
          new Outcome(
              entry.getKey(),
              version,
              promised(facts, version, metric),
              EvaluateChapter.Figure.of(row),
              row.date("date").orElse(entry.getKey())));
    }
    return outcomes;
  }

  private static Row later(Facts facts, Row a, Row b) {
    Comparator<Row> order =
        Comparator.comparing((Row row) -> row.date("date").orElse(LocalDate.MIN))
            .thenComparing(row -> row.text("run_id"), facts.byEnd());
    return order.compare(a, b) > 0 ? a : b;
  }

  /** The model whose predictions of the date were released, by the last release. */
  private static String version(Facts facts, LocalDate date) {
    return facts.rows("releases").stream()
        .filter(row -> row.isOf(date))
        .max(Comparator.comparing(row -> row.time("released_at")))
        .map(row -> row.text("model_version"))
        .orElse("");
  }

  private static EvaluateChapter.Figure promised(Facts facts, String version, String metric) {
    Optional<Row> own =
        facts.rows("metrics").stream()
            .filter(row -> row.text("role").equals("challenger"))
            .filter(row -> row.text("model_version").equals(version))
            .filter(row -> row.text("metric").equals(metric))
            .filter(row -> row.text("slice_column").isEmpty())
            .max(Comparator.comparing(row -> row.date("date").orElse(LocalDate.MIN)));
    return own.map(EvaluateChapter.Figure::of).orElse(EvaluateChapter.Figure.ABSENT);
  }

  private static Plot plot(String metric, List<Outcome> outcomes, LocalDate date) {
    List<Point> promised = new ArrayList<>();
    List<Point> real = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome o = outcomes.get(i);
      String told =
          "%s: %s on %s, promised %s"
              .formatted(
                  o.date(),
                  Format.number(o.real().value()),
                  Format.count(o.real().rows(), "row"),
                  Format.number(o.promised().value()));
      boolean later = o.measured().isAfter(date);
      promised.add(Point.of(i, o.promised().value()));
      real.add(new Point(i, o.real().value(), o.real().low(), o.real().high(), later, told));
    }
    List<Series> series =
        Stream.of(
                new Series("promised", "promised", promised, true, false),
                new Series("real", "real", real, true, true))
            .toList();
    return Plot.of(
        metric,
        "%s of %s of predictions: as held-out rows promised, and as it turned out"
            .formatted(metric, Format.count(outcomes.size(), "date")),
        Axis.of(
            "date of the predictions", outcomes.stream().map(o -> o.date().toString()).toList()),
        Axis.over(metric, Plot.heights(series)),
        series,
        Diagonal.ABSENT);
  }
}
