package io.millrace.train;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Quantiles of finite doubles from counts per bucket, where a bucket is all numbers with the same
 * sign, exponent and first ten bits of the mantissa, and keeps the least number seen. The state is
 * the same for any order of adds and merges. A quantile is a number of the data, at most 2^-10 (in
 * relation) below the exact one; exact for whole numbers below 2048. Not safe for threads.
 */
final class QuantileBuckets implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int DROPPED_BITS = 42;
  private static final int EMPTY = -1;

  private int[] keys = emptyKeys(64);
  private long[] counts = new long[64];
  private double[] least = new double[64];
  private int used;
  private long total;

  private static int[] emptyKeys(int size) {
    int[] keys = new int[size];
    Arrays.fill(keys, EMPTY);
    return keys;
  }

  void add(double x) {
    double value = x + 0.0;
    add(key(value), 1, value);
  }

  void merge(QuantileBuckets other) {
    for (int i = 0; i < other.keys.length; i++) {
      if (other.keys[i] != EMPTY) {
        add(other.keys[i], other.counts[i], other.least[i]);
      }
    }
  }

  /**
   * The least bucket's number with at least {@code share} of all numbers at or below its bucket.
   *
   * @throws IllegalStateException when nothing was added
   */
  double quantile(double share) {
    if (total == 0) {
      throw new IllegalStateException("no numbers, no quantile");
    }
    long rank = Math.max(1, (long) Math.ceil(share * total));
    int[] sorted = Arrays.stream(keys).filter(key -> key != EMPTY).sorted().toArray();
    long below = 0;
    int i = -1;
    while (below < rank) {
      below += counts[place(sorted[++i])];
    }
    return least[place(sorted[i])];
  }

  /** Monotone in the number: negative numbers have their bits flipped, the others the sign only. */
  private static int key(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return (int) ((bits ^ ((bits >> 63) | Long.MIN_VALUE)) >>> DROPPED_BITS);
  }

  private void add(int key, long count, double value) {
    int place = place(key);
    if (keys[place] == EMPTY) {
      if (2 * (used + 1) > keys.length) {
        grow();
        place = place(key);
      }
      used++;
      keys[place] = key;
      least[place] = value;
    }
    counts[place] += count;
    least[place] = Math.min(least[place], value);
    total += count;
  }

  private int place(int key) {
    int place = ((key * 0x9e3779b1) >>> 8) & (keys.length - 1);
    while (keys[place] != EMPTY && keys[place] != key) {
      place = (place + 1) & (keys.length - 1);
    }
    return place;
  }

  private void grow() {
    int[] oldKeys = keys;
    long[] oldCounts = counts;
    double[] oldLeast = least;
    keys = emptyKeys(2 * oldKeys.length);
    counts = new long[keys.length];
    least = new double[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != EMPTY) {
        int place = place(oldKeys[i]);
        keys[place] = oldKeys[i];
        counts[place] = oldCounts[i];
        least[place] = oldLeast[i];
      }
    }
  }
}
