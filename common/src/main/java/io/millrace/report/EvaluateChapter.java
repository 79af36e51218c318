package io.millrace.report;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * How good models were on held-out rows, by the last evaluation up to the date.
 *
 * @param judgedOn its date; empty where there was none
 * @param roles challenger, champion and baseline, those there are
 */
record EvaluateChapter(
    String judgedOn,
    double rows,
    List<Role> roles,
    List<Metric> metrics,
    List<Slices> slices,
    int left,
    CurveSet curves) {

  private static final List<String> ROLES = List.of("challenger", "champion", "baseline");
  private static final int MOST_SLICES = 60;

  /** A model in the part that it played. */
  record Role(String role, String version) {}

  /** A metric with one figure per role. */
  record Metric(String name, List<Figure> figures) {}

  /** A figure with its interval; NaN what is absent. */
  record Figure(double value, double low, double high, double rows) {

    static final Figure ABSENT = new Figure(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    static Figure of(Row row) {
      return new Figure(
          row.number("value"), row.number("low"), row.number("high"), row.number("rows"));
    }
  }

  /**
   * The headline metric of each value of a column, over one scale.
   *
   * @param all the figure of all rows
   */
  record Slices(String column, String metric, Figure all, Scale scale, List<Value> values) {}

  /** A value of a slice column. */
  record Value(String value, Figure figure) {}

  static EvaluateChapter of(Facts facts, Hidden hidden) {
    Optional<LocalDate> judged =
        facts
            .known("metrics")
            .filter(row -> row.text("stage").equals("evaluate"))
            .flatMap(row -> row.date("date").stream())
            .max(LocalDate::compareTo);
    List<Row> rows = judged.map(date -> ofLastEvaluation(facts.at(date))).orElse(List.<Row>of());
    List<Role> roles = roles(rows);
    String headline = Headline.of(rows);
    String judge = roles.isEmpty() ? "" : roles.get(0).role();
    List<Slices> slices = slices(rows, judge, headline, hidden);
    String runId = rows.isEmpty() ? "" : rows.get(0).text("run_id");
    return new EvaluateChapter(
        judged.map(LocalDate::toString).orElse(""),
        rows.stream()
            .filter(row -> row.text("slice_column").isEmpty())
            .mapToDouble(row -> row.number("rows"))
            .max()
            .orElse(Double.NaN),
        roles,
        metrics(rows, roles),
        slices,
        leftOut(rows, judge, headline, slices),
        CurveSet.of(facts, runId));
  }

  private static List<Row> ofLastEvaluation(Facts facts) {
    return facts.ofLastRun(
        facts.ofDate("metrics").filter(row -> row.text("stage").equals("evaluate")));
  }

  private static List<Role> roles(List<Row> rows) {
    List<Role> roles = new ArrayList<>();
    for (String role : ROLES) {
      rows.stream()
          .filter(row -> row.text("role").equals(role))
          .findFirst()
          .ifPresent(row -> roles.add(new Role(role, row.text("model_version"))));
    }
    return roles;
  }

  private static List<Metric> metrics(List<Row> rows, List<Role> roles) {
    Map<String, Map<String, Figure>> found = new LinkedHashMap<>();
    for (Row row : rows) {
      if (row.text("slice_column").isEmpty() && !row.text("metric").equals("rows")) {
        found
            .computeIfAbsent(row.text("metric"), k -> new LinkedHashMap<>())
            .put(row.text("role"), Figure.of(row));
      }
    }
    List<Metric> metrics = new ArrayList<>();
    found.forEach(
        (name, figures) ->
            metrics.add(
                new Metric(
                    name,
                    roles.stream()
                        .map(role -> figures.getOrDefault(role.role(), Figure.ABSENT))
                        .toList())));
    return metrics;
  }

  private static List<Slices> slices(List<Row> rows, String role, String metric, Hidden hidden) {
    List<Row> ofMetric =
        rows.stream()
            .filter(row -> row.text("role").equals(role) && row.text("metric").equals(metric))
            .toList();
    Figure all =
        ofMetric.stream()
            .filter(row -> row.text("slice_column").isEmpty())
            .map(Figure::of)
            .findFirst()
            .orElse(Figure.ABSENT);
    Set<String> columns = new LinkedHashSet<>();
    ofMetric.forEach(row -> columns.add(row.text("slice_column")));
    columns.remove("");
    List<Slices> slices = new ArrayList<>();
    for (String column : columns) {
      List<Row> values =
          ofMetric.stream().filter(row -> row.text("slice_column").equals(column)).toList();
      slices.add(slices(column, metric, all, values, hidden));
    }
    return slices;
  }

  private static Slices slices(
      String column, String metric, Figure all, List<Row> rows, Hidden hidden) {
    List<Value> values = new ArrayList<>();
    rows.stream()
        .sorted(Comparator.comparingDouble((Row row) -> row.number("rows")).reversed())
        .limit(MOST_SLICES)
        .forEach(
            row ->
                values.add(new Value(hidden.of(column, row.text("slice_value")), Figure.of(row))));
    double[] ends =
        values.stream()
            .map(Value::figure)
            .flatMapToDouble(f -> DoubleStream.of(f.value(), f.low(), f.high()))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return new Slices(column, metric, all, scale(ends, all.value()), values);
  }

  /** From the least end of an interval to the greatest, in pixels of {@code interval.jte}. */
  private static Scale scale(double[] ends, double all) {
    double low = ends.length == 0 ? all : Math.min(ends[0], all);
    double high = ends.length == 0 ? all : Math.max(ends[ends.length - 1], all);
    return low < high ? new Scale(low, high, 5, 155) : Scale.over(low, high, 5, 155);
  }

  private static int leftOut(List<Row> rows, String role, String metric, List<Slices> slices) {
    long all =
        rows.stream()
            .filter(row -> row.text("role").equals(role) && row.text("metric").equals(metric))
            .filter(row -> !row.text("slice_column").isEmpty())
            .count();
    return (int) all - slices.stream().mapToInt(s -> s.values().size()).sum();
  }
}
