package io.millrace.table;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a slice holds at a pinned version.
 *
 * @param key the slice: an ISO date
 * @param runIds the runs whose rows it holds, sorted; empty where it has no rows
 * @param rows its rows
 * @param bytes of its files
 * @param files names of its files, which no two writes share
 */
public record SliceState(String key, Set<String> runIds, long rows, long bytes, Set<String> files) {

  public SliceState {
    runIds = Collections.unmodifiableSet(new TreeSet<>(runIds));
    files = Set.copyOf(files);
  }

  /** A slice without rows. */
  public static SliceState empty(String key) {
    return new SliceState(key, Set.of(), 0, 0, Set.of());
  }
}
