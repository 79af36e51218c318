package io.millrace.jobs;

import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.when;

import io.millrace.DataException;
import io.millrace.Stage;
import io.millrace.StoppedException;
import io.millrace.Task;
import io.millrace.features.FeatureBuilder;
import io.millrace.jobs.console.StageLine;
import io.millrace.label.LabelBuilder;
import io.millrace.model.Feature;
import io.millrace.model.Model;
import io.millrace.score.ScoreExpression;
import io.millrace.table.Attempts;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIds;
import io.millrace.table.SlicePublisher;
import io.millrace.table.SlicePublisher.Published;
import io.millrace.table.SliceState;
import io.millrace.table.TableVersion;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Scores the features of a date with the champion in force at that date. */
final class ScoreJob {

  private final Work work;
  private final LocalDate date;

  ScoreJob(Work work, LocalDate date) {
    this.work = work;
    this.date = date;
  }

  /**
   * What a score run is a function of.
   *
   * @param slice the features of the date
   */
  record Plan(PinnedTable features, SliceState slice, String champion, String runId) {}

  /** The score run of a date; empty where there is nothing to score. */
  static Optional<Plan> plan(Work work, LocalDate date) {
    Optional<PinnedTable> features = work.lake().latest("features/" + work.name());
    if (features.isEmpty()) {
      return Optional.empty();
    }
    SliceState slice = features.get().slice("date", date.toString());
    Optional<String> champion = new Champions(work).at(date);
    if (champion.isEmpty()) {
      throw noChampion(work, date);
    }
    String runId = runId(work, date, champion.get(), slice.runIds());
    return Optional.of(new Plan(features.get(), slice, champion.get(), runId));
  }

  static StoppedException noChampion(Work work, LocalDate date) {
    return new StoppedException(
        work.name()
            + ": no model is in force at "
            + date
            + "; train and promote one: millrace run "
            + work.name()
            + " --date "
            + date);
  }

  /** The id of the score run of a date by a model. */
  static String runId(Work work, LocalDate date, String champion, Set<String> features) {
    return RunIds.of(Stage.SCORE, SpecKeys.score(work.spec()), date, champion, features);
  }

  Outcome run() {
    try (StageLine line = work.begin(Stage.SCORE, date)) {
      Optional<Plan> plan = plan(work, date);
      if (plan.isEmpty() || nothing(work, plan.get(), date)) {
        line.done("nothing to score: no features at " + date);
        return Outcome.NOTHING;
      }
      if (isDone(work, date, plan.get().runId())) {
        line.alreadyDone();
        return Outcome.ALREADY_DONE;
      }
      Optional<Published> published =
          Attempts.run("scored/" + work.name(), () -> score(plan(work, date).orElseThrow()));
      published.ifPresent(found -> work.record(found.runs()));
      line.done(
          published
              .map(found -> "%,d rows with model %s".formatted(found.rows(), plan.get().champion()))
              .orElse("already done"));
      return Outcome.DONE;
    }
  }

  /** Neither features to be scored nor earlier predictions of the date to be replaced. */
  static boolean nothing(Work work, Plan plan, LocalDate date) {
    return plan.slice().runIds().isEmpty() && !hasPredictions(work, date);
  }

  /** Whether a date has rows that were released. */
  static boolean hasPredictions(Work work, LocalDate date) {
    return work.lake()
        .latest("predictions/" + work.name())
        .map(table -> !table.slice("date", date.toString()).runIds().isEmpty())
        .orElse(false);
  }

  /** Staged, or released and gone from the staging. */
  static boolean isDone(Work work, LocalDate date, String runId) {
    String key = date.toString();
    boolean staged =
        work.lake()
            .latest("scored/" + work.name())
            .map(table -> table.slice("date", key).runIds().equals(Set.of(runId)))
            .orElse(false);
    return staged || isReleased(work, date, runId);
  }

  /** Whether the predictions of a date are the result of this very score run. */
  static boolean isReleased(Work work, LocalDate date, String scoreRunId) {
    return work.lake()
        .latest("predictions/" + work.name())
        .map(
            table ->
                table.files().stream()
                    .filter(file -> date.toString().equals(file.partition().get("date")))
                    .map(file -> file.minimums().getOrDefault("score_run_id", ""))
                    .toList())
        .map(ids -> !ids.isEmpty() && ids.stream().allMatch(scoreRunId::equals))
        .orElse(false);
  }

  private Optional<Published> score(Plan plan) {
    if (isDone(work, date, plan.runId())) {
      return Optional.empty();
    }
    requireOwnFeatures(work, date, plan.champion());
    Model model = new ModelLibrary(work).load(plan.champion()).model();
    requireColumns(plan, model);
    SliceState held =
        work.lake()
            .latest("scored/" + work.name())
            .map(table -> table.slice("date", date.toString()))
            .orElse(SliceState.empty(date.toString()));
    List<TableVersion> inputs = inputs(work, plan);
    return Optional.of(
        SlicePublisher.replace(
            work.lake(),
            PredictionTables.scored(work.spec(), model.task(), plan.features().schema()),
            rows(plan, model),
            List.of(held),
            List.of(work.run(Stage.SCORE, date, plan.runId(), inputs, plan.slice().rows()))));
  }

  /** What a date's scores come from. */
  static List<TableVersion> inputs(Work work, Plan plan) {
    List<TableVersion> inputs = new ArrayList<>(plan.features().versions());
    inputs.add(new TableVersion("models/" + work.name() + "/" + plan.champion(), -1));
    return inputs;
  }

  /** The features of the date and those that the champion learned from are one definition. */
  static void requireOwnFeatures(Work work, LocalDate date, String champion) {
    Map<String, Object> row = new ModelLibrary(work).named(champion);
    String learned = (String) row.get("features_version");
    String now = SpecKeys.featuresVersion(work.spec());
    if (!learned.equals(now)) {
      throw new StoppedException(
          work.name()
              + ": model "
              + champion
              + ", in force at "
              + date
              + ", was trained on other features (spec edited since)\n"
              + "train one on the present ones: millrace run "
              + work.name()
              + " --date "
              + date);
    }
  }

  private void requireColumns(Plan plan, Model model) {
    List<String> there = List.of(plan.features().schema().fieldNames());
    List<String> missing =
        model.encoders().schema().features().stream()
            .map(Feature::name)
            .filter(name -> !there.contains(name))
            .toList();
    if (!missing.isEmpty()) {
      throw new DataException(
          plan.features().name()
              + ": model "
              + plan.champion()
              + " needs the feature"
              + (missing.size() == 1 ? " " : "s ")
              + String.join(", ", missing)
              + ", which the table lacks; bring the column back, or train again");
    }
  }

  private Dataset<Row> rows(Plan plan, Model model) {
    List<Column> columns = new ArrayList<>();
    columns.add(lit(plan.runId()).as("run_id"));
    columns.add(Columns.named("date"));
    LabelBuilder.entity(work.spec()).forEach(name -> columns.add(Columns.named(name)));
    columns.add(ScoreExpression.of(model, Columns::named).as("_score"));
    columns.add(lit(plan.champion()).as("model_version"));
    columns.add(Columns.named(FeatureBuilder.VERSION));
    Dataset<Row> scored =
        plan.features()
            .read()
            .where(Columns.named("date").equalTo(lit(java.sql.Date.valueOf(date))))
            .select(columns.toArray(Column[]::new));
    return predicted(scored, model).drop("_score");
  }

  private Dataset<Row> predicted(Dataset<Row> scored, Model model) {
    Column score = functions.col("_score");
    if (model.task() == Task.REGRESSION) {
      return scored.withColumn("prediction", score);
    }
    Column classes =
        functions.array(model.classes().stream().map(functions::lit).toArray(Column[]::new));
    if (model.task() == Task.BINARY) {
      Column positive = score.geq(work.spec().evaluate().threshold());
      return scored.withColumns(
          Map.of(
              "prediction",
              when(positive, model.classes().get(1)).otherwise(model.classes().get(0)),
              "probability",
              score));
    }
    return scored.withColumns(
        Map.of(
            "prediction",
            element_at(classes, array_position(score, array_max(score)).cast("int")),
            "probability",
            array_max(score),
            "probabilities",
            map_from_arrays(classes, score)));
  }
}
