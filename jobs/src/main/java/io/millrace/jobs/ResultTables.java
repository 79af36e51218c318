package io.millrace.jobs;

import static io.millrace.table.TableDefinition.column;

import io.millrace.table.TableDefinition;
import io.millrace.validate.CheckResult;
import io.millrace.validate.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The small tables of results, one row per fact, for all pipelines. */
final class ResultTables {

  private static final DataType TEXT = DataTypes.StringType;
  private static final DataType NUMBER = DataTypes.DoubleType;
  private static final DataType COUNT = DataTypes.LongType;
  private static final DataType DAY = DataTypes.DateType;
  private static final DataType MOMENT = DataTypes.TimestampType;

  private ResultTables() {}

  private static TableDefinition table(String name, String description, StructField... fields) {
    StructField[] all = new StructField[fields.length + 2];
    all[0] = column("run_id", TEXT, "Run that found it");
    all[1] = column("pipeline", TEXT, "Pipeline");
    System.arraycopy(fields, 0, all, 2, fields.length);
    return new TableDefinition(
        name, description, new StructType(all), Optional.of("pipeline"), List.of("run_id"));
  }

  static TableDefinition models() {
    return table(
        "models",
        "One row per trained model version",
        column("model_version", TEXT, "First 12 characters of the train run's id"),
        column("date", DAY, "Logical date: trained as known then"),
        column("task", TEXT, "binary, multi_class or regression"),
        column("algorithm", TEXT, "Learner"),
        column("features_version", TEXT, "Definition of the features that it needs"),
        column("rows_train", COUNT, "Rows that trained"),
        column("rows_tune", COUNT, "Rows that tuned"),
        column("rounds", COUNT, "Boosting rounds kept; null for other learners"),
        column("largest_difference", NUMBER, "From the library's own scores, relative"),
        column("features_table_version", COUNT, "Version of the features table it learned from"),
        column("labels_table_version", COUNT, "Version of the labels table it learned from"),
        column("raw_table_version", COUNT, "Version of the raw table that names its features"),
        column("files", TEXT, "SHA-256 of each file of the model, as JSON"),
        column("code_version", TEXT, "Build that trained it"),
        column("trained_at", MOMENT, "When"));
  }

  static TableDefinition trials() {
    return table(
        "trials",
        "One row per trial of a random search",
        column("model_version", TEXT, "Model that the search was for"),
        column("trial", COUNT, "Number; 0 has the spec's own settings"),
        column("settings", TEXT, "What was drawn, as JSON"),
        column("metric", TEXT, "What decided"),
        column("value", NUMBER, "Its value on the tune rows"),
        column("chosen", DataTypes.BooleanType, "Whether it won"));
  }

  static TableDefinition leaks() {
    return table(
        "leaks",
        "What was found before training: features that know the outcome, rows on both sides of the"
            + " split",
        column("stage", TEXT, "Stage that looked: train"),
        column("date", DAY, "Logical date"),
        column("rule", TEXT, "What was looked for, such as stands-out or shared-rows"),
        column("column", TEXT, "Features that it is of; empty for all together"),
        column("value", NUMBER, "The figure: an AUC, a rank correlation, R² or a share"),
        column("limit", NUMBER, "From which value on it is a finding"),
        column("message", TEXT, "What was found and what to do, in a line"),
        column("rows", COUNT, "Rows that it was computed from"));
  }

  static TableDefinition metrics() {
    return table(
        "metrics",
        "Figures of models on held-out rows, and of released predictions once labels are known",
        column("stage", TEXT, "evaluate, or release for figures of released predictions"),
        column("date", DAY, "Logical date of the run"),
        column("model_version", TEXT, "Model; of a baseline the one beside it; empty if released"),
        column("role", TEXT, "challenger, champion, baseline or released"),
        column("metric", TEXT, "Metric, see docs/metrics.md"),
        column("slice_column", TEXT, "Column of the slice; empty for all rows"),
        column("slice_value", TEXT, "Value of the slice; empty for all rows"),
        column("value", NUMBER, "The figure"),
        column("low", NUMBER, "Lower end of the 95% interval, where there is a sound one"),
        column("high", NUMBER, "Upper end of it"),
        column("rows", COUNT, "Rows that it was computed from"));
  }

  static TableDefinition gates() {
    return table(
        "gates",
        "What each gate said of each model that asked for promotion",
        column("date", DAY, "Logical date"),
        column("model_version", TEXT, "Model that asked"),
        column("gate", TEXT, "Kind of the gate"),
        column("metric", TEXT, "Metric that it looks at"),
        column("slice_column", TEXT, "Column of the slice; empty for all rows"),
        column("slice_value", TEXT, "Value of the slice; empty for all rows"),
        column("value", NUMBER, "The model's figure"),
        column("against", NUMBER, "What it was compared with"),
        column("bound", TEXT, "What is asked, in words"),
        column("passed", DataTypes.BooleanType, "Whether it lets the model through"),
        column("reason", TEXT, "Why, in a sentence"));
  }

  static TableDefinition promotions() {
    return table(
        "promotions",
        "The log of promotions: the champion at a date is the row with the greatest"
            + " effective_from up to it, then the greatest position",
        column("position", COUNT, "Place in the pipeline's log"),
        column("model_version", TEXT, "Model that is champion from then on"),
        column("effective_from", DAY, "First logical date that it scores"),
        column("kind", TEXT, "promote, or rollback by a person"),
        column("reason", TEXT, "Why"),
        column("promoted_at", MOMENT, "When it was written"));
  }

  static TableDefinition releases() {
    return table(
        "releases",
        "One row per release of a date's predictions",
        column("date", DAY, "Logical date"),
        column("model_version", TEXT, "Model that scored"),
        column("score_run_id", TEXT, "Run that scored"),
        column("rows", COUNT, "Predictions released"),
        column("mean", NUMBER, "Mean probability or prediction; null for several classes"),
        column("predictions_version", COUNT, "Version of the predictions table"),
        column("override", TEXT, "Why a person released what monitor kept back; else null"),
        column("released_at", MOMENT, "When"));
  }

  /** {@code announced}. */
  static TableDefinition announced() {
    return table(
        "announced",
        "Runs that a receiver of OpenLineage events was told of",
        column("announcement", TEXT, "Hash of receiver, namespace, run and outputs"),
        column("receiver", TEXT, "URL of the receiver"),
        column("announced_at", MOMENT, "When"));
  }

  /** {@code profiles}. */
  static TableDefinition profiles() {
    return table(
        "profiles",
        "What was measured of each column of each slice",
        Profile.columns().toArray(StructField[]::new));
  }

  /** {@code checks}. */
  static TableDefinition checks() {
    List<StructField> fields = new ArrayList<>(CheckResult.columns());
    fields.add(0, column("date", DAY, "Logical date of the ingest that brought the slice"));
    fields.add(column("validate_id", TEXT, "Identity of the slice less its quarantined rows"));
    fields.add(column("checked_at", MOMENT, "When"));
    return table(
        "checks",
        "What each check said of each slice of a source",
        fields.toArray(StructField[]::new));
  }

  /** {@code drift}. */
  static TableDefinition drift() {
    return table(
        "drift",
        "How far each column of a date is from what it is compared with",
        column("date", DAY, "Logical date"),
        column("kind", TEXT, "feature, prediction or label"),
        column("column", TEXT, "Column"),
        column("against", TEXT, "training: the model's rows; before: the dates before"),
        column("metric", TEXT, "Measure of the distance"),
        column("value", NUMBER, "The distance"),
        column("by_chance", NUMBER, "What chance alone gives on average at that size"),
        column("exceeded_by_chance", NUMBER, "What chance alone exceeds once in a hundred times"),
        column("beyond_chance", NUMBER, "The distance less what chance gives, not below 0"),
        column("p_value", NUMBER, "How often chance alone gives as much"),
        column("q_value", NUMBER, "The same over all columns of the date (Benjamini-Hochberg)"),
        column("warn", NUMBER, "Limit of a warning; null beside the measure that is judged"),
        column("stop", NUMBER, "Limit that stops; null beside the measure that is judged"),
        column("verdict", TEXT, "ok, warn, stop, capped or few-rows; empty beside the judged one"),
        column("rows", COUNT, "Rows of the date"),
        column("reference_rows", COUNT, "Rows of what it is compared with"),
        column("missing", NUMBER, "Share of the date's rows with null or NaN"),
        column("reference_missing", NUMBER, "The same of the reference"),
        column("message", TEXT, "What has changed, in a line"),
        column("bins", TEXT, "Both distributions, as JSON"));
  }

  /** {@code verdicts}. */
  static TableDefinition verdicts() {
    return table(
        "verdicts",
        "What monitor says of a date: release its predictions, train again",
        column("date", DAY, "Logical date"),
        column("score_run_id", TEXT, "Run that scored what is judged"),
        column("model_version", TEXT, "Model that scored"),
        column("release", DataTypes.BooleanType, "Whether the predictions may be released"),
        column("retrain", DataTypes.BooleanType, "Whether the model should be trained again"),
        column("reasons", TEXT, "Why it is kept back or to be trained, by semicolons"),
        column("judged_at", MOMENT, "When"));
  }

  /** {@code curves}. */
  static TableDefinition curves() {
    return table(
        "curves",
        "Curves of models on held-out rows",
        column("date", DAY, "Logical date of the run"),
        column("model_version", TEXT, "Model"),
        column("role", TEXT, "challenger"),
        column("curve", TEXT, "roc, precision-recall, calibration, gain, confusion or importance"),
        column("x", NUMBER, "Of a curve its abscissa; of a confusion the actual class"),
        column("y", NUMBER, "Ordinate, or the share of an importance"),
        column("label", TEXT, "Score at the point, class, or feature"),
        column("rows", COUNT, "Rows at the point, or up to it"));
  }
}
