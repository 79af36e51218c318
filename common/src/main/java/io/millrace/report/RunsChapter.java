package io.millrace.report;

import io.millrace.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What went in and out: the runs of the date. Timings and provenance are told of the same rows. */
record RunsChapter(List<Run> runs, int left) {

  private static final int MOST = 60;

  /**
   * A run.
   *
   * @param span how long it took; negative where that isn't known
   * @param part of the longest run's time
   * @param table what it wrote or, if that was no table, what it read
   */
  record Run(
      String stage,
      String table,
      Level level,
      String status,
      double rowsIn,
      double rowsOut,
      double quarantined,
      Duration span,
      double part,
      Instant started,
      String message,
      String runId,
      String specHash,
      String codeVersion,
      String inputs,
      String outputs) {}

  static RunsChapter of(Facts facts) {
    Map<String, Row> last = new LinkedHashMap<>();
    facts
        .ofDate("runs")
        .sorted(Comparator.comparing((Row row) -> row.time("ended_at")))
        .forEach(row -> last.put(row.text("run_id") + row.text("outputs"), row));
    long longest = last.values().stream().mapToLong(row -> span(row).toMillis()).max().orElse(0);
    List<Run> runs = new ArrayList<>();
    last.values().forEach(row -> runs.add(run(row, longest)));
    runs.sort(
        Comparator.comparingInt((Run run) -> place(run.stage()))
            .thenComparing(Run::started)
            .thenComparing(Run::runId));
    int most = Math.min(MOST, runs.size());
    return new RunsChapter(List.copyOf(runs.subList(0, most)), runs.size() - most);
  }

  private static Run run(Row row, long longest) {
    Duration span = span(row);
    boolean done = row.text("status").equals("done");
    return new Run(
        row.text("stage"),
        table(row),
        done ? Level.OK : Level.STOP,
        row.text("status"),
        row.number("rows_in"),
        row.number("rows_out"),
        row.number("rows_quarantined"),
        span,
        longest > 0 ? Math.max(0, span.toMillis() / (double) longest) : 0,
        row.time("started_at"),
        row.text("message"),
        row.text("run_id"),
        row.text("spec_hash"),
        row.text("code_version"),
        tables(row.structs("inputs")),
        tables(row.structs("outputs")));
  }

  /** Two sources are taken in by runs of one stage, which differ in their tables alone. */
  private static String table(Row row) {
    return Stream.of("outputs", "inputs")
        .flatMap(column -> row.structs(column).stream())
        .findFirst()
        .map(first -> first.text("table"))
        .orElse("");
  }

  private static Duration span(Row row) {
    Instant from = row.time("started_at");
    Instant to = row.time("ended_at");
    return from.equals(Instant.MIN) || to.equals(Instant.MIN)
        ? Duration.ofMillis(-1)
        : Duration.between(from, to);
  }

  private static String tables(List<Row> versions) {
    return versions.stream()
        .map(
            row ->
                row.number("version") >= 0
                    ? row.text("table") + "@" + row.text("version")
                    : row.text("table"))
        .collect(Collectors.joining(", "));
  }

  /** Stages in flow order; a word that no stage has comes last. */
  private static int place(String stage) {
    for (Stage known : Stage.values()) {
      if (known.word().equals(stage)) {
        return known.ordinal();
      }
    }
    return Stage.values().length;
  }

  /** The rows of a stage's runs, by one of their figures; NaN where the stage hasn't run. */
  double sum(String stage, ToDoubleFunction<Run> figure) {
    return runs.stream()
        .filter(run -> run.stage().equals(stage))
        .mapToDouble(figure)
        .filter(Double::isFinite)
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  /** The runs with the longest first. */
  List<Run> longestFirst() {
    List<Run> sorted = new ArrayList<>(runs);
    Collections.sort(sorted, Comparator.comparing(Run::span).reversed());
    return sorted;
  }

  Duration total() {
    return runs.stream()
        .map(Run::span)
        .filter(span -> !span.isNegative())
        .reduce(Duration.ZERO, Duration::plus);
  }
}
