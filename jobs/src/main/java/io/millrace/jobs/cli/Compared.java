package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Two versions of a table to be compared.
 *
 * @param table name in the lake: {@code predictions/churn}
 * @param before version to compare with; absent: the one before {@code after}
 * @param after version to compare; absent: the newest
 * @param by columns of the key; none for the key that the table is known to have
 * @param allColumns whether run ids and times of writing are compared too
 * @param rows how many rows to tell cell by cell
 * @param statistics whether the distributions of the columns are compared
 * @param slice column by whose values they are compared too
 * @param html file for a page of it
 * @param into name of a table of differences to write them to
 */
public record Compared(
    String table,
    OptionalLong before,
    OptionalLong after,
    List<String> by,
    boolean allColumns,
    int rows,
    boolean statistics,
    Optional<String> slice,
    Optional<Path> html,
    Optional<String> into,
    Place place) {

  public Compared {
    by = List.copyOf(by);
  }
}
