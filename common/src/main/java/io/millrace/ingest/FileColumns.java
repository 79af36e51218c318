package io.millrace.ingest;

import io.millrace.config.SourceSpec.ColumnType;
import java.util.List;
import java.util.Optional;

/**
 * The columns of one file, in its order.
 *
 * @param file the file
 * @param columns its columns; the constants of a Delta file stand at the end
 * @param told whether the file itself tells the types (Parquet, ORC, Delta); of text they are
 *     inferred from the values
 */
public record FileColumns(SourceFile file, List<FileColumn> columns, boolean told) {

  public FileColumns {
    columns = List.copyOf(columns);
  }

  /**
   * A column.
   *
   * @param source its name in the file
   * @param name its name in the table, see {@link ColumnNames}
   * @param type its type; none where no value of the file tells one
   */
  public record FileColumn(String source, String name, Optional<ColumnType> type) {}

  /** Where the column of that table name stands, in any case; -1 if the file doesn't have it. */
  int indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The table names. */
  public List<String> names() {
    return columns.stream().map(FileColumn::name).toList();
  }
}
