package io.millrace.diff;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.DataException;
import io.millrace.Hashes;
import io.millrace.config.CanonicalJson;
import io.millrace.diff.TableDiff.ColumnChange;
import io.millrace.table.Columns;
import io.millrace.table.DataFile;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.RunIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Compares two versions of a table by key, out of the files that only one of them has. One shuffle
 * of keys and hashes finds the keys that differ; then the rows of these alone are compared cell by
 * cell.
 */
public final class TableComparison {

  /** Who wrote a row and when: another run that writes the same values has changed nothing. */
  private static final List<String> BOOKKEEPING =
      List.of(
          RawColumns.RUN_ID,
          RawColumns.FILE,
          RawColumns.INGESTED,
          "score_run_id",
          "scored_at",
          "started_at",
          "ended_at",
          "released_at");

  /** Keys that are sent to all tasks rather than shuffled with the rows. */
  private static final long FEW = 200_000;

  private static final String BEFORE = "_before";
  private static final String AFTER = "_after";
  private static final String HASH = "_hash";

  private final PinnedTable before;
  private final PinnedTable after;
  private final List<String> key;
  private final boolean copies;
  private final List<String> compared;
  private final List<String> notCompared;
  private final StructType types;

  /**
   * Two versions of one table.
   *
   * @param by columns of the key; none for the key that the table is known to have
   * @param allColumns whether run ids and times of writing are compared too
   * @throws io.millrace.SpecException where a version has no such key
   */
  public TableComparison(
      PinnedTable before, PinnedTable after, List<String> by, boolean allColumns) {
    this.before = before;
    this.after = after;
    List<String> known = TableKey.of(after.name(), after.schema(), by);
    TableKey.of(before.name(), before.schema(), known);
    this.copies =
        by.isEmpty()
            && TableKey.isRaw(after.name())
            && (RawCopies.stand(before, after) || RawCopies.stand(after, before));
    StructType wider = WiderType.of(before.schema(), after.schema());
    this.types = copies ? wider.add(RawCopies.COPY, DataTypes.IntegerType) : wider;
    this.key = copies ? Stream.concat(known.stream(), Stream.of(RawCopies.COPY)).toList() : known;
    List<String> common =
        Arrays.stream(types.fieldNames()).filter(name -> !key.contains(name)).toList();
    this.notCompared =
        common.stream().filter(name -> !allColumns && BOOKKEEPING.contains(name)).toList();
    this.compared = common.stream().filter(name -> !notCompared.contains(name)).toList();
  }

  /** The columns whose values are compared. */
  public List<String> compared() {
    return compared;
  }

  /**
   * Compares them.
   *
   * @param shown how many rows to tell cell by cell
   * @throws DataException where a key stands twice in what is compared
   */
  public TableDiff diff(int shown) {
    List<DataFile> removed = before.filesBeside(after);
    List<DataFile> added = after.filesBeside(before);
    Dataset<Row> left = rows(before, after);
    Dataset<Row> right = rows(after, before);
    Dataset<Row> different = different(left, right).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Row counts = counts(different);
      long all = counts.getLong(3);
      long changed = all - counts.getLong(0) - counts.getLong(1);
      ChangedRows changes = new ChangedRows(key, compared, types);
      Dataset<Row> rows = changes.of(left, right, different, all <= FEW);
      return new TableDiff(
          after.name(),
          before.version(),
          after.version(),
          key,
          columns(),
          before.count(),
          after.count(),
          counts.getLong(0),
          counts.getLong(1),
          changed,
          changed == 0 ? List.of() : changes.counts(rows),
          notCompared,
          removed.size() + added.size(),
          before.files().size() + added.size(),
          all == 0 || shown == 0 ? List.of() : changes.first(rows, shown));
    } finally {
      different.unpersist();
    }
  }

  /**
   * All that differs: columns {@code key} (as JSON), {@code change}, and where the row is in both
   * versions {@code column}, {@code before} and {@code after} as text, a row for each cell.
   */
  public Dataset<Row> cells() {
    Dataset<Row> left = rows(before, after);
    Dataset<Row> right = rows(after, before);
    ChangedRows changes = new ChangedRows(key, compared, types);
    return changes.cells(changes.of(left, right, different(left, right), false));
  }

  /** What is compared, in a word that no other comparison has. */
  String identity() {
    return Hashes.sha256Hex(
            CanonicalJson.of(
                List.of("diff", 1, after.name(), before.version(), after.version(), key, compared)))
        .substring(0, RunIds.LENGTH);
  }

  PinnedTable before() {
    return before;
  }

  PinnedTable after() {
    return after;
  }

  private Dataset<Row> rows(PinnedTable one, PinnedTable other) {
    Dataset<Row> rows = one.readBeside(other);
    return (copies ? RawCopies.number(rows, one, other) : rows)
        .select(
            Stream.concat(key.stream(), compared.stream())
                .map(name -> Columns.named(name).cast(types.apply(name).dataType()).as(name))
                .toArray(Column[]::new));
  }

  /** Keys whose rows differ, with the number of their rows on either side. */
  private Dataset<Row> different(Dataset<Row> left, Dataset<Row> right) {
    Column isBefore = col(BEFORE).gt(0);
    return hashed(left, 1)
        .unionByName(hashed(right, 0))
        .groupBy(key.stream().map(Columns::named).toArray(Column[]::new))
        .agg(
            max(when(isBefore, col(HASH))).as("_left"),
            max(when(not(isBefore), col(HASH))).as("_right"),
            sum(col(BEFORE)).as(BEFORE),
            sum(lit(1).minus(col(BEFORE))).as(AFTER))
        .where(
            not(col("_left").eqNullSafe(col("_right"))).or(col(BEFORE).gt(1)).or(col(AFTER).gt(1)))
        .drop("_left", "_right");
  }

  /** Keys and hashes of one side; Spark's hash passes over nulls, so they are told beside it. */
  private Dataset<Row> hashed(Dataset<Row> rows, int isBefore) {
    List<Column> parts = new ArrayList<>(List.of(lit(0)));
    for (String name : compared) {
      parts.add(NestedValues.comparable(Columns.named(name), types.apply(name).dataType()));
      parts.add(Columns.named(name).isNull());
    }
    List<Column> columns = new ArrayList<>(key.stream().map(Columns::named).toList());
    columns.add(xxhash64(parts.toArray(Column[]::new)).as(HASH));
    columns.add(lit(isBefore).as(BEFORE));
    return rows.select(columns.toArray(Column[]::new));
  }

  /** Keys that are new, gone, and all that differ. */
  private Row counts(Dataset<Row> different) {
    Column twice = col(BEFORE).gt(1).or(col(AFTER).gt(1));
    Row counts =
        different
            .agg(
                number(col(BEFORE).equalTo(0)),
                number(col(AFTER).equalTo(0)),
                number(twice),
                count(lit(1)))
            .head();
    if (counts.getLong(2) > 0) {
      Row first =
          different
              .where(twice)
              .orderBy(key.stream().map(Columns::named).toArray(Column[]::new))
              .head();
      List<String> values = new ArrayList<>();
      for (int i = 0; i < key.size(); i++) {
        values.add(key.get(i) + " = " + first.get(i));
      }
      throw new DataException(
          "%s: the key isn't unique in what is compared (%,d of its values, such as %s); name one by --by that is"
              .formatted(after.name(), counts.getLong(2), String.join(", ", values)));
    }
    return counts;
  }

  private static Column number(Column condition) {
    return coalesce(sum(when(condition, 1L).otherwise(0L)), lit(0L));
  }

  private List<ColumnChange> columns() {
    Set<String> names = new LinkedHashSet<>(List.of(before.schema().fieldNames()));
    names.addAll(List.of(after.schema().fieldNames()));
    return names.stream()
        .map(
            name -> new ColumnChange(name, type(before.schema(), name), type(after.schema(), name)))
        .filter(change -> !change.before().equals(change.after()))
        .toList();
  }

  private static Optional<String> type(StructType schema, String name) {
    return schema.getFieldIndex(name).isDefined()
        ? Optional.of(schema.apply(name).dataType().catalogString())
        : Optional.empty();
  }
}
