package io.millrace.branch;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.millrace.DataException;
import io.millrace.Hashes;
import io.millrace.config.CanonicalJson;
import io.millrace.table.Columns;
import io.millrace.table.DataFile;
import io.millrace.table.Lake;
import io.millrace.table.MergeCommit;
import io.millrace.table.MergeLog.Move;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.RunIds;
import io.millrace.table.RunRow;
import io.millrace.table.TableDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * How one table of a branch comes to main: whole slices as files where the sides wrote different
 * ones, row by row where they wrote the same.
 */
public final class TableMerge implements AutoCloseable {

  /** How a table is merged. */
  public enum Way {
    /** Nothing that main hasn't. */
    NOTHING,
    /** Slices of the branch that main hasn't touched; no row is read. */
    SLICES,
    /** Rows of slices that both have written, or that somebody edited. */
    ROWS
  }

  private final Sides sides;
  private final Set<String> removed;
  private final Set<String> added;
  private final Set<String> partitions;
  private final Way way;
  private final Optional<RowMerge> rows;
  private final List<Conflict> conflicts;

  /**
   * Compares the three versions.
   *
   * @throws DataException where they can't be merged
   */
  public TableMerge(Sides sides) {
    this.sides = sides;
    List<DataFile> base = sides.base().map(PinnedTable::files).orElse(List.of());
    List<DataFile> theirs = sides.theirs().files();
    List<DataFile> gone = without(base, theirs);
    List<DataFile> come =
        without(theirs, base).stream().filter(file -> !isInAlready(file, base)).toList();
    this.removed = names(gone);
    this.added = names(come);
    this.partitions = partitions(gone, come);
    this.way = way(base, gone, come);
    this.rows = way == Way.ROWS ? Optional.of(new RowMerge(sides, partitions)) : Optional.empty();
    this.conflicts = rows.map(RowMerge::conflicts).orElse(List.of());
  }

  /** A file that main took in too, by the same run. */
  private boolean isInAlready(DataFile file, List<DataFile> base) {
    Set<String> ours = runs(sides.ours().map(PinnedTable::files).orElse(List.of()));
    ours.removeAll(runs(base));
    return !file.runIds().isEmpty() && ours.containsAll(file.runIds());
  }

  private Way way(List<DataFile> base, List<DataFile> gone, List<DataFile> come) {
    if (gone.isEmpty() && come.isEmpty()) {
      return Way.NOTHING;
    }
    sides.schema();
    boolean edited = runs(come).stream().anyMatch(runs(base)::contains);
    boolean raw = sides.table().startsWith("raw/");
    if (!raw) {
      if (!gone.isEmpty() || edited) {
        throw new DataException(
            sides.table()
                + ": rows of it were changed or removed on the branch, which no merge brings to"
                + " main; only rows that are added can be");
      }
      return Way.SLICES;
    }
    List<DataFile> ours = sides.ours().map(PinnedTable::files).orElse(List.of());
    List<DataFile> oursCome = without(ours, base);
    Set<String> oursTouched = partitions(without(base, ours), oursCome);
    oursTouched.retainAll(partitions);
    if (!edited && (oursTouched.isEmpty() || (gone.isEmpty() && !shareKeys(come, oursCome)))) {
      return Way.SLICES;
    }
    return Way.ROWS;
  }

  /** Whether files that either side has added hold rows of one key. */
  private boolean shareKeys(List<DataFile> theirs, List<DataFile> ours) {
    Column[] key = sides.key().stream().map(Columns::named).toArray(Column[]::new);
    Dataset<Row> one = ofFiles(sides.theirs(), theirs).select(key).distinct();
    Dataset<Row> other = ofFiles(sides.ours().orElseThrow(), ours).select(key).distinct();
    return !one.intersect(other).isEmpty();
  }

  private static Dataset<Row> ofFiles(PinnedTable table, List<DataFile> files) {
    return table.read().where(Columns.named(RawColumns.RUN_ID).isin(runs(files).toArray()));
  }

  private static List<DataFile> without(List<DataFile> files, List<DataFile> others) {
    Set<String> names = names(others);
    return files.stream().filter(file -> !names.contains(file.name())).toList();
  }

  private static Set<String> names(List<DataFile> files) {
    return files.stream().map(DataFile::name).collect(Collectors.toSet());
  }

  private static Set<String> runs(List<DataFile> files) {
    Set<String> runs = new HashSet<>();
    files.forEach(file -> runs.addAll(file.runIds()));
    return runs;
  }

  private static Set<String> partitions(List<DataFile> one, List<DataFile> other) {
    Set<String> values = new TreeSet<>();
    one.forEach(file -> values.addAll(file.partition().values()));
    other.forEach(file -> values.addAll(file.partition().values()));
    return values;
  }

  public String table() {
    return sides.table();
  }

  public Sides sides() {
    return sides;
  }

  public Way way() {
    return way;
  }

  /** Cells that both sides have changed; none but by {@link Way#ROWS}. */
  public List<Conflict> conflicts() {
    return conflicts;
  }

  // ---- what comes of it ------------------------------------------------------------------------

  /**
   * What a merge does to main's rows.
   *
   * @param runs runs whose slices come or change
   */
  public record Merged(
      long added, long removed, long changed, Set<String> runs, Optional<Move> move) {
    public Merged {
      runs = Set.copyOf(runs);
    }
  }

  /**
   * Makes the commit in a rehearsal of the merge.
   *
   * @param takes a side for each conflict
   * @param run who merges
   * @return counts, and the move; no move where main holds it all
   */
  public Merged commit(Lake rehearsal, String id, Takes takes, RunRow run) {
    MergeCommit commit = new MergeCommit(rehearsal, id, sides.ours());
    if (way == Way.NOTHING) {
      return new Merged(0, 0, 0, Set.of(), Optional.empty());
    }
    if (way == Way.SLICES) {
      commit.files(sides.theirs(), removed, added, run);
      List<DataFile> come =
          sides.theirs().files().stream().filter(file -> added.contains(file.name())).toList();
      return new Merged(
          rowsOf(sides.theirs(), added),
          sides.ours().map(ours -> rowsOf(ours, removed)).orElse(0L),
          0,
          runs(come),
          Optional.of(commit.move(table())));
    }
    return commitRows(commit, takes, run);
  }

  private static long rowsOf(PinnedTable table, Set<String> names) {
    return table.files().stream()
        .filter(file -> names.contains(file.name()))
        .mapToLong(DataFile::rows)
        .sum();
  }

  private Merged commitRows(MergeCommit commit, Takes takes, RunRow run) {
    RowMerge merge = rows.orElseThrow();
    Column isNew = col("_keep").and(not(RowMerge.has("o")));
    Column isGone = not(col("_keep")).and(RowMerge.has("o"));
    Dataset<Row> decided =
        merge
            .decided(conflicts, takes)
            .withColumn("_new", isNew)
            .withColumn("_gone", isGone)
            .withColumn("_other", col("_keep").and(not(isNew)).and(merge.differ("m", "o")))
            .persist();
    try {
      Dataset<Row> moved = decided.where("_new or _gone or _other");
      Row counts =
          moved.agg(number(col("_new")), number(col("_gone")), number(col("_other"))).head();
      if (counts.getLong(0) + counts.getLong(1) + counts.getLong(2) == 0) {
        return new Merged(0, 0, 0, Set.of(), Optional.empty());
      }
      Map<String, String> runs = runIds(merge, moved);
      Set<String> touched = touched(moved);
      Dataset<Row> result = result(decided, runs, touched, emptied(moved));
      TableDefinition ours = sides.ours().orElse(sides.theirs()).definition();
      TableDefinition definition =
          new TableDefinition(
              ours.name(),
              ours.description(),
              merge.schema(),
              ours.partitionBy(),
              ours.statistics());
      commit.rows(definition, result, touched, run);
      return new Merged(
          counts.getLong(0),
          counts.getLong(1),
          counts.getLong(2),
          new HashSet<>(runs.values()),
          Optional.of(commit.move(table())));
    } finally {
      decided.unpersist();
    }
  }

  private static Column number(Column condition) {
    return functions.coalesce(sum(when(condition, 1L).otherwise(0L)), lit(0L));
  }

  /** A slice by its day and the date of its ingest, of a merged row or of one that goes. */
  private static Column slice(String side) {
    return concat_ws(
        " ", col(side).getField(RawColumns.DAY), col(side).getField(RawColumns.INGESTED));
  }

  private static Column sliceOfRow() {
    return when(col("_gone"), slice("o")).otherwise(slice("m"));
  }

  /**
   * The run id of what changes, one a day and date of ingest: a function of main's runs and of the
   * rows that change, and of nothing else.
   */
  private Map<String, String> runIds(RowMerge merge, Dataset<Row> moved) {
    Column content = when(col("_gone"), not0(merge.hash("o"))).otherwise(merge.hash("m"));
    Set<String> before = new TreeSet<>();
    sides.ours().map(PinnedTable::files).orElse(List.of()).stream()
        .filter(file -> file.partition().values().stream().anyMatch(partitions::contains))
        .forEach(file -> before.addAll(file.runIds()));
    Map<String, String> runs = new HashMap<>();
    for (Row slice :
        moved
            .groupBy(sliceOfRow().as("slice"))
            .agg(bit_xor(content), count(lit(1)))
            .collectAsList()) {
      String text =
          CanonicalJson.of(
              List.of(
                  "merge",
                  table(),
                  slice.getString(0),
                  List.copyOf(before),
                  Long.toHexString(slice.getLong(1)),
                  slice.getLong(2)));
      runs.put(slice.getString(0), Hashes.sha256Hex(text).substring(0, RunIds.LENGTH));
    }
    return runs;
  }

  private static Column not0(Column hash) {
    return functions.bitwise_not(hash);
  }

  /** Partitions that are written anew: of changed rows, where they were and where they are. */
  private static Set<String> touched(Dataset<Row> moved) {
    Set<String> days = new TreeSet<>();
    for (String side : List.of("o", "m")) {
      moved
          .where(side.equals("o") ? RowMerge.has("o") : col("_keep"))
          .select(col(side).getField(RawColumns.DAY).cast(DataTypes.StringType))
          .distinct()
          .collectAsList()
          .forEach(row -> days.add(row.getString(0)));
    }
    return days;
  }

  /** Runs, by day, that lose a row: what is left of them is another slice than it was. */
  private static List<String> emptied(Dataset<Row> moved) {
    List<String> lost = new ArrayList<>();
    moved
        .where("_gone")
        .select(sliceAndRun())
        .distinct()
        .collectAsList()
        .forEach(row -> lost.add(row.getString(0)));
    return lost;
  }

  private static Column sliceAndRun() {
    return concat_ws(" ", slice("o"), col("o").getField(RawColumns.RUN_ID));
  }

  private Dataset<Row> result(
      Dataset<Row> decided, Map<String, String> runs, Set<String> touched, List<String> lost) {
    Column isMoved = col("_new").or(col("_other"));
    if (!lost.isEmpty()) {
      isMoved = isMoved.or(RowMerge.has("o").and(sliceAndRun().isin(lost.toArray())));
    }
    List<Column> pairs = new ArrayList<>();
    runs.forEach(
        (slice, run) -> {
          pairs.add(lit(slice));
          pairs.add(lit(run));
        });
    Column newRun = RowMerge.at(functions.map(pairs.toArray(Column[]::new)), slice("m"));
    Column run = when(isMoved, newRun).otherwise(col("m").getField(RawColumns.RUN_ID));
    Column[] columns =
        Arrays.stream(sides.schema().fieldNames())
            .map(name -> (name.equals(RawColumns.RUN_ID) ? run : col("m").getField(name)).as(name))
            .toArray(Column[]::new);
    return decided
        .where("_keep")
        .where(col("m").getField(RawColumns.DAY).cast(DataTypes.StringType).isin(touched.toArray()))
        .select(columns);
  }

  @Override
  public void close() {
    rows.ifPresent(RowMerge::close);
  }
}
