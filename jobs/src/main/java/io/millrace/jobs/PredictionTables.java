package io.millrace.jobs;

import static io.millrace.table.TableDefinition.column;

import io.millrace.Task;
import io.millrace.config.PipelineSpec;
import io.millrace.label.LabelBuilder;
import io.millrace.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Staged and released predictions. */
final class PredictionTables {

  private PredictionTables() {}

  /** {@code scored/<pipeline>}: what waits for release. */
  static TableDefinition scored(PipelineSpec spec, Task task, StructType features) {
    List<StructField> fields = new ArrayList<>();
    fields.add(column("run_id", DataTypes.StringType, "Score run"));
    fields.add(column("date", DataTypes.DateType, "Logical date"));
    addPrediction(fields, spec, task, features);
    return new TableDefinition(
        "scored/" + spec.pipeline(),
        "Predictions of " + spec.pipeline() + " that wait for their release",
        new StructType(fields.toArray(StructField[]::new)),
        Optional.of("date"),
        List.of("run_id"));
  }

  /** {@code predictions/<pipeline>}: what analysts read. */
  static TableDefinition predictions(PipelineSpec spec, Task task, StructType features) {
    List<StructField> fields = new ArrayList<>();
    fields.add(column("run_id", DataTypes.StringType, "Release run"));
    fields.add(column("score_run_id", DataTypes.StringType, "Score run"));
    fields.add(column("date", DataTypes.DateType, "Logical date"));
    addPrediction(fields, spec, task, features);
    fields.add(column("scored_at", DataTypes.TimestampType, "When it was released"));
    return new TableDefinition(
        "predictions/" + spec.pipeline(),
        spec.description().orElse("Predictions of " + spec.pipeline())
            + " Exactly one row per entity and date.",
        new StructType(fields.toArray(StructField[]::new)),
        Optional.of("date"),
        List.of("run_id", "score_run_id"));
  }

  private static void addPrediction(
      List<StructField> fields, PipelineSpec spec, Task task, StructType features) {
    for (String name : LabelBuilder.entity(spec)) {
      fields.add(column(name, features.apply(name).dataType(), "Key of the entity"));
    }
    switch (task) {
      case BINARY -> {
        fields.add(
            column(
                "prediction",
                DataTypes.StringType,
                "The label that the probability and the threshold "
                    + spec.evaluate().threshold()
                    + " say"));
        fields.add(
            column("probability", DataTypes.DoubleType, "Probability of the positive label"));
      }
      case MULTI_CLASS -> {
        fields.add(column("prediction", DataTypes.StringType, "The most probable label"));
        fields.add(column("probability", DataTypes.DoubleType, "Its probability"));
        fields.add(
            column(
                "probabilities",
                DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType),
                "Probability of each label"));
      }
      case REGRESSION ->
          fields.add(column("prediction", DataTypes.DoubleType, "The predicted number"));
    }
    fields.add(column("model_version", DataTypes.StringType, "Model that scored"));
    fields.add(column("features_version", DataTypes.StringType, "Definition of the features"));
  }
}
