package io.millrace.table;

import io.millrace.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Gives columns of a table wider types. All rows are written anew in one commit; each keeps its
 * run, and each run its own files, so no slice becomes stale by it.
 */
public final class Retyping {

  /** Beyond it, not every whole number is a double. */
  private static final long EXACT = 1L << 53;

  private Retyping() {}

  /**
   * Rewrites the newest version of a table.
   *
   * @param types the wider types by column
   * @throws LostRaceException where somebody has written since the table was pinned
   * @throws DataException where a whole number would lose digits as a double; nothing is written
   */
  public static void widen(
      Lake lake, PinnedTable table, TableDefinition definition, Map<String, DataType> types) {
    requireExact(table, types);
    SlicePublisher.commit(
        lake,
        definition,
        List.of(),
        (transaction, reads) -> {
          if (transaction.readVersion() != table.version()) {
            throw new LostRaceException(table.name() + ": written since it was pinned", null);
          }
          List<Action> actions = new ArrayList<>();
          for (AddFile file : CollectionConverters.asJava(transaction.filterFiles())) {
            actions.add(file.remove());
          }
          StructType schema = retyped(transaction.metadata().schema(), types);
          transaction.updateMetadata(
              SlicePublisher.withSchema(transaction.metadata(), schema), false);
          Dataset<Row> rows = table.read().select(cast(schema));
          for (String runId : runs(table)) {
            Column ofRun = functions.col("run_id").equalTo(runId);
            actions.addAll(SlicePublisher.write(transaction, definition, rows.where(ofRun)));
          }
          return actions;
        });
  }

  private static TreeSet<String> runs(PinnedTable table) {
    TreeSet<String> runs = new TreeSet<>();
    table.files().forEach(file -> runs.addAll(file.runIds()));
    return runs;
  }

  private static StructType retyped(StructType schema, Map<String, DataType> types) {
    StructType retyped = new StructType();
    for (StructField field : schema.fields()) {
      DataType type = types.getOrDefault(field.name(), field.dataType());
      retyped =
          retyped.add(new StructField(field.name(), type, field.nullable(), field.metadata()));
    }
    return retyped;
  }

  private static Column[] cast(StructType schema) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      columns.add(Columns.named(field.name()).cast(field.dataType()).as(field.name()));
    }
    return columns.toArray(Column[]::new);
  }

  private static void requireExact(PinnedTable table, Map<String, DataType> types) {
    StructType schema = table.schema();
    for (Map.Entry<String, DataType> type : types.entrySet()) {
      boolean whole = schema.apply(type.getKey()).dataType().equals(DataTypes.LongType);
      if (whole && type.getValue().equals(DataTypes.DoubleType)) {
        Column value = Columns.named(type.getKey());
        long large = table.read().where(value.gt(EXACT).or(value.lt(-EXACT))).count();
        if (large > 0) {
          throw new DataException(
              ("%s: column %s holds %,d whole numbers beyond 2^53, which lose digits as a double\n"
                      + "declare types: {%s: string}, and take the source in under a new name")
                  .formatted(table.name(), type.getKey(), large, type.getKey()));
        }
      }
    }
  }
}
