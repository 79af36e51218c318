package io.millrace.jobs;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.evaluate.Slice;
import io.millrace.jobs.cli.ComparedReleases;
import io.millrace.jobs.console.Console;
import io.millrace.label.LabelBuilder;
import io.millrace.model.Model;
import io.millrace.report.Section;
import io.millrace.score.ScoreExpression;
import io.millrace.table.Columns;
import io.millrace.table.Lake;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Two releases: who is in both, what flipped, and how far the mean moved because of the features
 * and because of the model. What the older model says of the newer features stands between the two.
 */
final class ReleaseDiff {

  private static final String SCORE = "_score";
  private static final String CROSSED = "_crossed";

  private final Lake lake;
  private final ComparedReleases asked;
  private final Releases released;
  private final Side before;
  private final Side after;
  private final Work work;
  private final List<String> entity;

  /** A release, and the model that scored it. */
  private record Side(Map<String, Object> row, Model model) {

    LocalDate date() {
      return (LocalDate) row.get("date");
    }
  }

  ReleaseDiff(Lake lake, Console console, ComparedReleases asked) {
    this.lake = lake;
    this.asked = asked;
    RunGraph runs = RunGraph.of(lake, asked.pipeline());
    this.released = new Releases(lake, asked.pipeline(), runs);
    List<Map<String, Object>> two = releases();
    String version = (String) two.get(1).get("model_version");
    this.work = KeptSpec.work(lake, console, asked.pipeline(), version);
    this.before = side(two.get(0));
    this.after = side(two.get(1));
    this.entity = LabelBuilder.entity(work.spec());
  }

  private Side side(Map<String, Object> release) {
    String version = (String) release.get("model_version");
    return new Side(release, new ModelLibrary(work).load(version).model());
  }

  /** The release of either date that readers see, or of one date that and the one before. */
  private List<Map<String, Object>> releases() {
    List<Map<String, Object>> found = new ArrayList<>();
    int each = asked.dates().size() == 1 ? 2 : 1;
    for (LocalDate date : asked.dates()) {
      List<Map<String, Object>> ofDate = released.of(date);
      if (ofDate.size() < each) {
        throw new SpecException(
            "predictions/%s: %s was released %s; %s"
                .formatted(
                    asked.pipeline(),
                    date,
                    ofDate.isEmpty() ? "never" : "once",
                    each == 2 ? "name another date by a second --date" : "name one that was"));
      }
      found.addAll(ofDate.subList(ofDate.size() - each, ofDate.size()));
    }
    return found;
  }

  List<Section> sections() {
    List<Section> sections = new ArrayList<>(List.of(told()));
    sections.add(entities());
    if (after.model().task() != Task.MULTI_CLASS && after.model().task() == before.model().task()) {
      sections.add(shift());
    }
    return sections;
  }

  private Section told() {
    List<List<Object>> cells = new ArrayList<>();
    for (String name :
        List.of("date", "model_version", "rows", "mean", "released_at", "override", "run_id")) {
      List<Object> line = new ArrayList<>(List.of(name));
      line.add(before.row().get(name));
      line.add(after.row().get(name));
      cells.add(line);
    }
    // One that came back was released first long before.
    cells.add(
        List.of(
            "given to readers last", released.given(before.row()), released.given(after.row())));
    return new Section(
        "releases of " + asked.pipeline(), Map.of(), List.of("release", "before", "after"), cells);
  }

  private Dataset<Row> predictions(Side side) {
    return released.predictions(side.row()).read().where(col("date").equalTo(lit(side.date())));
  }

  /** Who is in both, and which predictions of theirs are others now. */
  private Section entities() {
    Dataset<Row> one = named(predictions(before), "_before");
    Dataset<Row> other = named(predictions(after), "_after");
    Dataset<Row> both = one.join(other, CollectionConverters.asScala(entity).toSeq());
    Map<String, Long> flips = new TreeMap<>();
    if (after.model().task() != Task.REGRESSION) {
      both.where(col("_before").notEqual(col("_after")))
          .groupBy("_before", "_after")
          .count()
          .collectAsList()
          .forEach(row -> flips.put(row.get(0) + " to " + row.get(1), row.getLong(2)));
    }
    long shared = both.count();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("in both", shared);
    facts.put("only before", one.count() - shared);
    facts.put("only after", other.count() - shared);
    facts.put("flipped", flips.values().stream().mapToLong(x -> x).sum());
    List<List<Object>> cells = new ArrayList<>();
    flips.forEach((direction, number) -> cells.add(List.of(direction, number)));
    return new Section("entities", facts, List.of("from", "rows"), cells);
  }

  private Dataset<Row> named(Dataset<Row> rows, String prediction) {
    List<Column> columns = new ArrayList<>();
    entity.forEach(name -> columns.add(Columns.named(name)));
    columns.add(col("prediction").cast("string").as(prediction));
    return rows.select(columns.toArray(Column[]::new));
  }

  /** How far the mean moved, and because of what, for all rows and by slice. */
  private Section shift() {
    boolean alike = readAlike();
    Dataset<Row> old = scored(before, before.model());
    Dataset<Row> now = scored(after, alike ? before.model() : after.model());
    List<List<Object>> cells = new ArrayList<>();
    cells.addAll(shifts(old, now, "", alike));
    for (String slice : work.spec().evaluate().slices()) {
      if (List.of(old.columns()).contains(slice) && List.of(now.columns()).contains(slice)) {
        cells.addAll(shifts(old, now, slice, alike));
      }
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    if (!alike) {
      facts.put("not attributed", "the models read other features, so neither reads both");
    }
    for (Side side : List.of(before, after)) {
      if (!released.areRead(work, side.row())) {
        facts.put(
            "mind",
            "an erasure took the version that was scored; of %s the features that it left are compared, which may be newer"
                .formatted(side.date()));
      }
    }
    return new Section(
        "shift of the mean",
        facts,
        List.of(
            "slice",
            "rows before",
            "rows after",
            "mean before",
            "mean after",
            "shift",
            "by features",
            "by model"),
        cells);
  }

  private boolean readAlike() {
    List<Map<String, Object>> models =
        lake.latest("models").orElseThrow().rows("pipeline", asked.pipeline());
    List<Object> versions = new ArrayList<>();
    for (Side side : List.of(before, after)) {
      models.stream()
          .filter(row -> row.get("model_version").equals(side.row().get("model_version")))
          .forEach(row -> versions.add(row.get("features_version")));
    }
    return versions.size() == 2 && versions.get(0).equals(versions.get(1));
  }

  /** The features that a release scored, with its score and that of another model. */
  private Dataset<Row> scored(Side side, Model crossed) {
    return released
        .features(side.row())
        .read()
        .where(col("date").equalTo(lit(side.date())))
        .withColumn(SCORE, ScoreExpression.of(side.model(), Columns::named))
        .withColumn(CROSSED, ScoreExpression.of(crossed, Columns::named));
  }

  private static List<List<Object>> shifts(
      Dataset<Row> old, Dataset<Row> now, String slice, boolean alike) {
    Map<String, Row> one = means(old, slice);
    Map<String, Row> other = means(now, slice);
    List<List<Object>> cells = new ArrayList<>();
    for (String value : one.keySet()) {
      if (other.containsKey(value)) {
        Row was = one.get(value);
        Row is = other.get(value);
        List<Object> line = new ArrayList<>();
        line.add(slice.isEmpty() ? "" : slice + "=" + value);
        line.addAll(List.of(was.getLong(1), is.getLong(1), was.getDouble(2), is.getDouble(2)));
        line.add(is.getDouble(2) - was.getDouble(2));
        line.add(alike ? is.getDouble(3) - was.getDouble(2) : null);
        line.add(alike ? is.getDouble(2) - is.getDouble(3) : null);
        cells.add(line);
      }
    }
    return cells;
  }

  /** Means in decimals, so that they have the same bits in any order. */
  private static Map<String, Row> means(Dataset<Row> rows, String slice) {
    Column value =
        slice.isEmpty() ? lit("") : coalesce(Columns.named(slice).cast("string"), lit(Slice.NULL));
    Map<String, Row> means = new TreeMap<>();
    rows.groupBy(value.as("_value"))
        .agg(count(lit(1)), mean(SCORE), mean(CROSSED))
        .collectAsList()
        .forEach(row -> means.put(row.getString(0), row));
    return means;
  }

  private static Column mean(String column) {
    return avg(col(column).cast("decimal(30,12)")).cast("double");
  }
}
