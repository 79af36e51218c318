package io.millrace.jobs;

import static org.apache.spark.sql.functions.lit;

import io.millrace.Hashes;
import io.millrace.Stage;
import io.millrace.evaluate.Metric;
import io.millrace.label.LabelBuilder;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.SmallTable;
import io.millrace.table.TableVersion;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How released predictions turned out, once their labels are known. */
final class Performance {

  private static final String ROLE = "released";

  private final Work work;

  Performance(Work work) {
    this.work = work;
  }

  /**
   * Measures the dates whose labels became known on a date, and puts the figures into {@code
   * metrics}; nothing where they are there already.
   */
  void measure(LocalDate knownAt) {
    Optional<PinnedTable> labels = work.lake().latest("labels/" + work.name());
    Optional<PinnedTable> predictions = work.lake().latest("predictions/" + work.name());
    if (labels.isEmpty() || predictions.isEmpty()) {
      return;
    }
    var known = labels.get().slice(LabelBuilder.KNOWN_AT, knownAt.toString());
    Duration after = work.spec().label().orElseThrow().after();
    if (known.rows() == 0 && after.isZero()) {
      return;
    }
    boolean isReleased =
        predictions.get().slices("date").keySet().stream()
            .anyMatch(day -> day.compareTo(knownAt.toString()) <= 0);
    if (!isReleased) {
      return;
    }
    String token = token(knownAt, labels.get(), predictions.get());
    SmallTable metrics = new SmallTable(work.lake(), ResultTables.metrics());
    if (metrics.holds(token)) {
      return;
    }
    Dataset<Row> joined = joined(knownAt, labels.get(), predictions.get());
    List<java.sql.Date> dates =
        joined.where(isNews(knownAt, after)).select("date").distinct().collectAsList().stream()
            .map(row -> row.getDate(0))
            .sorted()
            .toList();
    if (dates.isEmpty()) {
      metrics.record(work.name(), token, List.of());
      return;
    }
    Optional<PinnedTable> features = work.lake().latest("features/" + work.name());
    ReleasedRows released = new ReleasedRows(work, LabelledRows.task(work), features);
    List<Metric> ofDates = released.metrics(joined, dates);
    List<PinnedTable> read = new ArrayList<>(List.of(labels.get(), predictions.get()));
    features.filter(table -> released.top().isPresent()).ifPresent(read::add);
    // The run's row says when it was measured: of two measurements of a date the last one counts.
    work.record(
        List.of(
            work.unplanned(
                    Stage.RELEASE,
                    knownAt,
                    token,
                    read.stream().flatMap(table -> table.versions().stream()).toList(),
                    0)
                .finished(List.of(new TableVersion("metrics", -1)), ofDates.size())));
    work.flush();
    metrics.append(
        work.name(),
        token,
        new MetricRows(work, Stage.RELEASE, knownAt, token).rows("", ROLE, ofDates));
  }

  /** Labels that came on a date, or that had come before and are old enough since then. */
  private Column isNews(LocalDate knownAt, Duration after) {
    Column came = Columns.named(LabelBuilder.KNOWN_AT).equalTo(day(knownAt));
    LocalDate before = work.spec().every().start(knownAt.minusDays(1));
    return after.isZero() ? came : came.or(Columns.named("date").gt(day(mature(before))));
  }

  private LocalDate mature(LocalDate date) {
    return work.spec().label().orElseThrow().lastMature(date, work.spec().every());
  }

  /** Labels known and predictions released up to then: a later date changes nothing. */
  private String token(LocalDate knownAt, PinnedTable labels, PinnedTable predictions) {
    StringBuilder content = new StringBuilder("performance/1 ").append(knownAt);
    new TreeMap<>(labels.slices(LabelBuilder.KNOWN_AT))
        .headMap(knownAt.toString(), true)
        .forEach((key, slice) -> content.append(' ').append(slice.runIds()));
    new TreeMap<>(predictions.slices("date"))
        .headMap(knownAt.toString(), true)
        .forEach((key, slice) -> content.append(' ').append(slice.runIds()));
    work.spec().evaluate().top().ifPresent(top -> content.append(' ').append(top));
    return Hashes.sha256Hex(content.toString()).substring(0, 32);
  }

  private Dataset<Row> joined(LocalDate knownAt, PinnedTable labels, PinnedTable predictions) {
    return predictions
        .read()
        .where(Columns.named("date").leq(day(mature(knownAt))))
        .join(
            LabelBuilder.knownAt(work.spec(), labels, knownAt).drop("run_id"),
            scala.jdk.javaapi.CollectionConverters.asScala(LabelBuilder.entity(work.spec()))
                .toSeq());
  }

  private static Column day(LocalDate date) {
    return lit(java.sql.Date.valueOf(date));
  }

  /** The figures of each released date, from the last measurement up to a date. */
  Map<LocalDate, Map<String, Metric>> upTo(LocalDate date) {
    Map<LocalDate, Map<String, Metric>> figures = new TreeMap<>();
    new SmallTable(work.lake(), ResultTables.metrics())
        .rows(work.name()).stream()
            .filter(row -> ROLE.equals(row.get("role")))
            .filter(row -> !((LocalDate) row.get("date")).isAfter(date))
            .sorted(java.util.Comparator.comparing(row -> (LocalDate) row.get("date")))
            .forEach(
                row ->
                    figures
                        .computeIfAbsent(
                            LocalDate.parse((String) row.get("slice_value")),
                            day -> new TreeMap<>())
                        .put((String) row.get("metric"), MetricRows.metric(row)));
    return figures;
  }
}
