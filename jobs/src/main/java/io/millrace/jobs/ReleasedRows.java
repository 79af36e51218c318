package io.millrace.jobs;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_keys;

import io.millrace.Task;
import io.millrace.config.EvaluateSpec;
import io.millrace.config.EvaluateSpec.Top;
import io.millrace.evaluate.Evaluator;
import io.millrace.evaluate.KnownMetric;
import io.millrace.evaluate.Metric;
import io.millrace.features.FeatureBuilder;
import io.millrace.label.LabelBuilder;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Released predictions beside what came true, judged by date as held-out rows are. */
final class ReleasedRows {

  private static final String PROBABILITIES = "probabilities";

  private final Work work;
  private final Task task;
  private final Optional<PinnedTable> features;

  /**
   * Rows of a task.
   *
   * @param features tells days and keys for {@code evaluate.top}
   */
  ReleasedRows(Work work, Task task, Optional<PinnedTable> features) {
    this.work = work;
    this.task = task;
    this.features = features;
  }

  /**
   * The figures of each date.
   *
   * @param joined predictions with the entity's label
   * @param dates dates of predictions
   */
  List<Metric> metrics(Dataset<Row> joined, List<java.sql.Date> dates) {
    Dataset<Row> rows = joined.where(col("date").isin(dates.toArray()));
    List<String> classes = task == Task.MULTI_CLASS ? classes(rows) : List.of();
    Dataset<Row> judged =
        rows.withColumn("score", score(classes)).withColumn("label", label(classes));
    List<Metric> found =
        new ArrayList<>(evaluate(judged, classes, List.of("date"), Optional.empty()));
    found.removeIf(metric -> !metric.sliceColumn().equals("date"));
    Optional<Top> top = top();
    if (top.isPresent()) {
      Dataset<Row> ranked = ranked(judged, top.get());
      dates.forEach(date -> found.addAll(ofTop(ranked, top, date)));
    }
    return found;
  }

  /** What asks for the top of each day's ranking, where there is one. */
  Optional<Top> top() {
    return work.spec().evaluate().top().filter(top -> task == Task.BINARY);
  }

  private List<Metric> evaluate(
      Dataset<Row> rows, List<String> classes, List<String> slices, Optional<Top> top) {
    EvaluateSpec asked = work.spec().evaluate();
    EvaluateSpec spec = new EvaluateSpec(slices, asked.threshold(), asked.value(), top);
    return Evaluator.evaluate(rows, task, classes, spec, OptionalDouble.empty());
  }

  /** A date by itself: what an earlier date has found isn't dropped. */
  private List<Metric> ofTop(Dataset<Row> ranked, Optional<Top> top, java.sql.Date date) {
    Dataset<Row> ofDate = ranked.where(col("date").equalTo(lit(date)));
    return evaluate(ofDate, List.of(), List.of(), top).stream()
        .filter(metric -> metric.metric().equals(KnownMetric.PRECISION_AT_K.text()))
        .filter(metric -> metric.sliceColumn().isEmpty())
        .map(
            m ->
                new Metric(
                    m.metric(), "date", date.toString(), m.low(), m.high(), m.value(), m.rows()))
        .toList();
  }

  /** The rows with day and key; of events and of a key of its own the features know them. */
  private Dataset<Row> ranked(Dataset<Row> rows, Top top) {
    boolean timed = has(FeatureBuilder.TIME);
    Column day = col(timed ? FeatureBuilder.TIME : "date").as(Evaluator.DAY);
    Column key = top.by().map(Columns::named).orElse(LabelledRows.key(work.spec()));
    Dataset<Row> all = rows;
    if (timed || top.by().isPresent()) {
      List<String> on = new ArrayList<>(LabelBuilder.entity(work.spec()));
      on.add("date");
      List<Column> told = new ArrayList<>(on.stream().map(Columns::named).toList());
      top.by().filter(by -> !on.contains(by)).ifPresent(by -> told.add(Columns.named(by)));
      if (timed) {
        told.add(Columns.named(FeatureBuilder.TIME));
      }
      Dataset<Row> known = features.orElseThrow().read().select(told.toArray(Column[]::new));
      all = rows.join(known, scala.jdk.javaapi.CollectionConverters.asScala(on).toSeq());
    }
    return all.select(col("label"), col("score"), col("date"), day, key.as(Evaluator.KEY));
  }

  private boolean has(String column) {
    return features.isPresent() && features.get().schema().getFieldIndex(column).isDefined();
  }

  /** All that a model knew or that came true, in the order in which models number them. */
  private static List<String> classes(Dataset<Row> rows) {
    TreeSet<String> names = new TreeSet<>();
    Dataset<Row> known = rows.select(explode(map_keys(col(PROBABILITIES))));
    known
        .union(rows.select(col(LabelBuilder.TEXT)))
        .distinct()
        .collectAsList()
        .forEach(row -> names.add(row.getString(0)));
    return List.copyOf(names);
  }

  private Column label(List<String> classes) {
    return task == Task.MULTI_CLASS
        ? array_position(names(classes), col(LabelBuilder.TEXT)).minus(1).cast("double")
        : col(LabelBuilder.VALUE);
  }

  /** A class that the model didn't know got no probability. */
  private Column score(List<String> classes) {
    return switch (task) {
      case BINARY -> col("probability");
      case REGRESSION -> col("prediction");
      case MULTI_CLASS ->
          array(
              classes.stream()
                  .map(name -> coalesce(col(PROBABILITIES).getItem(name), lit(0.0)))
                  .toArray(Column[]::new));
    };
  }

  private static Column names(List<String> classes) {
    return array(classes.stream().map(functions::lit).toArray(Column[]::new));
  }
}
