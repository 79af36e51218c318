package io.millrace.stats;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Counts of byte strings: a hash table with linear probing whose strings stand one after the other
 * in one array. Counting a string that is known allocates nothing.
 */
final class ByteTable implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int FIRST_CAPACITY = 16;

  private int size;
  private byte[] bytes = new byte[FIRST_CAPACITY * 8];
  private int[] starts = new int[FIRST_CAPACITY + 1];
  private long[] hashes = new long[FIRST_CAPACITY];
  private long[] counts = new long[FIRST_CAPACITY];

  /** Entry + 1 of each slot, 0 for none; twice as many as there is room for entries. */
  private int[] slots = new int[2 * FIRST_CAPACITY];

  int size() {
    return size;
  }

  long hash(int entry) {
    return hashes[entry];
  }

  long count(int entry) {
    return counts[entry];
  }

  int length(int entry) {
    return starts[entry + 1] - starts[entry];
  }

  /** A copy of an entry's string. */
  byte[] bytes(int entry) {
    return Arrays.copyOfRange(bytes, starts[entry], starts[entry + 1]);
  }

  /** Count of a string; 0 if it isn't there. */
  long count(long hash, byte[] from, int offset, int length) {
    int slot = find(hash, from, offset, length);
    return slots[slot] == 0 ? 0 : counts[slots[slot] - 1];
  }

  /** Adds to the count of a string, given with its hash. */
  void add(long hash, byte[] from, int offset, int length, long times) {
    int slot = find(hash, from, offset, length);
    if (slots[slot] != 0) {
      counts[slots[slot] - 1] += times;
      return;
    }
    append(hash, from, offset, length, times);
    slots[slot] = size;
    if (size == hashes.length) {
      resize(2 * size);
    }
  }

  void addAll(ByteTable other) {
    for (int i = 0; i < other.size; i++) {
      add(other.hashes[i], other.bytes, other.starts[i], other.length(i), other.counts[i]);
    }
  }

  /** Forgets all strings whose hash has one of these bits. */
  void keepWithout(long bits) {
    ByteTable kept = new ByteTable();
    for (int i = 0; i < size; i++) {
      if ((hashes[i] & bits) == 0) {
        kept.add(hashes[i], bytes, starts[i], length(i), counts[i]);
      }
    }
    size = kept.size;
    bytes = kept.bytes;
    starts = kept.starts;
    hashes = kept.hashes;
    counts = kept.counts;
    slots = kept.slots;
  }

  /** Order of two entries' strings, byte by byte, unsigned: the order of the texts' code points. */
  int compare(int a, int b) {
    return Arrays.compareUnsigned(bytes, starts[a], starts[a + 1], bytes, starts[b], starts[b + 1]);
  }

  /** The slot of a string, or the empty one where it would be. */
  private int find(long hash, byte[] from, int offset, int length) {
    int mask = slots.length - 1;
    int slot = slot(hash, mask);
    while (slots[slot] != 0 && !is(slots[slot] - 1, hash, from, offset, length)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private boolean is(int entry, long hash, byte[] from, int offset, int length) {
    return hashes[entry] == hash
        && Arrays.equals(bytes, starts[entry], starts[entry + 1], from, offset, offset + length);
  }

  private void append(long hash, byte[] from, int offset, int length, long times) {
    int start = starts[size];
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, start + length));
    }
    System.arraycopy(from, offset, bytes, start, length);
    hashes[size] = hash;
    counts[size] = times;
    starts[++size] = start + length;
  }

  private void resize(int capacity) {
    starts = Arrays.copyOf(starts, capacity + 1);
    hashes = Arrays.copyOf(hashes, capacity);
    counts = Arrays.copyOf(counts, capacity);
    slots = new int[2 * capacity];
    int mask = slots.length - 1;
    for (int i = 0; i < size; i++) {
      int slot = slot(hashes[i], mask);
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = i + 1;
    }
  }

  /** By middle bits, since the first and last ones sort strings into samples and buckets. */
  private static int slot(long hash, int mask) {
    return (int) (hash >>> 24) & mask;
  }
}
