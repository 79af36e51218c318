package io.millrace.stats;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The distribution of numbers to within 1% of each number: a histogram of buckets whose bounds are
 * at most 1/64 apart, as in DDSketch (Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable
 * quantile sketch with relative-error guarantees", VLDB 2019). Counts are integers, so the same
 * numbers give the same bits in any order of adds and merges.
 *
 * <p>A number stands for itself to within 1/129 (0.78%); below 2<sup>-1022</sup> to within
 * 2<sup>-1029</sup>. Negative numbers, zero and positive numbers have buckets of their own. NaN and
 * both infinities are counted apart and enter nothing else.
 *
 * <p>In memory 512 bytes for each power of 2 that occurs, with either sign (a column of prices: 5
 * kB; at most 2 MB); as bytes 2 to 4 for each bucket that isn't empty. Not safe for threads.
 */
public final class LogHistogram implements Mergeable<LogHistogram> {

  private static final long serialVersionUID = 1L;

  /** The largest relative distance between a number and the one that stands for it. */
  public static final double RELATIVE_ERROR = 1.0 / 129;

  private static final String NAME = "log histogram";
  private static final char KIND = 'L';
  private static final int VERSION = 1;
  private static final long MAGNITUDE = Long.MAX_VALUE;
  private static final long INFINITE = 0x7ffL << 52;

  private final LogBuckets negative = new LogBuckets();
  private final LogBuckets positive = new LogBuckets();
  private long zeros;
  private long count;
  private long nans;
  private long negativeInfinities;
  private long positiveInfinities;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  /**
   * The histogram that {@link #toBytes()} wrote.
   *
   * @throws IllegalArgumentException if the bytes are none
   */
  public static LogHistogram of(byte[] bytes) {
    StateReader in = new StateReader(NAME, bytes, KIND, VERSION);
    LogHistogram histogram = new LogHistogram();
    histogram.nans = in.readLong();
    histogram.negativeInfinities = in.readLong();
    histogram.positiveInfinities = in.readLong();
    histogram.zeros = in.readLong();
    long negatives = histogram.negative.read(in);
    long positives = histogram.positive.read(in);
    histogram.count = in.total(in.total(histogram.zeros, negatives), positives);
    if (histogram.count > 0) {
      histogram.min = in.readDouble();
      histogram.max = in.readDouble();
      Buckets buckets = histogram.buckets();
      int[] places = buckets.ordinals();
      if (!isIn(histogram.min, places[0])
          || !isIn(histogram.max, places[places.length - 1])
          || histogram.min > histogram.max) {
        throw in.bad("has extremes " + histogram.min + " and " + histogram.max + " out of bounds");
      }
    }
    in.end();
    return histogram;
  }

  /** Adds one number. */
  public void add(double x) {
    add(x, 1);
  }

  /**
   * Adds a number that occurs {@code times} times.
   *
   * @throws IllegalArgumentException if {@code times} is negative
   */
  public void add(double x, long times) {
    if (times <= 0) {
      requireCount(times);
      return;
    }
    long bits = Double.doubleToRawLongBits(x);
    long magnitude = bits & MAGNITUDE;
    if (magnitude >= INFINITE) {
      addInfinite(x, times);
      return;
    }
    count += times;
    if (magnitude == 0) {
      zeros += times;
    } else if (bits >= 0) {
      positive.add(LogBuckets.index(magnitude), times);
    } else {
      negative.add(LogBuckets.index(magnitude), times);
    }
    if (x < min) {
      min = x + 0.0;
    }
    if (x > max) {
      max = x + 0.0;
    }
  }

  @Override
  public void merge(LogHistogram other) {
    negative.merge(other.negative);
    positive.merge(other.positive);
    zeros += other.zeros;
    count += other.count;
    nans += other.nans;
    negativeInfinities += other.negativeInfinities;
    positiveInfinities += other.positiveInfinities;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  /** How many finite numbers were added. */
  public long count() {
    return count;
  }

  /** How many NaN were added. */
  public long nans() {
    return nans;
  }

  /** How many times negative infinity was added. */
  public long negativeInfinities() {
    return negativeInfinities;
  }

  /** How many times positive infinity was added. */
  public long positiveInfinities() {
    return positiveInfinities;
  }

  /** The smallest finite number, exact; never -0.0. Absent without finite numbers. */
  public OptionalDouble min() {
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(min);
  }

  /** The largest finite number, exact; never -0.0. Absent without finite numbers. */
  public OptionalDouble max() {
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(max);
  }

  /**
   * About the smallest number at or below which a share {@code q} of the finite numbers lies, that
   * is the number of rank ceil(q n), counted from 1 (NumPy's method {@code inverted_cdf}), to
   * within {@link #RELATIVE_ERROR} of it. 0 gives the exact smallest number, 1 the exact largest.
   * Absent without finite numbers.
   *
   * @throws IllegalArgumentException if {@code q} isn't in [0, 1]
   */
  public OptionalDouble quantile(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("a quantile lies in [0, 1], not at " + q);
    }
    if (count == 0 || q == 0) {
      return min();
    }
    if (q == 1) {
      return max();
    }
    long rank = Math.max(1, (long) Math.ceil(q * count));
    Buckets buckets = buckets();
    int i = 0;
    long below = buckets.counts()[0];
    while (below < rank) {
      below += buckets.counts()[++i];
    }
    return OptionalDouble.of(standIn(buckets.ordinals()[i]));
  }

  /**
   * Share of the finite numbers that are at most {@code x}, where all numbers of the bucket of
   * {@code x} count as such: never too low, and too high by at most the share of that bucket. Exact
   * at whole numbers from -127 to 127, if all numbers are whole. Absent without finite numbers.
   *
   * @throws IllegalArgumentException if {@code x} is NaN
   */
  public OptionalDouble cdf(double x) {
    if (Double.isNaN(x)) {
      throw new IllegalArgumentException("NaN has no place among numbers");
    }
    if (count == 0) {
      return OptionalDouble.empty();
    }
    if (x < min || x >= max) {
      return OptionalDouble.of(x < min ? 0 : 1);
    }
    Buckets buckets = buckets();
    int place = Buckets.ordinal(x);
    long below = 0;
    for (int i = 0; i < buckets.counts().length && buckets.ordinals()[i] <= place; i++) {
      below += buckets.counts()[i];
    }
    return OptionalDouble.of((double) below / count);
  }

  /** The buckets that aren't empty, in order of the numbers they hold. */
  public Buckets buckets() {
    int negatives = negative.size();
    int size = negatives + (zeros > 0 ? 1 : 0) + positive.size();
    Buckets all = Buckets.ofSize(size);
    int place = negatives;
    for (int i = negative.next(0); i >= 0; i = negative.next(i + 1)) {
      all.set(--place, -1 - i, negative.count(i));
    }
    place = negatives;
    if (zeros > 0) {
      all.set(place++, 0, zeros);
    }
    for (int i = positive.next(0); i >= 0; i = positive.next(i + 1)) {
      all.set(place++, i + 1, positive.count(i));
    }
    return all;
  }

  /** A versioned state of one form only: equal histograms have equal bytes. */
  public byte[] toBytes() {
    StateWriter out = new StateWriter(KIND, VERSION);
    out.writeLong(nans);
    out.writeLong(negativeInfinities);
    out.writeLong(positiveInfinities);
    out.writeLong(zeros);
    negative.write(out);
    positive.write(out);
    if (count > 0) {
      out.writeDouble(min);
      out.writeDouble(max);
    }
    return out.toBytes();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogHistogram
        && Arrays.equals(toBytes(), ((LogHistogram) other).toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return "LogHistogram[count=" + count + ", min=" + min() + ", max=" + max() + "]";
  }

  /** What stands for the numbers of a bucket: its centre, but never beyond the exact extremes. */
  double standIn(int ordinal) {
    return Math.min(max, Math.max(min, Buckets.centre(ordinal)));
  }

  private void addInfinite(double x, long times) {
    if (Double.isNaN(x)) {
      nans += times;
    } else if (x > 0) {
      positiveInfinities += times;
    } else {
      negativeInfinities += times;
    }
  }

  private static boolean isIn(double x, int ordinal) {
    return Double.isFinite(x) && Buckets.ordinal(x) == ordinal && !(x == 0 && 1 / x < 0);
  }

  private static void requireCount(long times) {
    if (times < 0) {
      throw new IllegalArgumentException("a number can't occur " + times + " times");
    }
  }
}
