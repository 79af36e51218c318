package io.millrace.validate;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;

/** Hashes of the keys of a slice's rows: which ones are suspect of breaking a check. */
abstract class KeyState implements Serializable {

  private static final long serialVersionUID = 1L;

  private boolean full;

  static KeyState of(ScanPlan.KeyHash key) {
    return key.value() < 0 ? new Repeats(key) : new Conflicts(key);
  }

  final void add(InternalRow row) {
    if (!full && !row.isNullAt(hashPosition())) {
      take(row);
    }
  }

  final void merge(KeyState other) {
    if (full || other.full) {
      fill();
    } else {
      take(other);
    }
  }

  /** Whether there were more hashes than the budget, so that nothing is known. */
  final boolean isFull() {
    return full;
  }

  final void fill() {
    full = true;
    clear();
  }

  abstract int hashPosition();

  abstract void take(InternalRow row);

  abstract void take(KeyState other);

  abstract void clear();

  /** The hashes that may break the check, ascending; may change this state's inner order. */
  abstract long[] suspects();

  /** Hashes that may occur once. */
  private static final class Repeats extends KeyState {

    private static final long serialVersionUID = 1L;

    private final ScanPlan.KeyHash key;
    private long[] hashes = new long[16];
    private int size;

    Repeats(ScanPlan.KeyHash key) {
      this.key = key;
    }

    @Override
    int hashPosition() {
      return key.hash();
    }

    @Override
    void take(InternalRow row) {
      room(1);
      if (!isFull()) {
        hashes[size++] = row.getLong(key.hash());
      }
    }

    @Override
    void take(KeyState state) {
      Repeats other = (Repeats) state;
      room(other.size);
      if (!isFull()) {
        System.arraycopy(other.hashes, 0, hashes, size, other.size);
        size += other.size;
      }
    }

    @Override
    void clear() {
      hashes = new long[0];
      size = 0;
    }

    @Override
    long[] suspects() {
      Arrays.sort(hashes, 0, size);
      long[] repeated = new long[size];
      int found = 0;
      for (int i = 1; i < size; i++) {
        boolean first = found == 0 || repeated[found - 1] != hashes[i];
        if (hashes[i] == hashes[i - 1] && first) {
          repeated[found++] = hashes[i];
        }
      }
      return Arrays.copyOf(repeated, found);
    }

    private void room(int more) {
      if ((long) size + more > key.budget()) {
        fill();
      } else if (size + more > hashes.length) {
        hashes = Arrays.copyOf(hashes, Math.max(size + more, 2 * hashes.length));
      }
    }
  }

  /** Hashes each of which may occur with one other hash. */
  private static final class Conflicts extends KeyState {

    private static final long serialVersionUID = 1L;

    private final ScanPlan.KeyHash key;
    private final LongTable table = new LongTable();

    Conflicts(ScanPlan.KeyHash key) {
      this.key = key;
    }

    @Override
    int hashPosition() {
      return key.hash();
    }

    @Override
    void take(InternalRow row) {
      table.put(row.getLong(key.hash()), row.getLong(key.value()), false);
      if (table.size() > key.budget()) {
        fill();
      }
    }

    @Override
    void take(KeyState state) {
      table.putAll(((Conflicts) state).table);
      if (table.size() > key.budget()) {
        fill();
      }
    }

    @Override
    void clear() {
      table.clear();
    }

    @Override
    long[] suspects() {
      return table.conflicts();
    }
  }
}
