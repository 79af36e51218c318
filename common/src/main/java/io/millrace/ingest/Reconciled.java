package io.millrace.ingest;

import io.millrace.config.SourceSpec.ColumnType;
import java.util.List;

/**
 * How a file is read into its table.
 *
 * @param columns the file's columns
 * @param table the table's columns once the file is in: those it had, in order, then the added
 * @param added columns that the table doesn't have yet
 * @param widened columns of the table that need a wider type before the file comes in
 * @param notes what a person should hear of, one line each
 */
public record Reconciled(
    FileColumns columns,
    ColumnTypes table,
    List<ColumnTypes.Column> added,
    List<Widened> widened,
    List<String> notes) {

  public Reconciled {
    added = List.copyOf(added);
    widened = List.copyOf(widened);
    notes = List.copyOf(notes);
  }

  /** The file. */
  public SourceFile file() {
    return columns.file();
  }

  /** The same file read as a table that other files of the same load have added to or widened. */
  public Reconciled as(ColumnTypes merged) {
    return new Reconciled(columns, merged, added, widened, notes);
  }

  /** A column that is cast to a wider type; see {@link SchemaChanges} for which are exact. */
  public record Widened(String name, ColumnType from, ColumnType to) {}
}
