package io.millrace.report;

import io.millrace.diff.Moved;
import io.millrace.diff.TableDiff;
import java.util.List;

/**
 * What changed between two versions of a table, as a page.
 *
 * @param moved the columns and slices that moved most; empty where distributions weren't compared
 */
public record DiffPage(TableDiff diff, List<Moved> moved) {

  public DiffPage {
    moved = List.copyOf(moved);
  }

  /** Rows that differ and aren't shown. */
  public long left() {
    return diff.added() + diff.removed() + diff.changed() - diff.shown().size();
  }

  /** A value, or what stands for one that isn't there. */
  public static String text(String value) {
    return value == null ? "(null)" : value;
  }
}
