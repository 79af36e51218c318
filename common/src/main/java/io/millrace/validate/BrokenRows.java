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
  private boolean full;

  BrokenRows(int most) {
    this.most = most;
  }

  boolean isFull() {
    return full;
  }

  void add(BrokenRow row) {
    rows.add(row);
    size += row.size();
    limit();
  }

  void merge(BrokenRows other) {
    full |= other.full;
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
