package io.millrace.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.Load;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** Identities of rows with columns {@code t0 … tN} and {@code _file}. */
final class RowKeys {

  private static final String FIRST = "_h1";
  private static final String SECOND = "_h2";
  private static final String OCCURRENCE = "_occurrence";

  private final ColumnTypes table;
  private final boolean perFile;
  private final List<Integer> keys;
  private final List<Integer> labels;

  RowKeys(SourceSpec spec, ColumnTypes table, List<String> labelColumns) {
    this.table = table;
    this.perFile = spec.load() == Load.APPEND;
    this.keys = positions(spec.key());
    this.labels = positions(labelColumns);
  }

  private List<Integer> positions(List<String> names) {
    Set<String> wanted = names.stream().map(ColumnNames::safe).collect(Collectors.toSet());
    return IntStream.range(0, table.columns().size())
        .filter(i -> wanted.contains(table.columns().get(i).name()))
        .boxed()
        .toList();
  }

  /** Rows with {@code _row_id} and a made {@code _key}. */
  Dataset<Row> made(Dataset<Row> rows) {
    List<Integer> content = all().stream().filter(i -> !labels.contains(i)).toList();
    List<Column> order = new ArrayList<>(labels.stream().map(i -> col("t" + i)).toList());
    order.add(col(Cells.FILE));
    Dataset<Row> numbered =
        hashed(rows, content)
            .withColumn(
                OCCURRENCE,
                row_number()
                    .over(
                        Window.partitionBy(hash().toArray(Column[]::new))
                            .orderBy(order.toArray(Column[]::new))));
    Column[] name = {col(FIRST), col(SECOND), col(OCCURRENCE)};
    Column[] withFile = {col(Cells.FILE), col(FIRST), col(SECOND), col(OCCURRENCE)};
    return numbered.select(
        named(
            RowHash.hex128(withFile).as("_row_id"),
            RowHash.hex128(perFile ? withFile : name).as("_key"),
            col(Cells.FILE)));
  }

  /** Rows with {@code _row_id} of their declared key, which occurs once. */
  Dataset<Row> declared(Dataset<Row> rows) {
    return rows.select(named(rowId(lit(1)).as("_row_id"), col(Cells.FILE)));
  }

  /** Whether a declared key occurs twice: reads the key's columns only. */
  boolean hasDuplicates(Dataset<Row> rows) {
    Column[] key = keyValues().toArray(Column[]::new);
    Column first = RowHash.half(1, key).as(FIRST);
    Column second = RowHash.half(2, key).as(SECOND);
    return !rows.select(first, second, col(Cells.FILE))
        .groupBy(hash().toArray(Column[]::new))
        .count()
        .where("count > 1")
        .isEmpty();
  }

  /** Rows with how often their key occurs, whether the rows differ, and their number among them. */
  Dataset<Row> judged(Dataset<Row> rows) {
    List<Column> partition = keyValues();
    WindowSpec whole = groups(partition);
    WindowSpec ordered = whole.orderBy(col(FIRST), col(SECOND), col(Cells.FILE));
    return hashed(rows, all())
        .withColumn("_n", count(lit(1)).over(whole))
        .withColumn(
            "_same",
            min(FIRST)
                .over(whole)
                .equalTo(max(FIRST).over(whole))
                .and(min(SECOND).over(whole).equalTo(max(SECOND).over(whole))))
        .withColumn(OCCURRENCE, row_number().over(ordered));
  }

  /** Of judged rows, those that stay. */
  Dataset<Row> kept(Dataset<Row> judged) {
    return judged.where(isKept()).select(named(rowId(lit(1)).as("_row_id"), col(Cells.FILE)));
  }

  private static Column isKept() {
    return col("_n").equalTo(1).or(col("_same").and(col(OCCURRENCE).equalTo(1)));
  }

  /** Of judged rows, those that go to quarantine, in its columns. */
  Dataset<Row> refused(Dataset<Row> judged) {
    String columns = String.join(",", keys.stream().map(i -> table.names().get(i)).toList());
    Column values =
        concat_ws(
            ",", keyValues().stream().map(value -> value.cast("string")).toArray(Column[]::new));
    Column reason =
        when(col("_same"), "duplicate key, the same row again")
            .otherwise("duplicate key, rows that differ");
    return judged
        .where(isKept().unary_$bang())
        .select(
            rowId(lit("duplicate"), col(OCCURRENCE)).as("_row_id"),
            col(Cells.FILE),
            lit(columns).as("column"),
            values.as("value"),
            reason.as("reason"),
            lit("key").as("rule"),
            to_json(struct(named())).as("row"));
  }

  private List<Integer> all() {
    return IntStream.range(0, table.columns().size()).boxed().toList();
  }

  private List<Column> keyValues() {
    return keys.stream().map(i -> col("t" + i)).toList();
  }

  private Column rowId(Column... more) {
    List<Column> parts = new ArrayList<>(List.of(col(Cells.FILE)));
    parts.addAll(keyValues());
    parts.addAll(List.of(more));
    return RowHash.hex128(parts.toArray(Column[]::new));
  }

  private List<Column> hash() {
    List<Column> hash = new ArrayList<>(List.of(col(FIRST), col(SECOND)));
    if (perFile) {
      hash.add(col(Cells.FILE));
    }
    return hash;
  }

  private WindowSpec groups(List<Column> by) {
    List<Column> partition = new ArrayList<>(by);
    if (perFile) {
      partition.add(col(Cells.FILE));
    }
    return Window.partitionBy(partition.toArray(Column[]::new));
  }

  private Dataset<Row> hashed(Dataset<Row> rows, List<Integer> columns) {
    List<Integer> sorted =
        columns.stream().sorted(Comparator.comparing(i -> table.names().get(i))).toList();
    Column[] values =
        RowHash.named(
            sorted.stream().map(i -> table.names().get(i)).toList(),
            sorted.stream().map(i -> col("t" + i)).toList());
    return rows.select(
        col("*"), RowHash.half(1, values).as(FIRST), RowHash.half(2, values).as(SECOND));
  }

  /** The table's columns under their names, then some more. */
  private Column[] named(Column... more) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      columns.add(col("t" + i).as(table.columns().get(i).name()));
    }
    columns.addAll(List.of(more));
    return columns.toArray(Column[]::new);
  }
}
