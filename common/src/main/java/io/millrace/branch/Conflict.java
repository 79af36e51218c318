package io.millrace.branch;

import io.millrace.table.Authorship;
import java.util.Optional;

/**
 * A cell that both sides have changed, each to another value; or a row that one has changed and the
 * other removed.
 *
 * @param key the row's key as text
 * @param column the cell; {@value #ROW} for the row as a whole
 * @param base value when the branch left, as text; null for null
 * @param oursBy who wrote it on main, and when; empty where nobody is known
 */
public record Conflict(
    String table,
    String key,
    String column,
    String base,
    String ours,
    String theirs,
    Optional<Authorship> oursBy,
    Optional<Authorship> theirsBy) {

  /** Stands for all cells of a row. */
  public static final String ROW = "(row)";

  /** What is said of a row that a side has removed, or has. */
  static final String REMOVED = "removed";

  static final String THERE = "changed";
}
