package io.millrace.jobs;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.unix_micros;

import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIndex;
import io.millrace.table.SliceState;
import io.millrace.table.SmallTable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows of {@code releases}, which pin what was released and what it came from. */
final class ReleaseRows {

  private final Work work;
  private final LocalDate date;
  private final SmallTable releases;

  ReleaseRows(Work work, LocalDate date) {
    this.work = work;
    this.date = date;
    this.releases = new SmallTable(work.lake(), ResultTables.releases());
  }

  /** Whether a release has its row. */
  boolean hold(String runId) {
    return releases.holds(runId);
  }

  /**
   * Tells of a release, once.
   *
   * @param predictions a version that holds it
   * @return whether it hadn't been told before
   */
  boolean tell(
      ScoreJob.Plan plan, String runId, PinnedTable predictions, Optional<String> override) {
    if (hold(runId)) {
      return false;
    }
    Map<String, Object> row = row(runId, predictions);
    row.put("model_version", plan.champion());
    row.put("score_run_id", plan.runId());
    row.put("rows", predictions.slice("date", date.toString()).rows());
    Dataset<Row> rows = rows(predictions);
    mean(rows).ifPresent(mean -> put(row, "mean", rows.agg(mean).first().get(0)));
    row.put("override", override.orElse(null));
    row.put("released_at", Instant.now());
    return releases.append(work.name(), runId, List.of(row)).isPresent();
  }

  /**
   * Tells of releases of the date that are about to be replaced and haven't been told: whoever made
   * them was killed before, or is about to. What their rows and their commits say is known.
   *
   * @param held what the date has
   * @param predictions the version that has it
   */
  void tellReplaced(SliceState held, PinnedTable predictions) {
    Set<String> untold = new java.util.TreeSet<>(held.runIds());
    untold.removeIf(this::hold);
    for (String runId : untold) {
      Dataset<Row> rows = rows(predictions).where(Columns.named("run_id").equalTo(lit(runId)));
      Row known =
          rows.agg(
                  first(Columns.named("model_version")),
                  first(Columns.named("score_run_id")),
                  count(lit(1)),
                  unix_micros(min(Columns.named("scored_at"))),
                  mean(rows).orElse(lit(null)))
              .first();
      Map<String, Object> row = row(runId, predictions);
      row.put("model_version", known.getString(0));
      row.put("score_run_id", known.getString(1));
      row.put("rows", known.getLong(2));
      put(row, "mean", known.get(4));
      row.put("override", why(runId, predictions));
      row.put("released_at", Instant.EPOCH.plus(known.getLong(3), ChronoUnit.MICROS));
      releases.append(work.name(), runId, List.of(row));
    }
  }

  /** Why a release was let through, by its commit; null where nobody had to say. */
  private String why(String runId, PinnedTable predictions) {
    new RunIndex(work.lake(), work.name(), List.of(predictions.name())).mend();
    return RunGraph.of(work.lake(), work.name())
        .run(runId)
        .map(run -> run.text("message"))
        .filter(message -> !message.isEmpty())
        .orElse(null);
  }

  private Map<String, Object> row(String runId, PinnedTable predictions) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", runId);
    row.put("pipeline", work.name());
    row.put("date", date);
    row.put("predictions_version", predictions.version());
    return row;
  }

  private static void put(Map<String, Object> row, String name, Object value) {
    if (value != null) {
      row.put(name, value);
    }
  }

  private Dataset<Row> rows(PinnedTable predictions) {
    return predictions
        .read()
        .where(Columns.named("date").equalTo(lit(java.sql.Date.valueOf(date))));
  }

  /** For people to look at; summed in decimal so that it has the same bits in any order. */
  private Optional<Column> mean(Dataset<Row> rows) {
    String column =
        switch (LabelledRows.task(work)) {
          case BINARY -> "probability";
          case REGRESSION -> "prediction";
          case MULTI_CLASS -> "";
        };
    return List.of(rows.columns()).contains(column)
        ? Optional.of(avg(Columns.named(column).cast("decimal(30,12)")).cast("double"))
        : Optional.empty();
  }
}
