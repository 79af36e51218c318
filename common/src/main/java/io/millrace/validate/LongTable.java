package io.millrace.validate;

import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;

/** For each key one value, and whether another one came too. Open addressing, no boxing. */
final class LongTable implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int FIRST_SLOTS = 16;

  private long[] keys = new long[FIRST_SLOTS];
  private long[] values = new long[FIRST_SLOTS];
  private BitSet used = new BitSet();
  private BitSet conflicts = new BitSet();
  private int size;

  int size() {
    return size;
  }

  void put(long key, long value, boolean conflict) {
    int slot = slot(key);
    if (!used.get(slot)) {
      used.set(slot);
      keys[slot] = key;
      values[slot] = value;
      size++;
    }
    if (conflict || values[slot] != value) {
      conflicts.set(slot);
    }
    if (2 * size > keys.length) {
      grow();
    }
  }

  void putAll(LongTable other) {
    for (int i = other.used.nextSetBit(0); i >= 0; i = other.used.nextSetBit(i + 1)) {
      put(other.keys[i], other.values[i], other.conflicts.get(i));
    }
  }

  /** The keys with more than one value, ascending. */
  long[] conflicts() {
    long[] found = conflicts.stream().mapToLong(slot -> keys[slot]).toArray();
    Arrays.sort(found);
    return found;
  }

  void clear() {
    keys = new long[FIRST_SLOTS];
    values = new long[FIRST_SLOTS];
    used = new BitSet();
    conflicts = new BitSet();
    size = 0;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
    while (used.get(slot) && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    LongTable larger = new LongTable();
    larger.keys = new long[2 * keys.length];
    larger.values = new long[2 * keys.length];
    larger.putAll(this);
    keys = larger.keys;
    values = larger.values;
    used = larger.used;
    conflicts = larger.conflicts;
  }
}
