package io.millrace.validate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The rows that a scan's result carries: all of them, or none if they are too many. */
final class BrokenRows implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Characters of all rows together. */
  private static final long LARGEST = 64 << 20;

  private final int most;
  private List<BrokenRow> rows = new ArrayList<>();
  private long size;
  private long count;
  private boolean full;

  BrokenRows(int most) {
    this.most = most;
  }

  /** Whether rows were too many, so that none is here. */
  boolean isFull() {
    return full;
  }

  /** How many rows there are, also where none is here. */
  long count() {
    return count;
  }

  /** Counts a row that isn't to be carried, since they are too many. */
  void addUnseen() {
    count++;
  }

  void add(BrokenRow row) {
    count++;
    rows.add(row);
    size += row.size();
    limit();
  }

  void merge(BrokenRows other) {
    full |= other.full;
    count += other.count;
    rows.addAll(other.rows);
    size += other.size;
    limit();
  }

  /** By slice and row id. */
  List<BrokenRow> sorted() {
    rows.sort(Comparator.comparing(BrokenRow::runId).thenComparing(BrokenRow::rowId));
    return List.copyOf(rows);
  }

  private void limit() {
    if (full || rows.size() > most || size > LARGEST) {
      full = true;
      rows = new ArrayList<>();
      size = 0;
    }
  }
}
