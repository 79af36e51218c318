package io.millrace.branch;

import io.millrace.DataException;
import io.millrace.table.PinnedTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * One table as a merge finds it.
 *
 * @param base main's version at which the branch left; empty where the table is younger
 * @param ours main's present version; empty where main has none
 * @param theirs the branch's present version
 * @param key columns by which rows meet
 */
public record Sides(
    Optional<PinnedTable> base, Optional<PinnedTable> ours, PinnedTable theirs, List<String> key) {

  public Sides {
    key = List.copyOf(key);
    base.ifPresent(Sides::requirePlain);
    ours.ifPresent(Sides::requirePlain);
    requirePlain(theirs);
  }

  /** The table's name. */
  public String table() {
    return theirs.name();
  }

  private static void requirePlain(PinnedTable table) {
    if (!table.isPlain()) {
      throw new DataException(
          table.name()
              + ": holds deletion vectors or mapped columns, which a merge can't read"
              + " file by file\nrun Delta's `REORG TABLE … APPLY (PURGE)` on it, then merge again");
    }
  }

  /**
   * The columns of all sides: ours, then those that only the branch has.
   *
   * @throws DataException where a column has two types
   */
  StructType schema() {
    Map<String, StructField> fields = new LinkedHashMap<>();
    Consumer<PinnedTable> add =
        side -> {
          for (StructField field : side.schema().fields()) {
            StructField known = fields.putIfAbsent(field.name(), field);
            if (known != null && !known.dataType().equals(field.dataType())) {
              throw new DataException(
                  "%s: column %s is %s on main and %s on the branch; give it one type on both sides"
                      .formatted(
                          table(),
                          field.name(),
                          known.dataType().catalogString(),
                          field.dataType().catalogString()));
            }
          }
        };
    ours.ifPresent(add);
    add.accept(theirs);
    return new StructType(fields.values().toArray(StructField[]::new));
  }
}
