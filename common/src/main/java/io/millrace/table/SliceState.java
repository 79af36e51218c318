package io.millrace.table;

import java.util.Set;
import java.util.TreeSet;

/**
 * What a slice holds at a pinned version.
 *
 * @param key the slice: an ISO date, or a word
 * @param counter how often it has been written; 0 where never
 * @param runIds the runs whose rows it holds, sorted; empty where it has no rows
 * @param rows its rows
 */
public record SliceState(String key, long counter, Set<String> runIds, long rows) {

  public SliceState {
    runIds = java.util.Collections.unmodifiableSet(new TreeSet<>(runIds));
  }
}
