package io.millrace.table;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.SetTransaction;
import io.delta.kernel.internal.replay.ActionsIterator;
import io.delta.kernel.internal.replay.LogReplay;
import io.millrace.UnavailableException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The counters of a log's transactions, all in one reading. */
final class LogCounters {

  private LogCounters() {}

  /** The counters by name; the newest commit that tells of one counts. */
  static Map<String, Long> read(Engine engine, Snapshot snapshot) {
    Map<String, Long> counters = new HashMap<>();
    try (ActionsIterator actions =
        new ActionsIterator(
            engine,
            ((SnapshotImpl) snapshot).getLogSegment().allLogFilesReversed(),
            LogReplay.SET_TRANSACTION_READ_SCHEMA,
            Optional.empty())) {
      while (actions.hasNext()) {
        ColumnVector transactions = actions.next().getColumnarBatch().getColumnVector(0);
        for (int i = 0; i < transactions.getSize(); i++) {
          SetTransaction told = SetTransaction.fromColumnVector(transactions, i);
          if (told != null) {
            counters.putIfAbsent(told.getAppId(), told.getVersion());
          }
        }
      }
    } catch (IOException e) {
      throw new UnavailableException(
          snapshot.getPath() + ": its log can't be read: " + e.getMessage(), e);
    }
    return Map.copyOf(counters);
  }
}
