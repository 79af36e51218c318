package io.millrace.branch;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.millrace.DataException;
import io.millrace.table.Authorship;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Three versions of some partitions of a raw table, row by row and cell by cell: structs {@code b},
 * {@code o} and {@code t} of the base, ours and theirs meet by key.
 *
 * <p>Of a cell, what one side left as it was is the other's to say; what both changed alike is
 * said; else it is a conflict. So it is of a row that one side removed: removed where the other
 * left it, a conflict where it changed. No row is lost but by a removal.
 */
final class RowMerge implements AutoCloseable {

  /** Who brought a row, and when: no content, and never in conflict. */
  private static final List<String> BOOKKEEPING =
      List.of(RawColumns.RUN_ID, RawColumns.FILE, RawColumns.INGESTED, RawColumns.ROW_ID);

  private static final int MOST_CONFLICTS = 100_000;
  private static final String BASE = "b";
  private static final String OURS = "o";
  private static final String THEIRS = "t";
  private static final String FILE_OF = "_file_of_";
  private static final String TWIN = "_twin";
  private static final String KEY = "_key_text";

  private final Sides sides;
  private final StructType schema;
  private final List<String> compared;
  private final Dataset<Row> met;

  RowMerge(Sides sides, Collection<String> partitions) {
    this.sides = sides;
    this.schema = sides.schema();
    this.compared =
        Arrays.stream(schema.fieldNames())
            .filter(name -> !sides.key().contains(name) && !BOOKKEEPING.contains(name))
            .toList();
    this.met = meet(partitions).persist(StorageLevel.MEMORY_AND_DISK());
  }

  StructType schema() {
    return schema;
  }

  Dataset<Row> met() {
    return met;
  }

  // ---- how rows meet ---------------------------------------------------------------------------

  private Dataset<Row> meet(Collection<String> partitions) {
    Dataset<Row> all = side(sides.theirs(), partitions, THEIRS);
    for (Map.Entry<String, Optional<PinnedTable>> side :
        Map.of(BASE, sides.base(), OURS, sides.ours()).entrySet()) {
      if (side.getValue().isPresent()) {
        all = all.unionByName(side(side.getValue().get(), partitions, side.getKey()));
      }
    }
    List<Column> key =
        new ArrayList<>(sides.key().stream().map(RowMerge::keyOf).map(functions::col).toList());
    key.add(col(TWIN));
    List<Column> found = new ArrayList<>();
    for (String side : List.of(BASE, OURS, THEIRS)) {
      Column here = col("_side").equalTo(side);
      found.add(first(when(here, col("_row")), true).as(side));
      found.add(first(when(here, col("_from")), true).as(FILE_OF + side));
    }
    return all.groupBy(key.toArray(Column[]::new))
        .agg(found.get(0), found.subList(1, found.size()).toArray(Column[]::new))
        .withColumn(KEY, keyText());
  }

  /**
   * One side's rows. A key may stand more than once, as of a refused row and the mended one: the
   * first of one side meets the first of the other, in the order in which they came in.
   */
  private Dataset<Row> side(PinnedTable table, Collection<String> partitions, String side) {
    List<String> there = List.of(table.schema().fieldNames());
    Column[] cells =
        Arrays.stream(schema.fields())
            .map(
                field ->
                    (there.contains(field.name())
                            ? Columns.named(field.name())
                            : lit(null).cast(field.dataType()))
                        .as(field.name()))
            .toArray(Column[]::new);
    List<Column> selected = new ArrayList<>();
    for (String name : sides.key()) {
      selected.add(Columns.named(name).as(keyOf(name)));
    }
    selected.add(lit(side).as("_side"));
    selected.add(struct(cells).as("_row"));
    selected.add(regexp_extract(input_file_name(), "[^/]+$", 0).as("_from"));
    Column[] keys =
        sides.key().stream().map(RowMerge::keyOf).map(functions::col).toArray(Column[]::new);
    return table
        .read()
        .where(Columns.named(RawColumns.DAY).cast(DataTypes.StringType).isin(partitions.toArray()))
        .select(selected.toArray(Column[]::new))
        .withColumn(
            TWIN,
            row_number()
                .over(
                    Window.partitionBy(keys)
                        .orderBy(
                            col("_row").getField(RawColumns.INGESTED),
                            col("_row").getField(RawColumns.RUN_ID))));
  }

  private static String keyOf(String name) {
    return "_k:" + name;
  }

  /** The key in words; two keys never have the same. */
  private Column keyText() {
    List<Column> parts = new ArrayList<>();
    for (String name : sides.key()) {
      Column value = Columns.named(keyOf(name)).cast(DataTypes.StringType);
      Column escaped = functions.regexp_replace(value, lit("([\\\\,=#])"), lit("\\\\$1"));
      parts.add(
          concat(
              lit((parts.isEmpty() ? "" : ", ") + name + "="),
              functions.coalesce(escaped, lit("#null"))));
    }
    parts.add(when(col(TWIN).gt(1), concat(lit(" #"), col(TWIN))).otherwise(lit("")));
    return concat(parts.toArray(Column[]::new));
  }

  // ---- what is to be said of them --------------------------------------------------------------

  private static Column cell(String side, String name) {
    return col(side).getField(name);
  }

  static Column has(String side) {
    return col(side).isNotNull();
  }

  /** Whether a side has another value in any cell than another. */
  Column differ(String one, String other) {
    return compared.stream()
        .map(name -> not(cell(one, name).eqNullSafe(cell(other, name))))
        .reduce(Column::or)
        .orElse(lit(false));
  }

  private Column isConflict(String name) {
    Column o = cell(OURS, name);
    Column t = cell(THEIRS, name);
    Column b = cell(BASE, name);
    return has(OURS)
        .and(has(THEIRS))
        .and(not(o.eqNullSafe(t)))
        .and(has(BASE).unary_$bang().or(not(o.eqNullSafe(b)).and(not(t.eqNullSafe(b)))));
  }

  /** One side has removed the row, the other changed it. */
  private Column isRowConflict() {
    Column ours = has(OURS).and(not(has(THEIRS))).and(differ(OURS, BASE));
    Column theirs = has(THEIRS).and(not(has(OURS))).and(differ(THEIRS, BASE));
    return has(BASE).and(ours.or(theirs));
  }

  /** All cells that are in conflict, by key. */
  List<Conflict> conflicts() {
    List<Column> cells = new ArrayList<>();
    for (String name : compared) {
      cells.add(
          struct(
              lit(name).as("column"),
              text(BASE, name).as("base"),
              text(OURS, name).as("ours"),
              text(THEIRS, name).as("theirs"),
              isConflict(name).as("is")));
    }
    cells.add(
        struct(
            lit(Conflict.ROW).as("column"),
            lit("").as("base"),
            presence(OURS).as("ours"),
            presence(THEIRS).as("theirs"),
            isRowConflict().as("is")));
    Column found = filter(array(cells.toArray(Column[]::new)), cell -> cell.getField("is"));
    List<Row> rows =
        met.select(
                col(KEY),
                col(FILE_OF + OURS),
                col(FILE_OF + THEIRS),
                functions.explode(found).as("cell"))
            .limit(MOST_CONFLICTS + 1)
            .collectAsList();
    if (rows.size() > MOST_CONFLICTS) {
      throw new DataException(
          "%s: more than %,d cells are in conflict; bring main's change to the branch first, or make the branch anew"
              .formatted(sides.table(), MOST_CONFLICTS));
    }
    long left = sides.base().map(PinnedTable::version).orElse(-1L);
    Map<String, Authorship> ours =
        rows.isEmpty() ? Map.of() : sides.ours().map(o -> o.authorsSince(left)).orElse(Map.of());
    Map<String, Authorship> theirs = rows.isEmpty() ? Map.of() : sides.theirs().authorsSince(left);
    return rows.stream()
        .map(row -> conflict(row, ours, theirs))
        .sorted(Comparator.comparing(Conflict::key).thenComparing(Conflict::column))
        .toList();
  }

  private static Column text(String side, String name) {
    return cell(side, name).cast(DataTypes.StringType);
  }

  private static Column presence(String side) {
    return when(has(side), lit(Conflict.THERE)).otherwise(lit(Conflict.REMOVED));
  }

  private Conflict conflict(Row row, Map<String, Authorship> ours, Map<String, Authorship> theirs) {
    Row cell = row.getStruct(3);
    return new Conflict(
        sides.table(),
        row.getString(0),
        cell.getString(0),
        cell.getString(1),
        cell.getString(2),
        cell.getString(3),
        author(ours, row.getString(1)),
        author(theirs, row.getString(2)));
  }

  /** Who wrote the file of a row; of a row that is gone, who wrote last. */
  private static Optional<Authorship> author(Map<String, Authorship> authors, String file) {
    return file == null
        ? authors.values().stream().max(Comparator.comparing(Authorship::at))
        : Optional.ofNullable(authors.get(file));
  }

  /**
   * The rows with what becomes of them: {@code _keep}, and {@code m}, the merged row.
   *
   * @param conflicts all conflicts
   * @param takes a side for each
   */
  Dataset<Row> decided(List<Conflict> conflicts, Takes takes) {
    Dataset<Row> rows = withTakes(conflicts, takes);
    Column theirsOfRow = taken(Conflict.ROW);
    Column keep =
        when(isRowConflict(), when(theirsOfRow, has(THEIRS)).otherwise(has(OURS)))
            .when(has(OURS).and(has(THEIRS)), lit(true))
            .when(has(BASE), lit(false))
            .otherwise(has(OURS).or(has(THEIRS)));
    BinaryOperator<Column> oursFirst = (o, t) -> when(has(OURS), o).otherwise(t);
    Column[] cells =
        Arrays.stream(schema.fieldNames())
            .map(
                name ->
                    (compared.contains(name)
                            ? merged(name)
                            : oursFirst.apply(cell(OURS, name), cell(THEIRS, name)))
                        .as(name))
            .toArray(Column[]::new);
    return rows.withColumn("_keep", keep).withColumn("m", struct(cells));
  }

  private Column merged(String name) {
    Column o = cell(OURS, name);
    Column t = cell(THEIRS, name);
    Column b = cell(BASE, name);
    return when(not(has(OURS)), t)
        .when(not(has(THEIRS)), o)
        .when(isConflict(name), when(taken(name), t).otherwise(o))
        .when(has(BASE).and(o.eqNullSafe(b)), t)
        .otherwise(o);
  }

  private static Column taken(String column) {
    return functions.coalesce(functions.array_contains(col("_theirs"), column), lit(false));
  }

  /** Rows with the columns whose conflict is theirs. */
  private Dataset<Row> withTakes(List<Conflict> conflicts, Takes takes) {
    List<Row> theirs = new ArrayList<>();
    for (Conflict conflict : conflicts) {
      if (takes.of(conflict).orElseThrow() == Takes.Side.THEIRS) {
        theirs.add(org.apache.spark.sql.RowFactory.create(conflict.key(), conflict.column()));
      }
    }
    if (theirs.isEmpty()) {
      return met.withColumn("_theirs", array().cast("array<string>"));
    }
    StructType type =
        new StructType().add(KEY, DataTypes.StringType).add("column", DataTypes.StringType);
    Dataset<Row> byKey =
        met.sparkSession()
            .createDataFrame(theirs, type)
            .groupBy(KEY)
            .agg(functions.collect_list("column").as("_theirs"));
    return met.join(
        functions.broadcast(byKey),
        scala.jdk.javaapi.CollectionConverters.asScala(List.of(KEY)).toSeq(),
        "left");
  }

  /** The content of a merged row as 64 bits. */
  Column hash(String side) {
    return functions.xxhash64(
        java.util.stream.Stream.concat(sides.key().stream(), compared.stream())
            .flatMap(
                name -> java.util.stream.Stream.of(cell(side, name), cell(side, name).isNull()))
            .toArray(Column[]::new));
  }

  static Column at(Column map, Column key) {
    return element_at(map, key);
  }

  @Override
  public void close() {
    met.unpersist();
  }
}
