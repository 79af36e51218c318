package io.millrace.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.features.FeatureBuilder;
import io.millrace.features.RowReach;
import io.millrace.jobs.RunGraph.Run;
import io.millrace.report.Section;
import io.millrace.table.Columns;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The features that a score run read of an entity, and the raw rows that they were made of. */
final class RowTrace {

  private final Lake lake;
  private final RunGraph runs;
  private final List<Work> specs;
  private final Optional<Run> score;
  private final EntityKey key;
  private final LocalDate date;
  private final int most;
  private Optional<String> featuresRun = Optional.empty();

  /**
   * @param kept the pipeline by the model's own spec; proves most
   * @param present the pipeline by its present spec
   * @param most rows of each sort to show
   */
  RowTrace(
      Lake lake,
      RunGraph runs,
      Optional<Work> kept,
      Optional<Work> present,
      Optional<Run> score,
      EntityKey key,
      LocalDate date,
      int most) {
    this.lake = lake;
    this.runs = runs;
    this.specs = Stream.of(kept, present).flatMap(Optional::stream).toList();
    this.score = score;
    this.key = key;
    this.date = date;
    this.most = most;
  }

  /** The run that made the features; known once they are found. */
  Optional<String> featuresRun() {
    return featuresRun;
  }

  /** Features, rows, files, refused rows and checks. */
  List<Section> sections() {
    Optional<Map.Entry<String, Long>> read =
        score.stream()
            .flatMap(run -> run.inputs().entrySet().stream())
            .filter(input -> input.getKey().startsWith("features/"))
            .findFirst();
    if (read.isEmpty()) {
      return List.of(lost("features", "the score run isn't in the index of runs"));
    }
    String name = read.get().getKey();
    long version = read.get().getValue();
    Optional<String> gone =
        Retention.lost(
            lake, name, version, file -> date.toString().equals(file.partition().get("date")));
    if (gone.isPresent()) {
      return List.of(lost("features", gone.get()));
    }
    PinnedTable table = lake.at(name, version);
    List<Map<String, Object>> found =
        Shown.first(table.read().where(col("date").equalTo(lit(date))).where(key.is()), 1);
    if (found.isEmpty()) {
      return List.of(lost("features", name + "@" + version + " has no row of " + key));
    }
    List<Section> sections = new ArrayList<>();
    sections.add(features(table, found.get(0)));
    sections.addAll(raw());
    return sections;
  }

  private static Section lost(String of, String why) {
    return Section.of(of, Map.of("lost", why));
  }

  private Section features(PinnedTable table, Map<String, Object> row) {
    featuresRun = Optional.of((String) row.get("run_id"));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put(FeatureBuilder.VERSION, row.get(FeatureBuilder.VERSION));
    List<List<Object>> cells = new ArrayList<>();
    List<String> ours = List.of("run_id", "date", FeatureBuilder.VERSION);
    row.forEach(
        (column, value) -> {
          if (!ours.contains(column) && !key.values().containsKey(column)) {
            List<Object> line = new ArrayList<>(List.of(column));
            line.add(value);
            line.add(table.schema().apply(column).getComment().getOrElse(() -> ""));
            cells.add(line);
          }
        });
    return new Section(
        "features: " + table.name() + "@" + table.version(),
        facts,
        List.of("feature", "value", "meaning"),
        cells);
  }

  private List<Section> raw() {
    Optional<Run> run = featuresRun.flatMap(runs::run);
    if (run.isEmpty()) {
      return List.of(lost("raw rows", "the features' run isn't in the index of runs"));
    }
    try {
      ReadSlices.Opened opened = new ReadSlices.Opened(lake);
      List<ReadSlices> found =
          specs.stream().flatMap(w -> ReadSlices.of(opened, w, run.get()).stream()).toList();
      Optional<ReadSlices> read =
          found.stream()
              .filter(ReadSlices::proven)
              .findFirst()
              .or(() -> found.stream().findFirst());
      return read.map(this::raw)
          .orElseGet(() -> List.of(lost("raw rows", "no spec is kept that reads its sources")));
    } catch (KernelException e) {
      return List.of(lost("raw rows", run.get().read() + ": a log is gone"));
    }
  }

  private List<Section> raw(ReadSlices read) {
    Set<String> slices = read.reach().runIds();
    for (PinnedTable table : read.sources().all()) {
      // The files as the reader saw them bear the ids of what the checks left.
      Set<String> needed = new java.util.HashSet<>();
      table.files().stream()
          .filter(file -> file.runIds().stream().anyMatch(slices::contains))
          .forEach(file -> needed.add(file.name()));
      Optional<String> gone =
          Retention.lost(lake, table.name(), table.version(), file -> needed.contains(file.name()));
      if (gone.isPresent()) {
        return List.of(lost("raw rows", gone.get()));
      }
    }
    List<Section> sections = new ArrayList<>();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("slices", slices.size());
    facts.put(
        "proof",
        read.proven()
            ? "the features' run id is the hash of these slices and the spec"
            : "none: the spec, the checks or the build were other ones then");
    sections.add(Section.of("slices that the features' run read", facts));
    SourceTrace sources = new SourceTrace(lake, read);
    for (RowReach.Rows rows :
        new RowReach(read.sources(), Map.of(date, read.reach())).behind(date, key.is())) {
      sections.add(shown(rows, sources, read));
    }
    sections.addAll(sources.sections());
    return sections;
  }

  private Section shown(RowReach.Rows rows, SourceTrace sources, ReadSlices read) {
    List<Map<String, Object>> first = Shown.first(ordered(rows.rows()), most);
    long count = first.size() < most ? first.size() : rows.rows().count();
    first.forEach(row -> sources.add(rows.source(), row));
    PinnedTable table = read.sources().tables().get(rows.source());
    return new Section(
        "rows of %s@%d as %s: %,d".formatted(table.name(), table.version(), rows.as(), count),
        count > first.size() ? Map.of("shown", first.size()) : Map.of(),
        first.isEmpty() ? List.of() : List.copyOf(first.get(0).keySet()),
        first.stream().<List<Object>>map(row -> new ArrayList<>(row.values())).toList());
  }

  /** Who a row is and where it came from, then what it says. */
  private static Dataset<Row> ordered(Dataset<Row> rows) {
    List<String> names =
        new ArrayList<>(List.of(RawColumns.ROW_ID, RawColumns.FILE, RawColumns.INGESTED));
    for (String name : rows.columns()) {
      if (!RawColumns.isOurs(name)) {
        names.add(name);
      }
    }
    names.add(RawColumns.RUN_ID);
    return rows.select(
        names.stream().map(Columns::named).toArray(org.apache.spark.sql.Column[]::new));
  }
}
