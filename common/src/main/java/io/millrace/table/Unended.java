package io.millrace.table;

import io.millrace.table.MergeLog.Intent;
import java.util.List;
import java.util.Set;

/**
 * The merges that hadn't ended at a moment, those that began since included. Each may yet be
 * undone, or was while somebody looked at its tables: who deletes files has to keep those of the
 * versions before it.
 */
public final class Unended {

  private final MergeLog log;
  private final Set<String> ended;

  private Unended(MergeLog log, Set<String> ended) {
    this.log = log;
    this.ended = Set.copyOf(ended);
  }

  /** Takes the moment: before anything is read that a merge moves. */
  public static Unended now(Lake main) {
    MergeLog log = new MergeLog(main);
    return new Unended(log, log.ended());
  }

  /** Those merges: after all is read that a merge moves. */
  public List<Intent> merges() {
    return log.begun(ended);
  }
}
