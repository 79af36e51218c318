package io.millrace.diff;

import java.util.List;
import java.util.Optional;

/**
 * What changed from one version of a table to another.
 *
 * @param table its name in the lake
 * @param before version that is compared with
 * @param after version that is compared
 * @param key columns by which rows meet
 * @param columns columns that differ between the schemas, by name
 * @param rowsBefore rows of the version before
 * @param rowsAfter rows of the version after
 * @param added rows whose key only the version after has
 * @param removed rows whose key only the version before has
 * @param changed rows of both, of which a cell differs
 * @param cells how many rows have another value, by column; only columns that have one
 * @param notCompared columns that tell who wrote a row and when, not what
 * @param filesRead files that were opened
 * @param files files of both versions together, each once
 * @param shown changes of the first keys
 */
public record TableDiff(
    String table,
    long before,
    long after,
    List<String> key,
    List<ColumnChange> columns,
    long rowsBefore,
    long rowsAfter,
    long added,
    long removed,
    long changed,
    List<CellCount> cells,
    List<String> notCompared,
    long filesRead,
    long files,
    List<RowChange> shown) {

  public TableDiff {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    cells = List.copyOf(cells);
    notCompared = List.copyOf(notCompared);
    shown = List.copyOf(shown);
  }

  /** A column that is new, gone, or of another type; an absent type is that of an absent column. */
  public record ColumnChange(String column, Optional<String> before, Optional<String> after) {}

  /** How many rows have another value in a column. */
  public record CellCount(String column, long rows) {}

  /** What became of a row. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED
  }

  /**
   * A row that changed.
   *
   * @param key values of the key's columns as text; null for null
   * @param cells the cells that differ; none of an added or removed row
   */
  public record RowChange(Kind kind, List<String> key, List<CellChange> cells) {}

  /** A cell as text before and after; null for null. */
  public record CellChange(String column, String before, String after) {}

  /** Whether both versions have the same rows in the same columns. */
  public boolean isSame() {
    return columns.isEmpty() && added + removed + changed == 0;
  }
}
