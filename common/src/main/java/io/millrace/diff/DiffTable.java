package io.millrace.diff;

import static io.millrace.table.TableDefinition.column;
import static org.apache.spark.sql.functions.lit;

import io.millrace.table.Attempts;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.SlicePublisher;
import io.millrace.table.SlicePublisher.Published;
import io.millrace.table.TableDefinition;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Differences as a table of the lake: {@code diffs/<name>}, each comparison once. */
public final class DiffTable {

  private DiffTable() {}

  /** The table of a name. */
  public static TableDefinition definition(String name) {
    StructType schema =
        new StructType(
            new StructField[] {
              column(RawColumns.RUN_ID, DataTypes.StringType, "Hash of what was compared"),
              column("table", DataTypes.StringType, "Table whose versions were compared"),
              column("from", DataTypes.LongType, "Version before"),
              column("to", DataTypes.LongType, "Version after"),
              column("key", DataTypes.StringType, "Key of the row, as JSON"),
              column("change", DataTypes.StringType, "added, removed or changed"),
              column("column", DataTypes.StringType, "Column that differs; null for a whole row"),
              column("before", DataTypes.StringType, "Its value before, as text"),
              column("after", DataTypes.StringType, "Its value after, as text")
            });
    return new TableDefinition(
        "diffs/" + name,
        "What changed between versions of tables, a row for each cell, added or removed row",
        schema,
        Optional.of("table"),
        List.of(RawColumns.RUN_ID));
  }

  /**
   * Writes all that differs, once: the same comparison again writes nothing.
   *
   * @return how many rows were written; empty where they are there already
   */
  public static Optional<Long> write(Lake lake, String name, TableComparison compared) {
    TableDefinition definition = definition(name);
    String id = compared.identity();
    return Attempts.run(
            definition.name(),
            () -> {
              Optional<PinnedTable> table = lake.latest(definition.name());
              if (table.map(found -> SlicePublisher.counter(found, id)).orElse(0L) > 0) {
                return Optional.<Published>empty();
              }
              Dataset<Row> rows =
                  compared
                      .cells()
                      .withColumn(RawColumns.RUN_ID, lit(id))
                      .withColumn("table", lit(compared.after().name()))
                      .withColumn("from", lit(compared.before().version()))
                      .withColumn("to", lit(compared.after().version()));
              return Optional.of(SlicePublisher.append(lake, definition, rows, id, 0, List.of()));
            })
        .map(Published::rows);
  }
}
