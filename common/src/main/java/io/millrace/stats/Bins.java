package io.millrace.stats;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/**
 * Bins of a number, made from a reference histogram, in which any other histogram can be counted
 * exactly, as bins are runs of whole {@link Buckets}. They cover the whole line, infinities too.
 *
 * <p>Bins hold about equal shares of the reference, and a bucket that holds as much as a bin should
 * is a bin of its own, as zero is in many columns. What lies between or beyond such buckets is a
 * bin even where the reference has nothing, so that new numbers there can be seen.
 */
public final class Bins {

  /** How many bins, unless told otherwise, a column without heavy buckets gets. */
  public static final int DEFAULT_WANTED = 10;

  private static final MathContext SHOWN_DIGITS = new MathContext(4);

  /** Place of the first bucket of each bin; that of the first bin is below all buckets. */
  private final int[] starts;

  private Bins(int[] starts) {
    this.starts = starts;
  }

  /** About {@value #DEFAULT_WANTED} bins of a reference. */
  public static Bins of(LogHistogram reference) {
    return of(reference, DEFAULT_WANTED);
  }

  /**
   * Bins of a reference; one bin if that holds no finite number.
   *
   * @param wanted number of bins, at least 2; heavy buckets make it up to three times as many
   */
  public static Bins of(LogHistogram reference, int wanted) {
    if (wanted < 2) {
      throw new IllegalArgumentException("bins must be 2 or more, not " + wanted);
    }
    Cuts cuts = new Cuts(reference, wanted);
    cuts.make();
    return new Bins(Arrays.copyOf(cuts.starts, cuts.size));
  }

  /** How many bins there are. */
  public int size() {
    return starts.length;
  }

  /**
   * Counts of a histogram by bin; infinities count in the first and last one, NaN in none.
   *
   * @return one count a bin
   */
  public long[] counts(LogHistogram histogram) {
    long[] counts = new long[starts.length];
    Buckets buckets = histogram.buckets();
    int bin = 0;
    for (int i = 0; i < buckets.ordinals().length; i++) {
      while (bin + 1 < starts.length && starts[bin + 1] <= buckets.ordinals()[i]) {
        bin++;
      }
      counts[bin] += buckets.counts()[i];
    }
    counts[0] += histogram.negativeInfinities();
    counts[counts.length - 1] += histogram.positiveInfinities();
    return counts;
  }

  /**
   * Counts of a histogram by bin, and after them those of missing values as a bin of its own.
   *
   * @param missing what the caller counts as missing: nulls, and NaN if it is to count
   * @return one count a bin, and one more
   */
  public long[] counts(LogHistogram histogram, long missing) {
    long[] counts = Arrays.copyOf(counts(histogram), starts.length + 1);
    counts[starts.length] = missing;
    return counts;
  }

  /** Lower bound of a bin; negative infinity of the first. */
  public double lower(int bin) {
    return bin == 0 ? Double.NEGATIVE_INFINITY : Buckets.lower(starts[bin]);
  }

  /** Upper bound of a bin; infinity of the last. */
  public double upper(int bin) {
    return bin == starts.length - 1 ? Double.POSITIVE_INFINITY : Buckets.upper(starts[bin + 1] - 1);
  }

  /**
   * A bin as an interval for people, with bounds of four digits: {@code [0, 0]}, {@code (0, 5)}.
   */
  public String label(int bin) {
    boolean lowerBelongs = bin == 0 || starts[bin] == 0 || starts[bin] > 1;
    boolean upperBelongs = bin == starts.length - 1 || starts[bin + 1] < 0 || starts[bin + 1] == 1;
    return (lowerBelongs ? "[" : "(")
        + shown(lower(bin))
        + ", "
        + shown(upper(bin))
        + (upperBelongs ? "]" : ")");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bins && Arrays.equals(starts, ((Bins) other).starts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(starts);
  }

  @Override
  public String toString() {
    return "Bins[size=" + starts.length + "]";
  }

  private static String shown(double x) {
    if (Double.isInfinite(x)) {
      return Double.toString(x);
    }
    BigDecimal rounded = new BigDecimal(x).round(SHOWN_DIGITS).stripTrailingZeros();
    boolean plain = x == 0 || Math.abs(x) >= 1e-4 && Math.abs(x) < 1e7;
    return plain ? rounded.toPlainString() : rounded.toString();
  }

  /** Finds where bins start. */
  private static final class Cuts {

    private final int[] ordinals;
    private final long[] counts;
    private final long total;
    private final int wanted;
    private final int[] starts;
    private int size;

    Cuts(LogHistogram reference, int wanted) {
      Buckets buckets = reference.buckets();
      this.ordinals = buckets.ordinals();
      this.counts = buckets.counts();
      this.total = reference.count();
      this.wanted = wanted;
      this.starts = new int[2 * ordinals.length + 2];
      start(Integer.MIN_VALUE);
    }

    void make() {
      int i = 0;
      while (i < ordinals.length) {
        if (isHeavy(i)) {
          start(ordinals[i]);
          start(ordinals[i] + 1);
          i++;
        } else {
          int end = i;
          while (end < ordinals.length && !isHeavy(end)) {
            end++;
          }
          cutRun(i, end);
          i = end;
        }
      }
    }

    private boolean isHeavy(int i) {
      return (double) counts[i] * wanted >= total;
    }

    /** Cuts the buckets between two heavy ones where they reach each part of their sum. */
    private void cutRun(int from, int to) {
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += counts[i];
      }
      long parts = Math.max(1, Math.round(sum * wanted / total));
      double below = 0;
      int part = 1;
      for (int i = from; i < to - 1; i++) {
        below += counts[i];
        if (below * parts >= part * sum) {
          start(ordinals[i + 1]);
          part = (int) Math.floor(below * parts / sum) + 1;
        }
      }
    }

    /** Starts a bin, unless one starts here: two heavy buckets side by side. */
    private void start(int ordinal) {
      if (size == 0 || starts[size - 1] != ordinal) {
        starts[size++] = ordinal;
      }
    }
  }
}
