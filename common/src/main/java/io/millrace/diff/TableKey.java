package io.millrace.diff;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.label.LabelBuilder;
import io.millrace.table.RawColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns by which the rows of a table are told apart. */
final class TableKey {

  /** As the tables' definitions comment such a column. */
  private static final String ENTITY = "Key of the entity";

  /** Keys of the tables that are named alike in all lakes, as docs/tables.md has them. */
  private static final Map<String, List<String>> KNOWN =
      Map.ofEntries(
          Map.entry("runs", List.of("run_id", "outputs")),
          Map.entry("files", List.of("source", "day", "file", "version")),
          Map.entry("models", List.of("pipeline", "model_version")),
          Map.entry("trials", List.of("model_version", "trial")),
          Map.entry("leaks", List.of("run_id", "rule", "column")),
          Map.entry(
              "metrics",
              List.of("run_id", "model_version", "role", "metric", "slice_column", "slice_value")),
          Map.entry("promotions", List.of("pipeline", "position")),
          Map.entry("releases", List.of("run_id")));

  private TableKey() {}

  /**
   * The key of a table.
   *
   * @param told what a person says; empty for the key that the table is known to have
   */
  static List<String> of(String table, StructType schema, List<String> told) {
    List<String> columns = List.of(schema.fieldNames());
    for (String name : told) {
      if (!columns.contains(name)) {
        throw new SpecException(
            "--by: "
                + table
                + " has no column "
                + name
                + "; "
                + Nearest.mend(name, columns, "columns"));
      }
    }
    List<String> key = told.isEmpty() ? known(table, schema) : told;
    if (key.isEmpty() || !columns.containsAll(key)) {
      throw new SpecException(
          table
              + ": no key is known of it; name its columns by --by: "
              + String.join(", ", columns));
    }
    return key;
  }

  static boolean isRaw(String table) {
    return table.startsWith("raw/");
  }

  private static List<String> known(String table, StructType schema) {
    if (isRaw(table)) {
      // Snapshots under one file name repeat the id of a row each day.
      return List.of(RawColumns.ROW_ID, RawColumns.DAY);
    }
    List<String> entity = new ArrayList<>();
    Arrays.stream(schema.fields())
        .filter(field -> field.getComment().contains(ENTITY))
        .map(StructField::name)
        .forEach(entity::add);
    if (entity.isEmpty()) {
      return KNOWN.getOrDefault(table, List.of());
    }
    for (String name : List.of("date", LabelBuilder.KNOWN_AT)) {
      if (schema.getFieldIndex(name).isDefined() && !entity.contains(name)) {
        entity.add(name);
      }
    }
    return entity;
  }
}
