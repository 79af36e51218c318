package io.millrace.table;

import java.util.Optional;
import java.util.OptionalLong;

/** What readers of a lake have to know of a merge that is landing: the versions of before it. */
final class OpenMerges {

  private final Lake lake;
  private Optional<PinnedTable> read = Optional.empty();
  private Optional<MergeLog.Intent> open = Optional.empty();

  OpenMerges(Lake lake) {
    this.lake = lake;
  }

  /** The version to read a table at, -1 where it isn't there yet; empty for its newest. */
  synchronized OptionalLong before(String name) {
    // A branch has versions of its own, which no merge moves.
    if (lake.isBranch() || name.equals(MergeLog.TABLE) || !isThere()) {
      return OptionalLong.empty();
    }
    Optional<PinnedTable> merges = lake.newest(MergeLog.TABLE);
    if (!merges.equals(read)) {
      open = merges.flatMap(MergeLog::open);
      read = merges;
    }
    return open.stream()
        .flatMap(intent -> intent.moves().stream())
        .filter(move -> move.table().equals(name))
        .mapToLong(MergeLog.Move::before)
        .findFirst();
  }

  /** One look at the file system, in lakes that never saw a merge. */
  private boolean isThere() {
    return read.isPresent() || lake.status(Lake.commit(lake.path(MergeLog.TABLE), 0)).isPresent();
  }
}
