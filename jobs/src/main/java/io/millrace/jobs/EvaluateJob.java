package io.millrace.jobs;

import io.millrace.DataException;
import io.millrace.Stage;
import io.millrace.Task;
import io.millrace.config.AlgorithmSpec;
import io.millrace.evaluate.CurvePoint;
import io.millrace.evaluate.Curves;
import io.millrace.evaluate.Evaluator;
import io.millrace.evaluate.Importances;
import io.millrace.evaluate.Metric;
import io.millrace.features.FeatureBuilder;
import io.millrace.jobs.console.StageLine;
import io.millrace.model.Model;
import io.millrace.model.ModelStore.Artefact;
import io.millrace.score.ScoreExpression;
import io.millrace.table.Columns;
import io.millrace.table.RunIds;
import io.millrace.table.SmallTable;
import io.millrace.table.TableVersion;
import io.millrace.train.Splitter;
import io.millrace.train.TrainingSet;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Judges challenger, champion and baseline on the same held-out rows. */
final class EvaluateJob {

  private final Work work;
  private final LocalDate date;

  EvaluateJob(Work work, LocalDate date) {
    this.work = work;
    this.date = date;
  }

  /**
   * The evaluation of a challenger, known before it has run.
   *
   * @param champion the model in force that can be compared, if any
   */
  record Plan(String challenger, Optional<String> champion, String runId) {}

  /** What an evaluation of the date's challenger is a function of. */
  static Plan plan(Work work, LocalDate date) {
    return plan(work, date, TrainingInputs.latest(work, date).runId());
  }

  /** What an evaluation of the model of a train run is a function of. */
  static Plan plan(Work work, LocalDate date, String trainRunId) {
    String challenger = RunIds.modelVersion(trainRunId);
    Optional<String> champion =
        new Champions(work).before(challenger, date).filter(version -> comparable(work, version));
    String runId =
        RunIds.of(
            Stage.EVALUATE,
            SpecKeys.evaluate(work.spec()),
            date,
            challenger,
            List.of(trainRunId, champion.orElse("none")));
    return new Plan(challenger, champion, runId);
  }

  private static boolean comparable(Work work, String version) {
    return new ModelLibrary(work)
        .row(version)
        .map(row -> SpecKeys.featuresVersion(work.spec()).equals(row.get("features_version")))
        .orElse(false);
  }

  Outcome run() {
    Requirements.train(work.spec());
    try (StageLine line = work.begin(Stage.EVALUATE, date)) {
      Plan plan = plan(work, date);
      SmallTable metrics = new SmallTable(work.lake(), ResultTables.metrics());
      if (MetricRows.of(metrics, work.name(), plan.runId()).findAny().isPresent()) {
        line.alreadyDone();
        return Outcome.ALREADY_DONE;
      }
      work.planned(Stage.EVALUATE, date, plan.runId());
      warnOfOtherFeatures(plan);
      Map<String, Object> row =
          new ModelLibrary(work)
              .row(plan.challenger())
              .orElseThrow(
                  () ->
                      new NotMadeException(
                          "models: no model of "
                              + work.name()
                              + " has been trained for "
                              + date
                              + " yet; run `millrace train "
                              + work.name()
                              + " --date "
                              + date
                              + "`"));
      TrainingInputs inputs = TrainingInputs.left(work, row);
      List<Map<String, Object>> rows = evaluate(plan, inputs);
      record(plan, inputs, rows.size());
      work.flush();
      metrics.append(work.name(), plan.runId(), rows);
      line.done(said(plan, rows));
      return Outcome.DONE;
    }
  }

  private void warnOfOtherFeatures(Plan plan) {
    Optional<String> inForce = new Champions(work).before(plan.challenger(), date);
    if (inForce.isPresent() && plan.champion().isEmpty()) {
      work.console()
          .warn(
              "the champion "
                  + inForce.get()
                  + " was trained on other features and can't be compared; the challenger is"
                  + " judged as if there were none");
    }
  }

  private List<Map<String, Object>> evaluate(Plan plan, TrainingInputs inputs) {
    TrainingSet set = LabelledRows.of(work, inputs);
    Dataset<Row> test =
        set.rows()
            .where(Columns.named(Splitter.SPLIT).equalTo(Splitter.TEST))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      if (test.isEmpty()) {
        throw new DataException(
            "evaluate: no labelled row of "
                + work.name()
                + " is held out at "
                + date
                + "; check split: in the spec, or wait for more labels");
      }
      ModelLibrary library = new ModelLibrary(work);
      Artefact challenger = library.load(plan.challenger());
      List<Map<String, Object>> rows = new ArrayList<>();
      MetricRows rowsOf = new MetricRows(work, Stage.EVALUATE, date, plan.runId());
      rows.addAll(
          rowsOf.rows(plan.challenger(), "challenger", metrics(test, set, challenger.model())));
      curves(test, set, plan, challenger.model());
      if (challenger.baseline().isPresent()) {
        List<Metric> found = metrics(test, set, challenger.baseline().get());
        rows.addAll(rowsOf.rows(plan.challenger(), "baseline", found));
      }
      if (plan.champion().isPresent()) {
        Model model = library.load(plan.champion().get()).model();
        rows.addAll(
            rowsOf.rows(
                plan.champion().get(), "champion", metrics(test, set, inClassesOf(model, set))));
      }
      return rows;
    } finally {
      test.unpersist();
    }
  }

  /** A champion of other classes can't be compared row by row. */
  private static Model inClassesOf(Model model, TrainingSet set) {
    if (set.task() == Task.MULTI_CLASS && !model.classes().equals(set.classes())) {
      throw new DataException(
          "evaluate: the champion knows other classes than the labels do now; promote a model by"
              + " `millrace promote --to` once, then go on");
    }
    return model;
  }

  private List<Metric> metrics(Dataset<Row> test, TrainingSet set, Model model) {
    return Evaluator.evaluate(
        scored(test, model), set.task(), set.classes(), work.spec().evaluate(), quantile());
  }

  /** Curves of the challenger, which its page draws. */
  private void curves(Dataset<Row> test, TrainingSet set, Plan plan, Model model) {
    List<CurvePoint> points =
        new ArrayList<>(
            Curves.of(
                scored(test, model),
                set.task(),
                set.classes(),
                work.spec().evaluate().threshold()));
    points.addAll(Importances.of(test, model));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (CurvePoint point : points) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("run_id", plan.runId());
      row.put("pipeline", work.name());
      row.put("date", date);
      row.put("model_version", plan.challenger());
      row.put("role", "challenger");
      row.put("curve", point.curve());
      row.put("x", point.x());
      row.put("y", point.y());
      row.put("label", point.label());
      row.put("rows", point.rows());
      rows.add(row);
    }
    new SmallTable(work.lake(), ResultTables.curves()).record(work.name(), plan.runId(), rows);
  }

  private Dataset<Row> scored(Dataset<Row> test, Model model) {
    List<Column> columns = new ArrayList<>();
    columns.add(Columns.named(TrainingSet.LABEL));
    columns.add(ScoreExpression.of(model, Columns::named).as("score"));
    work.spec().evaluate().slices().forEach(name -> columns.add(Columns.named(name)));
    if (work.spec().evaluate().top().isPresent()) {
      boolean timed = List.of(test.columns()).contains(FeatureBuilder.TIME);
      String key = work.spec().evaluate().top().get().by().orElse(TrainingSet.KEY);
      columns.add(Columns.named(timed ? FeatureBuilder.TIME : "date").as(Evaluator.DAY));
      columns.add(Columns.named(key).as(Evaluator.KEY));
    }
    return test.select(columns.toArray(Column[]::new));
  }

  private OptionalDouble quantile() {
    return work.spec().train().orElseThrow().algorithm() instanceof AlgorithmSpec.Xgboost xgboost
            && xgboost.quantile().isPresent()
        ? OptionalDouble.of(xgboost.quantile().get())
        : OptionalDouble.empty();
  }

  private void record(Plan plan, TrainingInputs inputs, int rows) {
    TableVersion output = new TableVersion("metrics", -1);
    work.record(
        List.of(
            work.run(Stage.EVALUATE, date, plan.runId(), inputs.versions(), inputs.featureRows())
                .finished(List.of(output), rows)));
  }

  private String said(Plan plan, List<Map<String, Object>> rows) {
    String metric =
        switch (LabelledRows.task(work)) {
          case BINARY -> "auc";
          case MULTI_CLASS -> "accuracy";
          case REGRESSION -> "rmse";
        };
    StringBuilder said = new StringBuilder(metric);
    for (Map<String, Object> row : rows) {
      if (metric.equals(row.get("metric")) && "".equals(row.get("slice_column"))) {
        said.append(" %.4f (%s)".formatted((Double) row.get("value"), row.get("role")));
      }
    }
    return said + " on %,d rows".formatted(heldOut(plan, rows));
  }

  private static long heldOut(Plan plan, List<Map<String, Object>> rows) {
    return rows.stream()
        .filter(row -> plan.challenger().equals(row.get("model_version")))
        .filter(row -> "".equals(row.get("slice_column")))
        .mapToLong(row -> (Long) row.get("rows"))
        .max()
        .orElse(0);
  }
}
