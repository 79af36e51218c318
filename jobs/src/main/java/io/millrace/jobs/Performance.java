package io.millrace.jobs;

import io.millrace.Hashes;
import io.millrace.Stage;
import io.millrace.evaluate.Metric;
import io.millrace.label.LabelBuilder;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunLog;
import io.millrace.table.SliceState;
import io.millrace.table.SmallTable;
import io.millrace.table.TableVersion;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** How released predictions turned out, once their labels are known. */
final class Performance {

  private static final String ROLE = "released";

  private final Work work;

  Performance(Work work) {
    this.work = work;
  }

  /**
   * Measures what the release of some dates changes: the predictions whose labels became known on
   * them, and their own, at each date at which labels of theirs did. Nothing where {@code metrics}
   * tells of these very predictions already.
   */
  void measure(List<LocalDate> released) {
    Optional<PinnedTable> labels = work.lake().latest("labels/" + work.name());
    Optional<PinnedTable> predictions = work.lake().latest("predictions/" + work.name());
    if (work.spec().label().isEmpty() || labels.isEmpty() || predictions.isEmpty()) {
      return;
    }
    LocalDate first = Collections.min(released);
    Set<LocalDate> arrived = dates(labels.get(), LabelBuilder.KNOWN_AT);
    boolean isKnown = arrived.stream().anyMatch(day -> !day.isBefore(first));
    if (!isKnown && LabelArrivals.after(work).isZero()) {
      return;
    }
    SmallTable metrics = new SmallTable(work.lake(), ResultTables.metrics());
    String asked = asked(released, labels.get(), predictions.get());
    if (metrics.holds(asked)) {
      return;
    }
    LabelArrivals arrivals = LabelArrivals.since(work, first, labels.get(), predictions.get());
    Set<LocalDate> days = new TreeSet<>(arrived);
    days.addAll(dates(predictions.get(), "date"));
    days.addAll(released);
    days.removeIf(day -> day.isBefore(first));
    for (LocalDate knownAt : days) {
      SortedSet<LocalDate> dates = arrivals.at(knownAt);
      if (released.contains(knownAt) || !Collections.disjoint(dates, released)) {
        measure(metrics, knownAt, dates, labels.get(), predictions.get());
      }
    }
    // A command that finds all done writes nothing; it asks Spark again the next time.
    if (work.changes() > 0) {
      metrics.record(work.name(), asked, List.of());
    }
  }

  private void measure(
      SmallTable metrics,
      LocalDate knownAt,
      SortedSet<LocalDate> dates,
      PinnedTable labels,
      PinnedTable predictions) {
    if (dates.isEmpty()) {
      return;
    }
    String runId = runId(knownAt, dates, labels, predictions);
    boolean held = metrics.holds(runId);
    if (held && counts(knownAt, runId)) {
      return;
    }
    Optional<PinnedTable> features = work.lake().latest("features/" + work.name());
    ReleasedRows released = new ReleasedRows(work, LabelledRows.task(work), features);
    List<Map<String, Object>> rows =
        held
            ? MetricRows.of(metrics, work.name(), runId).toList()
            : new MetricRows(work, Stage.RELEASE, knownAt, runId)
                .rows(
                    "", ROLE, released.metrics(joined(knownAt, labels, predictions), days(dates)));
    List<PinnedTable> read = new ArrayList<>(List.of(labels, predictions));
    features.filter(table -> released.top().isPresent()).ifPresent(read::add);
    // The run's row says when it was measured: of two measurements of a date the last one counts.
    // One that counts again stands once more in the index, by the version that has its rows.
    long version = held ? metrics.version() : -1;
    work.record(
        List.of(
            work.unplanned(
                    Stage.RELEASE,
                    knownAt,
                    runId,
                    read.stream().flatMap(table -> table.versions().stream()).toList(),
                    0)
                .finished(List.of(new TableVersion(metrics.name(), version)), rows.size())));
    work.flush();
    if (!held) {
      metrics.append(work.name(), runId, rows);
    }
  }

  /** Whether a measurement is the last one of its date; else predictions of before are back. */
  private boolean counts(LocalDate knownAt, String runId) {
    work.flush();
    return measurements()
        .filter(run -> knownAt.equals(run.get("date")))
        .reduce((one, later) -> later)
        .filter(run -> runId.equals(run.get("run_id")))
        .isPresent();
  }

  /** The rows that measurements have in {@code runs}, oldest first; they may stand there again. */
  private Stream<Map<String, Object>> measurements() {
    return new RunLog(work.lake())
        .rows(work.name()).stream()
            .filter(run -> Stage.RELEASE.word().equals(run.get("stage")))
            .filter(run -> isMeasurement((List<?>) run.get("outputs")));
  }

  private static boolean isMeasurement(List<?> outputs) {
    return outputs.stream().anyMatch(one -> "metrics".equals(((Map<?, ?>) one).get("table")));
  }

  private static Set<LocalDate> dates(PinnedTable table, String partition) {
    return table.slices(partition).values().stream()
        .filter(slice -> !slice.files().isEmpty())
        .map(slice -> LocalDate.parse(slice.key()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** All that the answer to "what is to be measured" depends on, told by the logs alone. */
  private String asked(List<LocalDate> released, PinnedTable labels, PinnedTable predictions) {
    StringBuilder content = new StringBuilder("measured/1 ").append(new TreeSet<>(released));
    labels.slices(LabelBuilder.KNOWN_AT).forEach((key, slice) -> content.append(slice.runIds()));
    // By files, since predictions that come back have the run of before.
    predictions
        .slices("date")
        .forEach((key, slice) -> content.append(key).append(new TreeSet<>(slice.files())));
    return hash(content);
  }

  /** What is read decides: labels known up to then, and the predictions that are measured. */
  private String runId(
      LocalDate knownAt, SortedSet<LocalDate> dates, PinnedTable labels, PinnedTable predictions) {
    StringBuilder content = new StringBuilder("performance/2 ").append(knownAt);
    new TreeMap<>(labels.slices(LabelBuilder.KNOWN_AT))
        .headMap(knownAt.toString(), true)
        .forEach((key, slice) -> content.append(' ').append(slice.runIds()));
    Map<String, SliceState> slices = predictions.slices("date");
    for (LocalDate date : dates) {
      content.append(' ').append(slices.get(date.toString()).runIds());
    }
    return hash(content);
  }

  private String hash(StringBuilder content) {
    work.spec().evaluate().top().ifPresent(top -> content.append(' ').append(top));
    return Hashes.sha256Hex(content.toString()).substring(0, 32);
  }

  private static List<java.sql.Date> days(Set<LocalDate> dates) {
    return dates.stream().map(java.sql.Date::valueOf).toList();
  }

  private Dataset<Row> joined(LocalDate knownAt, PinnedTable labels, PinnedTable predictions) {
    return predictions
        .read()
        .join(
            LabelBuilder.knownAt(work.spec(), labels, knownAt).drop("run_id"),
            CollectionConverters.asScala(LabelBuilder.entity(work.spec())).toSeq());
  }

  /** The figures of each released date, from the last measurement up to a date. */
  Map<LocalDate, Map<String, Metric>> upTo(LocalDate date) {
    List<Map<String, Object>> rows =
        new ArrayList<>(
            new SmallTable(work.lake(), ResultTables.metrics())
                .rows(work.name()).stream()
                    .filter(row -> ROLE.equals(row.get("role")))
                    .filter(row -> !knownAt(row).isAfter(date))
                    .toList());
    long runs = rows.stream().map(row -> row.get("run_id")).distinct().count();
    boolean again = runs > rows.stream().map(Performance::knownAt).distinct().count();
    Map<Object, Instant> ends = new HashMap<>();
    if (again) {
      measurements().forEach(run -> ends.put(run.get("run_id"), (Instant) run.get("ended_at")));
    }
    rows.sort(
        Comparator.comparing(Performance::knownAt)
            .thenComparing(row -> ends.getOrDefault(row.get("run_id"), Instant.MIN)));
    Map<LocalDate, Map<String, Metric>> figures = new TreeMap<>();
    rows.forEach(
        row ->
            figures
                .computeIfAbsent(
                    LocalDate.parse((String) row.get("slice_value")), day -> new TreeMap<>())
                .put((String) row.get("metric"), MetricRows.metric(row)));
    return figures;
  }

  private static LocalDate knownAt(Map<String, Object> row) {
    return (LocalDate) row.get("date");
  }
}
