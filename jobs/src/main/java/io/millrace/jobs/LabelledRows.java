package io.millrace.jobs;

import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;

import io.millrace.DataException;
import io.millrace.Task;
import io.millrace.config.LabelSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.features.FeatureBuilder;
import io.millrace.features.FeaturePlan;
import io.millrace.features.FeatureSources;
import io.millrace.label.LabelBuilder;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import io.millrace.train.Splitter;
import io.millrace.train.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Features joined with the labels known at a date, with a key and a side of the split. */
final class LabelledRows {

  private static final String SEPARATOR = "\u001f";

  private LabelledRows() {}

  /** The rows of a training run; also with the columns that are only for slices. */
  static TrainingSet of(Work work, TrainingInputs inputs) {
    PipelineSpec spec = work.spec();
    FeaturePlan plan = FeatureBuilder.plan(sources(work, inputs));
    Dataset<Row> labels = LabelBuilder.knownAt(spec, inputs.labels(), inputs.date());
    Task task = task(work);
    List<String> classes =
        task == Task.REGRESSION
            ? List.of()
            : List.of(
                work.known(
                    "classes on " + inputs.date(),
                    inputs.labels(),
                    String[].class,
                    () -> classes(spec, task, labels).toArray(String[]::new)));
    Object[] dates = inputs.dates().stream().map(java.sql.Date::valueOf).toArray();
    List<String> entity = LabelBuilder.entity(spec);
    Dataset<Row> joined =
        inputs
            .features()
            .read()
            .where(Columns.named("date").isin(dates))
            .drop("run_id", FeatureBuilder.VERSION)
            .join(
                labels.drop(LabelBuilder.KNOWN_AT),
                scala.jdk.javaapi.CollectionConverters.asScala(entity).toSeq());
    Dataset<Row> keyed =
        joined
            .withColumn(TrainingSet.KEY, key(spec))
            .withColumn(TrainingSet.LABEL, label(task, classes))
            .drop(LabelBuilder.TEXT);
    Dataset<Row> rows = Splitter.add(keyed, spec.split(), spec.label().orElseThrow().after());
    return new TrainingSet(rows, schema(plan), task, classes);
  }

  /** A joined column's type never changes, so any version of the other tables will do. */
  private static FeatureSources sources(Work work, TrainingInputs inputs) {
    String population = work.spec().population().source();
    return FeatureSources.pin(
        work.spec(), name -> name.equals(population) ? inputs.raw() : work.raw(name));
  }

  /** The task, as the label's source tells it. */
  static Task task(Work work) {
    String source = LabelBuilder.source(work.spec());
    return LabelBuilder.task(work.spec(), work.raw(source).schema());
  }

  private static FeatureSchema schema(FeaturePlan plan) {
    return new FeatureSchema(
        plan.features().stream().map(f -> new Feature(f.name(), f.kind())).toList());
  }

  /** The entity as one text. */
  static Column key(PipelineSpec spec) {
    List<String> entity = LabelBuilder.entity(spec);
    if (entity.equals(List.of(RawColumns.KEY))) {
      return Columns.named(RawColumns.KEY);
    }
    List<Column> parts = new ArrayList<>();
    entity.forEach(name -> parts.add(Columns.named(name).cast("string")));
    return concat_ws(SEPARATOR, parts.toArray(Column[]::new));
  }

  private static Column label(Task task, List<String> classes) {
    if (task != Task.MULTI_CLASS) {
      return Columns.named(LabelBuilder.VALUE);
    }
    Column names = functions.array(classes.stream().map(functions::lit).toArray(Column[]::new));
    return functions
        .array_position(names, Columns.named(LabelBuilder.TEXT))
        .minus(lit(1))
        .cast("double");
  }

  private static List<String> classes(PipelineSpec spec, Task task, Dataset<Row> labels) {
    LabelSpec label = spec.label().orElseThrow();
    List<String> found =
        labels
            .select(LabelBuilder.TEXT)
            .distinct()
            .orderBy(LabelBuilder.TEXT)
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    if (found.size() < 2) {
      throw new DataException(
          "labels/"
              + spec.pipeline()
              + ": "
              + (found.isEmpty()
                  ? "there is no label yet"
                  : "every label is '" + found.get(0) + "'")
              + "; a model needs two classes at the least: check label: in the spec, or wait for"
              + " more outcomes");
    }
    if (task == Task.MULTI_CLASS) {
      return found;
    }
    String positive = label.positive().orElseThrow();
    String negative =
        label
            .negative()
            .orElseGet(
                () ->
                    found.stream()
                        .filter(text -> !text.equals(positive))
                        .findFirst()
                        .orElse("not " + positive));
    if (!found.contains(positive)) {
      throw new DataException(
          "labels/"
              + spec.pipeline()
              + ": no label is '"
              + positive
              + "', which label.positive says; there are "
              + String.join(", ", found));
    }
    return List.of(negative, positive);
  }
}
