package io.millrace.jobs;

import io.millrace.Task;
import io.millrace.model.Feature;
import io.millrace.model.Model;
import io.millrace.score.ScoreExpression;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.SmallTable;
import io.millrace.train.Splitter;
import io.millrace.train.TrainingSet;
import io.millrace.validate.ColumnMeasures;
import io.millrace.validate.Profile;
import io.millrace.validate.Profiler;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What a model's rows looked like: the features of the dates that it learned from, its predictions
 * of the held-out rows, and their labels. Measured once a model, then read from {@code profiles}.
 */
final class References {

  private final Work work;
  private final SmallTable profiles;

  References(Work work) {
    this.work = work;
    this.profiles = new SmallTable(work.lake(), ResultTables.profiles());
  }

  /** Name under which the measures of what a model learned from stand. */
  static String table(String kind, String pipeline) {
    return kind + "/" + pipeline;
  }

  /**
   * Measures of a model's training rows by column.
   *
   * @param kind features, scored or labels
   */
  Map<String, ColumnMeasures> of(String version, String kind) {
    String token = "reference/" + version;
    if (!profiles.holds(token)) {
      measure(version, token);
    }
    Map<String, ColumnMeasures> found = new LinkedHashMap<>();
    profiles.rows(work.name()).stream()
        .filter(row -> token.equals(row.get("run_id")))
        .filter(row -> table(kind, work.name()).equals(row.get("table")))
        .map(Profile::of)
        .forEach(profile -> found.put(profile.column(), profile.measures()));
    return found;
  }

  private void measure(String version, String token) {
    TrainingInputs inputs = TrainingInputs.left(work, new ModelLibrary(work).named(version));
    Model model = new ModelLibrary(work).load(version).model();
    TrainingSet set = LabelledRows.of(work, inputs);
    List<Map<String, Object>> rows = new ArrayList<>();
    Object[] dates = inputs.dates().stream().map(java.sql.Date::valueOf).toArray();
    Dataset<Row> features = inputs.features().read().where(Columns.named("date").isin(dates));
    add(rows, token, version, inputs.date(), "features", features, names(model));
    Dataset<Row> heldOut =
        set.rows()
            .where(Columns.named(Splitter.SPLIT).equalTo(Splitter.TEST))
            .select(predicted(model), functions.col(TrainingSet.LABEL));
    add(rows, token, version, inputs.date(), "scored", heldOut, List.of("prediction"));
    add(rows, token, version, inputs.date(), "labels", labels(set), List.of("label"));
    profiles.record(work.name(), token, rows);
  }

  /** Names of the columns that a model reads. */
  static List<String> names(Model model) {
    return model.encoders().schema().features().stream().map(Feature::name).toList();
  }

  /** The probability of the positive class, the number, or the most probable class. */
  static Column predicted(Model model) {
    Column score = ScoreExpression.of(model, Columns::named);
    if (model.task() != Task.MULTI_CLASS) {
      return score.as("prediction");
    }
    Column classes =
        functions.array(model.classes().stream().map(functions::lit).toArray(Column[]::new));
    return functions
        .element_at(
            classes, functions.array_position(score, functions.array_max(score)).cast("int"))
        .as("prediction");
  }

  private static Dataset<Row> labels(TrainingSet set) {
    if (set.task() == Task.REGRESSION) {
      return set.rows().select(functions.col(TrainingSet.LABEL).as("label"));
    }
    Column classes =
        functions.array(set.classes().stream().map(functions::lit).toArray(Column[]::new));
    return set.rows()
        .select(
            functions
                .element_at(
                    classes, functions.col(TrainingSet.LABEL).cast("int").plus(functions.lit(1)))
                .as("label"));
  }

  private void add(
      List<Map<String, Object>> rows,
      String token,
      String version,
      LocalDate day,
      String kind,
      Dataset<Row> data,
      List<String> columns) {
    Profiler.measure(data, columns)
        .forEach(
            (column, measures) ->
                rows.add(
                    row(
                        token,
                        new Profile(
                            table(kind, work.name()),
                            version,
                            day,
                            Optional.empty(),
                            Optional.empty(),
                            column,
                            data.schema().apply(column).dataType().simpleString(),
                            measures))));
  }

  private Map<String, Object> row(String token, Profile profile) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", token);
    row.put("pipeline", work.name());
    row.putAll(profile.toRow());
    return row;
  }

  /** Measures of a date's slice of a table, from {@code profiles} or made now. */
  Map<String, ColumnMeasures> ofSlice(
      String kind, LocalDate date, String runId, List<String> columns, Dataset<Row> rows) {
    String token = "profile/" + kind + "/" + runId;
    if (!profiles.holds(token)) {
      List<Map<String, Object>> measured = new ArrayList<>();
      add(measured, token, runId, date, kind, rows, columns);
      profiles.record(work.name(), token, measured);
    }
    Map<String, ColumnMeasures> found = new LinkedHashMap<>();
    profiles.rows(work.name()).stream()
        .filter(row -> token.equals(row.get("run_id")))
        .map(Profile::of)
        .filter(profile -> columns.contains(profile.column()))
        .forEach(profile -> found.put(profile.column(), profile.measures()));
    return found;
  }

  /** Measures of a date's features, all columns that are features now. */
  Map<String, ColumnMeasures> features(PinnedTable features, LocalDate date, Model model) {
    String key = date.toString();
    String runs = String.join("+", features.slice("date", key).runIds().stream().sorted().toList());
    return ofSlice(
        "features",
        date,
        runs,
        names(model),
        features
            .read()
            .where(Columns.named("date").equalTo(functions.lit(java.sql.Date.valueOf(date)))));
  }
}
