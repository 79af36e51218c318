package io.millrace.validate;

import io.millrace.stats.XxHash64;
import java.io.Serializable;
import java.util.Arrays;

/**
 * How often each of some numbers occurs: exact for as many distinct ones as the cap, and beyond it
 * for a sample of them by hash (adaptive sampling, Flajolet 1990), whose counts stay exact. A
 * number is any 64 bits. The state depends on the numbers only, not on their order.
 */
final class NumberCounts implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int FIRST_CAPACITY = 8;

  private final int cap;
  private long[] keys = new long[2 * FIRST_CAPACITY];

  /** 0 where a slot is empty. */
  private long[] counts = new long[2 * FIRST_CAPACITY];

  private int size;
  private int zeroBits;

  /** The leading bits that must be 0 in the hash of a number that is kept. */
  private long excluded;

  NumberCounts(int cap) {
    this.cap = cap;
  }

  static NumberCounts read(int cap, MeasureReader in) {
    NumberCounts read = new NumberCounts(cap);
    long zeroBits = in.readCount();
    long size = in.readCount();
    if (zeroBits >= Long.SIZE || size > cap) {
      throw MeasureReader.bad("more numbers than there is room for");
    }
    read.exclude((int) zeroBits);
    long key = 0;
    for (long i = 0; i < size; i++) {
      key += in.readSigned();
      read.put(key, in.readCount());
    }
    return read;
  }

  /** Adds a number, given with {@link XxHash64#hash(long)} of it. */
  void add(long number, long hash) {
    if ((hash & excluded) == 0) {
      put(number, 1);
      shrink();
    }
  }

  void merge(NumberCounts other) {
    exclude(Math.max(zeroBits, other.zeroBits));
    rebuild(keys.length);
    for (int i = 0; i < other.keys.length; i++) {
      if (other.counts[i] != 0 && (XxHash64.hash(other.keys[i]) & excluded) == 0) {
        put(other.keys[i], other.counts[i]);
        shrink();
      }
    }
  }

  /** Whether all numbers are kept. */
  boolean isComplete() {
    return zeroBits == 0;
  }

  int size() {
    return size;
  }

  /** The numbers kept, ascending as signed 64 bits. */
  long[] numbers() {
    long[] numbers = new long[size];
    int next = 0;
    for (int i = 0; i < keys.length; i++) {
      if (counts[i] != 0) {
        numbers[next++] = keys[i];
      }
    }
    Arrays.sort(numbers);
    return numbers;
  }

  /** How often a number that is kept occurs; 0 for others. */
  long count(long number) {
    return counts[slot(number)];
  }

  void write(MeasureWriter out) {
    out.writeUnsigned(zeroBits);
    out.writeUnsigned(size);
    long before = 0;
    for (long number : numbers()) {
      out.writeSigned(number - before);
      out.writeUnsigned(count(number));
      before = number;
    }
  }

  private void put(long number, long times) {
    int slot = slot(number);
    if (counts[slot] == 0) {
      keys[slot] = number;
      size++;
    }
    counts[slot] += times;
    if (2 * size > keys.length) {
      rebuild(2 * keys.length);
    }
  }

  private int slot(long number) {
    int mask = keys.length - 1;
    int slot = (int) (number * 0x9E3779B97F4A7C15L >>> 32) & mask;
    while (counts[slot] != 0 && keys[slot] != number) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void shrink() {
    while (size > cap && zeroBits < Long.SIZE - 1) {
      exclude(zeroBits + 1);
      rebuild(keys.length);
    }
  }

  private void exclude(int leading) {
    zeroBits = leading;
    excluded = leading == 0 ? 0 : -1L << (Long.SIZE - leading);
  }

  /** Puts those that may stay into new arrays. */
  private void rebuild(int slots) {
    long[] oldKeys = keys;
    long[] oldCounts = counts;
    keys = new long[slots];
    counts = new long[slots];
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] != 0 && (XxHash64.hash(oldKeys[i]) & excluded) == 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        counts[slot] = oldCounts[i];
        size++;
      }
    }
  }
}
