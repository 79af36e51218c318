package io.millrace.table;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A data file as a table's whole log tells of it: from which version to which it was live.
 *
 * @param name last part of its path, which no two writes share
 * @param partition partition values by column, null for none; dates are ISO text
 * @param run the run whose rows it holds; empty where the log doesn't tell
 * @param vector name of the file that says which of its rows are deleted
 * @param added first version that has it
 * @param removed first version after it that doesn't; {@link #LIVE} where all have
 */
public record LoggedFile(
    String name,
    Map<String, String> partition,
    Optional<String> run,
    Optional<String> vector,
    long added,
    long removed) {

  /** Not removed so far. */
  public static final long LIVE = Long.MAX_VALUE;

  public LoggedFile {
    // Values may be null, which Map.copyOf refuses.
    partition = Collections.unmodifiableMap(new HashMap<>(partition));
  }

  /** Whether a version has it. */
  public boolean in(long version) {
    return added <= version && version < removed;
  }

  LoggedFile removedBy(long version) {
    return new LoggedFile(name, partition, run, vector, added, version);
  }
}
