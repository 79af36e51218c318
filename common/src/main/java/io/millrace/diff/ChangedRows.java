package io.millrace.diff;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.millrace.diff.TableDiff.CellChange;
import io.millrace.diff.TableDiff.CellCount;
import io.millrace.diff.TableDiff.Kind;
import io.millrace.diff.TableDiff.RowChange;
import io.millrace.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * The rows that differ, cell by cell: columns {@code _kind}, {@code _key0} … and {@code _cells},
 * the cells that differ.
 */
final class ChangedRows {

  private static final String LEFT = "l:";
  private static final String RIGHT = "r:";
  private static final String KIND = "_kind";
  private static final String KEY = "_key";
  private static final String CELLS = "_cells";

  private final List<String> key;
  private final List<String> compared;
  private final StructType types;

  ChangedRows(List<String> key, List<String> compared, StructType types) {
    this.key = key;
    this.compared = compared;
    this.types = types;
  }

  /**
   * The rows of both sides whose key differs.
   *
   * @param keys keys of rows that differ; each once
   */
  Dataset<Row> of(Dataset<Row> before, Dataset<Row> after, Dataset<Row> keys, boolean few) {
    Dataset<Row> old = side(before, keys, few, LEFT);
    Dataset<Row> now = side(after, keys, few, RIGHT);
    Column meets =
        key.stream()
            .map(name -> Columns.named(LEFT + name).eqNullSafe(Columns.named(RIGHT + name)))
            .reduce(Column::and)
            .orElseThrow();
    Column inBoth = col(LEFT).and(col(RIGHT));
    List<Column> columns = new ArrayList<>();
    columns.add(
        when(col(LEFT).isNull(), lit(word(Kind.ADDED)))
            .when(col(RIGHT).isNull(), lit(word(Kind.REMOVED)))
            .otherwise(lit(word(Kind.CHANGED)))
            .as(KIND));
    for (int i = 0; i < key.size(); i++) {
      Column value = coalesce(Columns.named(LEFT + key.get(i)), Columns.named(RIGHT + key.get(i)));
      columns.add(value.as(KEY + i));
    }
    columns.add(when(inBoth, differing()).as(CELLS));
    return old.join(now, meets, "full_outer").select(columns.toArray(Column[]::new));
  }

  private Dataset<Row> side(Dataset<Row> rows, Dataset<Row> keys, boolean few, String prefix) {
    List<Column> renamed = new ArrayList<>();
    renamed.add(lit(true).as(prefix));
    Stream.concat(key.stream(), compared.stream())
        .forEach(name -> renamed.add(Columns.named(name).as(prefix + name)));
    Column same =
        IntStream.range(0, key.size())
            .mapToObj(i -> Columns.named(prefix + key.get(i)).eqNullSafe(Columns.named(key.get(i))))
            .reduce(Column::and)
            .orElseThrow();
    return rows.select(renamed.toArray(Column[]::new))
        .join(few ? broadcast(keys) : keys, same, "left_semi");
  }

  /** The cells of a row of both sides that differ, as text. */
  private Column differing() {
    if (compared.isEmpty()) {
      return lit(null);
    }
    Column[] cells =
        compared.stream()
            .map(
                name -> {
                  DataType type = types.apply(name).dataType();
                  Column old = Columns.named(LEFT + name);
                  Column now = Columns.named(RIGHT + name);
                  Column same =
                      NestedValues.comparable(old, type)
                          .eqNullSafe(NestedValues.comparable(now, type));
                  return struct(
                      lit(name).as("column"),
                      NestedValues.text(old, type).as("before"),
                      NestedValues.text(now, type).as("after"),
                      not(same).as("differs"));
                })
            .toArray(Column[]::new);
    return filter(array(cells), cell -> cell.getField("differs"));
  }

  /** How many rows have another value, by column in the order of the schema. */
  List<CellCount> counts(Dataset<Row> rows) {
    Map<String, Long> found = new TreeMap<>();
    rows.select(functions.explode(col(CELLS + ".column")).as("column"))
        .groupBy("column")
        .count()
        .collectAsList()
        .forEach(row -> found.put(row.getString(0), row.getLong(1)));
    return compared.stream()
        .filter(found::containsKey)
        .map(name -> new CellCount(name, found.get(name)))
        .toList();
  }

  /** A row for each cell that differs, and one for each row that was added or removed. */
  Dataset<Row> cells(Dataset<Row> rows) {
    Column[] keys =
        IntStream.range(0, key.size())
            .mapToObj(
                i ->
                    NestedValues.text(col(KEY + i), types.apply(key.get(i)).dataType())
                        .as(key.get(i)))
            .toArray(Column[]::new);
    return rows.select(
            to_json(struct(keys)).as("key"),
            col(KIND).as("change"),
            functions.explode_outer(col(CELLS)).as("_cell"))
        .select(
            col("key"),
            col("change"),
            col("_cell.column").as("column"),
            col("_cell.before").as("before"),
            col("_cell.after").as("after"));
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** The first rows in the order of their keys. */
  List<RowChange> first(Dataset<Row> rows, int number) {
    Column[] order =
        IntStream.range(0, key.size()).mapToObj(i -> col(KEY + i)).toArray(Column[]::new);
    List<Column> columns = new ArrayList<>(List.of(col(KIND), col(CELLS)));
    for (int i = 0; i < key.size(); i++) {
      columns.add(NestedValues.text(col(KEY + i), types.apply(key.get(i)).dataType()));
    }
    return rows
        .orderBy(order)
        .limit(number)
        .select(columns.toArray(Column[]::new))
        .collectAsList()
        .stream()
        .map(this::change)
        .toList();
  }

  private RowChange change(Row row) {
    List<CellChange> cells = new ArrayList<>();
    if (!row.isNullAt(1)) {
      for (Object cell : row.getList(1)) {
        Row told = (Row) cell;
        cells.add(new CellChange(told.getString(0), told.getString(1), told.getString(2)));
      }
    }
    List<String> values = new ArrayList<>();
    IntStream.range(2, row.size()).forEach(i -> values.add(row.getString(i)));
    return new RowChange(
        Kind.valueOf(row.getString(0).toUpperCase(Locale.ROOT)),
        java.util.Collections.unmodifiableList(values),
        cells);
  }
}
