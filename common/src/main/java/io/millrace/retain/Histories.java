package io.millrace.retain;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.erase.Receipts;
import io.millrace.table.Lake;
import io.millrace.table.TableHistory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The histories of a lake's tables, each read once, when it is first asked for. */
public final class Histories {

  private final Lake lake;
  private final Map<String, Optional<TableHistory>> known = new HashMap<>();

  public Histories(Lake lake) {
    this.lake = lake;
  }

  /**
   * The history of a table; after an erasure, since then.
   *
   * @return empty where there is no such table, or its log doesn't tell all
   */
  public Optional<TableHistory> of(String table) {
    return known.computeIfAbsent(
        table, name -> TableHistory.of(lake, name).filter(this::isAllThereIs));
  }

  /** What somebody else's clean-up of a log took, we can't know to be needed no more. */
  private boolean isAllThereIs(TableHistory history) {
    return history.first() == 0
        || new Receipts(lake).erased(history.name(), history.first() - 1).isPresent();
  }

  /** Whether a table's history is whole, and Kernel finds the same files as we do. */
  boolean isSure(String table) {
    try {
      return of(table).map(history -> history.agreesWithKernel(lake)).orElse(false);
    } catch (KernelException e) {
      return false;
    }
  }

  Lake lake() {
    return lake;
  }
}
