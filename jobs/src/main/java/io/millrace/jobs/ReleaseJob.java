package io.millrace.jobs;

import static org.apache.spark.sql.functions.lit;

import io.millrace.Stage;
import io.millrace.Task;
import io.millrace.jobs.console.StageLine;
import io.millrace.table.Attempts;
import io.millrace.table.Columns;
import io.millrace.table.LostRaceException;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIds;
import io.millrace.table.RunRow;
import io.millrace.table.SlicePublisher;
import io.millrace.table.SlicePublisher.Published;
import io.millrace.table.SliceState;
import io.millrace.table.SmallTable;
import io.millrace.table.TableDefinition;
import io.millrace.table.TableVersion;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Gives a date's staged predictions to analysts, in place of what the date had. */
final class ReleaseJob {

  private final Work work;
  private final LocalDate date;
  private final Optional<String> override;
  private final ReleaseRows told;

  ReleaseJob(Work work, LocalDate date) {
    this(work, date, Optional.empty());
  }

  /**
   * @param override why a person releases what monitor keeps back
   */
  ReleaseJob(Work work, LocalDate date, Optional<String> override) {
    this.work = work;
    this.date = date;
    this.override = override;
    this.told = new ReleaseRows(work, date);
  }

  Outcome run() {
    try (StageLine line = work.begin(Stage.RELEASE, date)) {
      Optional<ScoreJob.Plan> plan = ScoreJob.plan(work, date);
      if (plan.isEmpty() || ScoreJob.nothing(work, plan.get(), date)) {
        line.done("nothing to release at " + date);
        return Outcome.NOTHING;
      }
      Optional<Published> published =
          Attempts.run("predictions/" + work.name(), () -> release(line, plan.get()));
      boolean finished = finish(plan.get(), published);
      if (published.isEmpty() && !finished) {
        line.alreadyDone();
        return Outcome.ALREADY_DONE;
      }
      line.done(
          "%,d predictions of %s"
              .formatted(published.map(Published::rows).orElse(plan.get().slice().rows()), date));
      return Outcome.DONE;
    }
  }

  private String runId(ScoreJob.Plan plan) {
    return runId(date, plan.runId());
  }

  /** The id of the release of a score run. */
  static String runId(LocalDate date, String scoreRunId) {
    return RunIds.of(Stage.RELEASE, Map.of(), date, "", List.of(scoreRunId));
  }

  /** Whether nothing of a release that stands in predictions is left to do. */
  static boolean isFinished(Work work, LocalDate date, String runId) {
    boolean staged =
        work.lake()
            .latest("scored/" + work.name())
            .map(table -> !table.slice("date", date.toString()).files().isEmpty())
            .orElse(false);
    return !staged && new SmallTable(work.lake(), ResultTables.releases()).holds(runId);
  }

  private Optional<Published> release(StageLine line, ScoreJob.Plan plan) {
    Optional<PinnedTable> predictions = work.lake().latest("predictions/" + work.name());
    String key = date.toString();
    if (predictions.map(table -> table.holds("date", key, runId(plan))).orElse(false)) {
      return Optional.empty();
    }
    PinnedTable scored = staged(plan);
    if (override.isEmpty()) {
      MonitorJob.requireRelease(work, date, plan);
    }
    SliceState held =
        predictions.map(table -> table.slice("date", key)).orElse(SliceState.empty(key));
    predictions.ifPresent(table -> told.tellReplaced(held, table));
    line.rows(scored.slice("date", key).rows());
    Dataset<Row> rows =
        scored
            .read()
            .where(Columns.named("date").equalTo(lit(java.sql.Date.valueOf(date))))
            .withColumn("score_run_id", Columns.named("run_id"))
            .withColumn("run_id", lit(runId(plan)))
            .withColumn("scored_at", lit(Timestamp.from(Instant.now())));
    Task task = LabelledRows.task(work);
    TableDefinition definition =
        PredictionTables.predictions(work.spec(), task, plan.features().schema());
    Published published =
        SlicePublisher.replace(
            work.lake(),
            definition,
            rows,
            List.of(held),
            List.of(
                work.run(
                        Stage.RELEASE,
                        date,
                        runId(plan),
                        scored.versions(),
                        scored.slice("date", key).rows())
                    .saying(override.orElse(""))));
    work.record(published.runs());
    return Optional.of(published);
  }

  private PinnedTable staged(ScoreJob.Plan plan) {
    Optional<PinnedTable> scored = work.lake().latest("scored/" + work.name());
    boolean there =
        scored.map(table -> table.holds("date", date.toString(), plan.runId())).orElse(false);
    if (!there) {
      throw new NotMadeException(
          "scored/"
              + work.name()
              + ": "
              + date
              + " isn't scored with the present inputs yet; run `millrace score "
              + work.name()
              + " --date "
              + date
              + "`");
    }
    return scored.orElseThrow();
  }

  /**
   * What follows the commit: its row in {@code releases}, and the end of the staged rows.
   *
   * @return whether anything was left to do
   */
  private boolean finish(ScoreJob.Plan plan, Optional<Published> published) {
    boolean isNew = tell(plan, published);
    Optional<PinnedTable> scored = work.lake().latest("scored/" + work.name());
    SliceState staged =
        scored
            .map(table -> table.slice("date", date.toString()))
            .orElse(SliceState.empty(date.toString()));
    if (staged.files().isEmpty()) {
      return isNew;
    }
    try {
      Published dropped =
          SlicePublisher.drop(
              work.lake(),
              PredictionTables.scored(
                  work.spec(), LabelledRows.task(work), plan.features().schema()),
              List.of(staged),
              standing(plan, staged));
      work.record(dropped.runs());
    } catch (LostRaceException e) {
      // Another process released the same rows and took them out of the staging first.
      return isNew;
    }
    return true;
  }

  /**
   * Where what goes is of another model, the commit says which scores the date has again: those
   * that stand released weren't made anew when their model came back.
   */
  private List<RunRow> standing(ScoreJob.Plan plan, SliceState staged) {
    if (staged.runIds().equals(Set.of(plan.runId()))) {
      return List.of();
    }
    List<TableVersion> inputs = ScoreJob.inputs(work, plan);
    return List.of(work.unplanned(Stage.SCORE, date, plan.runId(), inputs, plan.slice().rows()));
  }

  private boolean tell(ScoreJob.Plan plan, Optional<Published> published) {
    String name = "predictions/" + work.name();
    String runId = runId(plan);
    if (told.hold(runId)) {
      return false;
    }
    // Whoever has replaced it since has told of it.
    return published
        .map(made -> work.lake().at(name, made.version()))
        .or(() -> work.lake().latest(name).filter(now -> now.holds("date", date.toString(), runId)))
        .map(predictions -> told.tell(plan, runId, predictions, override))
        .orElse(false);
  }
}
