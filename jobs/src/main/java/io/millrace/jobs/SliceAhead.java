package io.millrace.jobs;

import java.util.Set;

/**
 * What a slice will hold when the steps before are done, as far as that is known beforehand.
 *
 * @param runIds its runs, where they are known; empty for a slice without rows
 * @param hasRows whether it surely has rows
 */
record SliceAhead(Sort sort, Set<String> runIds, boolean hasRows) {

  /** How much is known. */
  enum Sort {
    /** Its runs. */
    KNOWN,
    /** That they will be others than now. */
    OTHER,
    /** Nothing. */
    UNKNOWN
  }

  SliceAhead {
    runIds = Set.copyOf(runIds);
  }

  static SliceAhead known(Set<String> runIds) {
    return new SliceAhead(Sort.KNOWN, runIds, !runIds.isEmpty());
  }

  static SliceAhead other(boolean hasRows) {
    return new SliceAhead(Sort.OTHER, Set.of(), hasRows);
  }

  static SliceAhead unknown() {
    return new SliceAhead(Sort.UNKNOWN, Set.of(), false);
  }

  boolean isKnown() {
    return sort == Sort.KNOWN;
  }

  boolean isOther() {
    return sort == Sort.OTHER;
  }

  /** Known to have no rows. */
  boolean isEmpty() {
    return sort == Sort.KNOWN && runIds.isEmpty();
  }
}
