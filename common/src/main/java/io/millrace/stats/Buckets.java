package io.millrace.stats;

/**
 * The buckets of a {@link LogHistogram} that aren't empty, from the most negative to the most
 * positive; all arrays have the same length. Zero is a bucket with both bounds 0. A bucket of
 * positive numbers holds its lower bound and not its upper one, one of negative numbers the
 * reverse.
 *
 * @param ordinals places of the buckets on the line: 0 for zero, from 1 on for positive numbers,
 *     down from -1 for negative ones; the same in all histograms
 * @param lower lower bounds
 * @param upper upper bounds; infinite for the last one that doubles have
 * @param counts how many numbers each holds, at least 1
 */
public record Buckets(int[] ordinals, double[] lower, double[] upper, long[] counts) {

  /**
   * Place of a number's bucket on the line.
   *
   * @throws IllegalArgumentException if {@code x} is NaN or infinite
   */
  public static int ordinal(double x) {
    if (!Double.isFinite(x)) {
      throw new IllegalArgumentException(x + " has no bucket");
    }
    if (x == 0) {
      return 0;
    }
    int index = LogBuckets.index(Double.doubleToRawLongBits(Math.abs(x)));
    return x > 0 ? index + 1 : -1 - index;
  }

  /** Lower bound of the bucket at a place. */
  public static double lower(int ordinal) {
    return ordinal > 0 ? LogBuckets.lower(ordinal - 1) : 0 - upper(-ordinal);
  }

  /** Upper bound of the bucket at a place. */
  public static double upper(int ordinal) {
    if (ordinal == 0) {
      return 0;
    }
    return ordinal > 0 ? LogBuckets.upper(ordinal - 1) : 0 - lower(-ordinal);
  }

  /** The number with the same relative distance to both bounds. */
  static double centre(int ordinal) {
    if (ordinal == 0) {
      return 0;
    }
    return ordinal > 0 ? LogBuckets.centre(ordinal - 1) : -LogBuckets.centre(-1 - ordinal);
  }

  static Buckets ofSize(int size) {
    return new Buckets(new int[size], new double[size], new double[size], new long[size]);
  }

  void set(int place, int ordinal, long count) {
    ordinals[place] = ordinal;
    lower[place] = lower(ordinal);
    upper[place] = upper(ordinal);
    counts[place] = count;
  }

  /** Share of all counts, in order; the last one is 1. */
  double[] cumulativeShares() {
    double[] shares = new double[counts.length];
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    long below = 0;
    for (int i = 0; i < shares.length; i++) {
      below += counts[i];
      shares[i] = (double) below / total;
    }
    return shares;
  }
}
