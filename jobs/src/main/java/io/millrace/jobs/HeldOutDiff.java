package io.millrace.jobs;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.millrace.Task;
import io.millrace.evaluate.PairedMetrics;
import io.millrace.evaluate.PairedMetrics.Paired;
import io.millrace.evaluate.PairedMetrics.Scored;
import io.millrace.evaluate.Slice;
import io.millrace.jobs.ModelDiff.Side;
import io.millrace.jobs.cli.ComparedModels;
import io.millrace.label.LabelBuilder;
import io.millrace.model.Feature;
import io.millrace.model.Model;
import io.millrace.report.Section;
import io.millrace.score.ScoreExpression;
import io.millrace.table.Columns;
import io.millrace.train.Splitter;
import io.millrace.train.TrainingSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Two models on the rows that the newer one held out: figures, and predictions that flipped. */
final class HeldOutDiff {

  /** More rows than this are told by those of the least keys' hashes. */
  private static final int MOST = 2_000_000;

  private static final String BEFORE = "_before";
  private static final String AFTER = "_after";

  private final ComparedModels asked;
  private final Side before;
  private final Side after;
  private final Task task;
  private final List<String> slices;
  private final List<String> entity;

  HeldOutDiff(ComparedModels asked, Side before, Side after) {
    this.asked = asked;
    this.before = before;
    this.after = after;
    this.task = after.model().task();
    this.slices = after.work().spec().evaluate().slices();
    this.entity = LabelBuilder.entity(after.work().spec());
  }

  List<Section> sections() {
    TrainingInputs inputs = TrainingInputs.left(after.work(), after.row());
    TrainingSet set = LabelledRows.of(after.work(), inputs);
    Map<String, Object> facts = new LinkedHashMap<>();
    if (task == Task.MULTI_CLASS && !before.model().classes().equals(after.model().classes())) {
      facts.put("not compared", "they know different classes");
      return List.of(Section.of("on the same rows", facts));
    }
    Dataset<Row> test = set.rows().where(Columns.named(Splitter.SPLIT).equalTo(Splitter.TEST));
    Dataset<Row> scored = scored(withOldFeatures(test));
    List<Row> rows = scored.orderBy(functionsHash(), col("_name")).limit(MOST).collectAsList();
    facts.put("rows", rows.size());
    facts.put("held out by", after.version());
    if (!before.work().spec().split().equals(after.work().spec().split())) {
      facts.put(
          "mind",
          "the splits differ, so the older model may have been trained on some of the rows");
    }
    if (rows.isEmpty()) {
      return List.of(Section.of("on the same rows", facts));
    }
    return List.of(metrics(rows, facts), flipped(rows), moved(rows));
  }

  private static Column functionsHash() {
    return org.apache.spark.sql.functions.xxhash64(col("_name"));
  }

  /** Where the features are others, each model reads those that it learned, of the same rows. */
  private Dataset<Row> withOldFeatures(Dataset<Row> test) {
    if (before.row().get("features_version").equals(after.row().get("features_version"))) {
      return test;
    }
    Dataset<Row> old = TrainingInputs.left(before.work(), before.row()).features().read();
    List<Column> columns = new ArrayList<>();
    List<String> keys = new ArrayList<>(entity);
    keys.add("date");
    keys.forEach(name -> columns.add(Columns.named(name)));
    for (Feature feature : before.model().encoders().schema().features()) {
      columns.add(Columns.named(feature.name()).as(BEFORE + feature.name()));
    }
    return test.join(
        old.select(columns.toArray(Column[]::new)),
        scala.jdk.javaapi.CollectionConverters.asScala(keys).toSeq());
  }

  private Dataset<Row> scored(Dataset<Row> rows) {
    boolean others =
        !before.row().get("features_version").equals(after.row().get("features_version"));
    Column old =
        ScoreExpression.of(before.model(), name -> Columns.named(others ? BEFORE + name : name));
    List<Column> columns = new ArrayList<>();
    columns.add(Columns.named(TrainingSet.LABEL).as("_label"));
    columns.add(figures(old).as(BEFORE));
    columns.add(figures(ScoreExpression.of(after.model(), Columns::named)).as(AFTER));
    columns.add(said(old, before).as("_said_before"));
    columns.add(said(ScoreExpression.of(after.model(), Columns::named), after).as("_said_after"));
    List<Column> name = new ArrayList<>();
    for (String part : entity) {
      name.add(
          org.apache.spark.sql.functions.concat(
              lit(part + "="), coalesce(Columns.named(part).cast("string"), lit(""))));
    }
    name.add(Columns.named("date").cast("string"));
    columns.add(
        org.apache.spark.sql.functions.concat_ws(", ", name.toArray(Column[]::new)).as("_name"));
    for (int i = 0; i < slices.size(); i++) {
      columns.add(
          coalesce(Columns.named(slices.get(i)).cast("string"), lit(Slice.NULL)).as("_slice" + i));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  /** What the figures of a row are made of. */
  private Column figures(Column score) {
    if (task != Task.MULTI_CLASS) {
      return array(score.cast("double").plus(lit(0.0)));
    }
    Column label = Columns.named(TrainingSet.LABEL).cast("int");
    Column right = element_at(score, label.plus(lit(1)));
    return array(right, when(right.equalTo(array_max(score)), 1.0).otherwise(0.0));
  }

  /** The prediction, as text. */
  private Column said(Column score, Side side) {
    Model model = side.model();
    if (task == Task.REGRESSION) {
      return score.cast("string");
    }
    List<String> classes = model.classes();
    if (task == Task.BINARY) {
      double threshold = side.work().spec().evaluate().threshold();
      return when(score.geq(threshold), classes.get(1)).otherwise(classes.get(0));
    }
    Column names =
        array(classes.stream().map(org.apache.spark.sql.functions::lit).toArray(Column[]::new));
    return element_at(
        names, org.apache.spark.sql.functions.array_position(score, array_max(score)).cast("int"));
  }

  private Section metrics(List<Row> rows, Map<String, Object> facts) {
    List<Scored> pairs = new ArrayList<>();
    for (Row row : rows) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < slices.size(); i++) {
        values.add(row.getAs("_slice" + i));
      }
      pairs.add(new Scored(row.getDouble(0), scores(row, 1), scores(row, 2), values));
    }
    List<List<Object>> cells = new ArrayList<>();
    for (Paired one :
        PairedMetrics.of(task, pairs, slices, after.work().spec().evaluate().threshold())) {
      List<Object> line = new ArrayList<>();
      line.add(one.metric());
      line.add(
          one.slice().column().isEmpty() ? "" : one.slice().column() + "=" + one.slice().value());
      line.add(one.before());
      line.add(one.after());
      line.add(one.after() - one.before());
      line.add(one.pValue().isPresent() ? one.pValue().getAsDouble() : null);
      line.add(one.rate().isPresent() ? one.rate().getAsDouble() : null);
      line.add(one.rows());
      cells.add(line);
    }
    return new Section(
        "on the same rows",
        facts,
        List.of(
            "metric",
            "slice",
            before.version(),
            after.version(),
            "difference",
            "p",
            "rate",
            "rows"),
        cells);
  }

  private static double[] scores(Row row, int at) {
    return row.<Double>getList(at).stream().mapToDouble(x -> x).toArray();
  }

  /** How many predictions became others, by direction. */
  private Section flipped(List<Row> rows) {
    if (task == Task.REGRESSION) {
      return Section.of("flipped", Map.of("flipped", "numbers don't flip; see what moved most"));
    }
    Map<String, Long> counts =
        rows.stream()
            .filter(row -> !row.getString(3).equals(row.getString(4)))
            .collect(
                Collectors.groupingBy(
                    row -> row.getString(3) + " to " + row.getString(4),
                    TreeMap::new,
                    Collectors.counting()));
    List<List<Object>> cells = new ArrayList<>();
    counts.forEach((direction, count) -> cells.add(List.of(direction, count)));
    long all = counts.values().stream().mapToLong(x -> x).sum();
    return new Section(
        "flipped",
        Map.of("flipped", "%,d of %,d".formatted(all, rows.size())),
        List.of("from", "rows"),
        cells);
  }

  /** The rows whose score moved most. */
  private Section moved(List<Row> rows) {
    List<List<Object>> cells =
        rows.stream()
            .sorted(
                Comparator.comparingDouble(
                        (Row row) -> -Math.abs(scores(row, 2)[0] - scores(row, 1)[0]))
                    .thenComparing(row -> row.getString(5)))
            .limit(asked.rows())
            .map(
                row ->
                    List.<Object>of(
                        row.getString(5),
                        row.getDouble(0),
                        scores(row, 1)[0],
                        scores(row, 2)[0],
                        row.getString(3),
                        row.getString(4)))
            .toList();
    return new Section(
        "moved most",
        Map.of(),
        List.of("row", "label", "score before", "after", "prediction before", "after "),
        cells);
  }
}
