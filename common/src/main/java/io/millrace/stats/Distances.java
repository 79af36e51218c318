package io.millrace.stats;

import java.util.Arrays;

/**
 * How far two distributions lie apart: of counts in the same bins, of two samples, and of two
 * histograms with a bound for the difference. Each is 0 for equal distributions.
 *
 * <p>The same input gives the same bits on every machine. An empty distribution, or one that holds
 * NaN or infinities, is an {@link IllegalArgumentException}.
 */
public final class Distances {

  private static final double LOG_2 = StrictMath.log(2);

  private Distances() {}

  /** A cumulative distribution: at each place, ascending, the share at or below it. */
  private record Steps(double[] at, double[] share) {}

  /**
   * Population stability index: sum over bins of (p - q) ln(p / q), which is the symmetric
   * divergence of Kullback and Leibler (Jeffreys 1946). Never negative, without upper bound.
   *
   * <p>Each count gets half an observation added (the estimate under Jeffreys' prior), so that an
   * empty bin costs what its size makes plausible, and no constant has to be chosen; bins that are
   * empty in both are left out. With large counts this is the plain formula, and by chance alone it
   * is distributed as {@link Chance#psiPValue} says.
   *
   * @param reference counts of the bins
   * @param current counts of the same bins
   */
  public static double psi(long[] reference, long[] current) {
    double n = total(reference);
    double m = total(current);
    double added = occupiedBins(reference, current) / 2.0;
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      if (reference[i] + current[i] > 0) {
        double p = (reference[i] + 0.5) / (n + added);
        double q = (current[i] + 0.5) / (m + added);
        sum += (p - q) * StrictMath.log(p / q);
      }
    }
    return sum;
  }

  /** How many bins aren't empty in both. */
  public static int occupiedBins(long[] reference, long[] current) {
    requireSameBins(reference, current);
    int occupied = 0;
    for (int i = 0; i < reference.length; i++) {
      occupied += reference[i] + current[i] > 0 ? 1 : 0;
    }
    return occupied;
  }

  /**
   * Divergence of Jensen and Shannon in bits: the mean divergence of both from their mean (Lin
   * 1991), 0 to 1. No count is changed.
   */
  public static double jensenShannonDivergence(long[] reference, long[] current) {
    requireSameBins(reference, current);
    double n = total(reference);
    double m = total(current);
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      double p = reference[i] / n;
      double q = current[i] / m;
      sum += entropyTerm(p, (p + q) / 2) + entropyTerm(q, (p + q) / 2);
    }
    return Math.min(1, Math.max(0, sum / 2 / LOG_2));
  }

  /**
   * Distance of Jensen and Shannon: the root of the divergence, 0 to 1, which is a metric (SciPy's
   * {@code jensenshannon} with base 2).
   */
  public static double jensenShannonDistance(long[] reference, long[] current) {
    return Math.sqrt(jensenShannonDivergence(reference, current));
  }

  /** Total variation: half the sum of |p - q|, 0 to 1; the share that would have to move. */
  public static double totalVariation(long[] reference, long[] current) {
    requireSameBins(reference, current);
    double n = total(reference);
    double m = total(current);
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      sum += Math.abs(reference[i] / n - current[i] / m);
    }
    return Math.min(1, sum / 2);
  }

  /**
   * Statistic of Kolmogorov and Smirnov of two samples: the largest difference of their cumulative
   * distributions (SciPy's {@code ks_2samp}). The samples stay as they are.
   */
  public static double kolmogorovSmirnov(double[] a, double[] b) {
    return largestDifference(steps(a), steps(b));
  }

  /**
   * Wasserstein's distance of two samples: the area between their cumulative distributions, in the
   * unit of the numbers (SciPy's {@code wasserstein_distance}). The samples stay as they are.
   */
  public static double wasserstein(double[] a, double[] b) {
    return areaBetween(steps(a), steps(b));
  }

  /**
   * The largest difference of the cumulative distributions at the bounds of buckets: at most the
   * statistic of the numbers themselves, and less by at most {@link #kolmogorovSmirnovError}.
   */
  public static double kolmogorovSmirnov(LogHistogram a, LogHistogram b) {
    requireNumbers(a);
    requireNumbers(b);
    return largestDifference(steps(a.buckets()), steps(b.buckets()));
  }

  /**
   * By how much {@link #kolmogorovSmirnov(LogHistogram, LogHistogram)} can be too low: within a
   * bucket the difference grows by no more than the smaller of the bucket's two shares.
   */
  public static double kolmogorovSmirnovError(LogHistogram a, LogHistogram b) {
    requireNumbers(a);
    requireNumbers(b);
    Buckets ofA = a.buckets();
    Buckets ofB = b.buckets();
    double error = 0;
    for (int i = 0; i < ofA.ordinals().length; i++) {
      int j = Arrays.binarySearch(ofB.ordinals(), ofA.ordinals()[i]);
      if (j >= 0) {
        double shareA = (double) ofA.counts()[i] / a.count();
        double shareB = (double) ofB.counts()[j] / b.count();
        error = Math.max(error, Math.min(shareA, shareB));
      }
    }
    return error;
  }

  /**
   * Wasserstein's distance with each number in its bucket's place: within {@link
   * LogHistogram#RELATIVE_ERROR} times (mean of |a| + mean of |b|) of that of the numbers, as no
   * number moves further than that share of itself.
   */
  public static double wasserstein(LogHistogram a, LogHistogram b) {
    requireNumbers(a);
    requireNumbers(b);
    return areaBetween(standIns(a), standIns(b));
  }

  private static double entropyTerm(double p, double mean) {
    return p == 0 ? 0 : p * StrictMath.log(p / mean);
  }

  private static double largestDifference(Steps a, Steps b) {
    int i = 0;
    int j = 0;
    double largest = 0;
    while (i < a.at.length && j < b.at.length) {
      double x = Math.min(a.at[i], b.at[j]);
      i = after(a.at, i, x);
      j = after(b.at, j, x);
      largest = Math.max(largest, Math.abs(below(a, i) - below(b, j)));
    }
    return largest;
  }

  private static double areaBetween(Steps a, Steps b) {
    int i = 0;
    int j = 0;
    double area = 0;
    double x = Math.min(a.at[0], b.at[0]);
    while (i < a.at.length || j < b.at.length) {
      double next = Math.min(place(a, i), place(b, j));
      area += Math.abs(below(a, i) - below(b, j)) * (next - x);
      x = next;
      i = after(a.at, i, x);
      j = after(b.at, j, x);
    }
    return area;
  }

  private static int after(double[] at, int from, double x) {
    int i = from;
    while (i < at.length && at[i] <= x) {
      i++;
    }
    return i;
  }

  private static double below(Steps steps, int i) {
    return i == 0 ? 0 : steps.share[i - 1];
  }

  private static double place(Steps steps, int i) {
    return i < steps.at.length ? steps.at[i] : Double.POSITIVE_INFINITY;
  }

  private static Steps steps(double[] sample) {
    if (sample.length == 0) {
      throw new IllegalArgumentException("a sample without numbers has no distance");
    }
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    if (!Double.isFinite(sorted[0]) || !Double.isFinite(sorted[sorted.length - 1])) {
      throw new IllegalArgumentException("a sample with NaN or infinities has no distance");
    }
    double[] share = new double[sorted.length];
    for (int i = 0; i < share.length; i++) {
      share[i] = (i + 1.0) / share.length;
    }
    return new Steps(sorted, share);
  }

  private static Steps steps(Buckets buckets) {
    double[] at = Arrays.stream(buckets.ordinals()).asDoubleStream().toArray();
    return new Steps(at, buckets.cumulativeShares());
  }

  private static Steps standIns(LogHistogram histogram) {
    Buckets buckets = histogram.buckets();
    double[] at = Arrays.stream(buckets.ordinals()).mapToDouble(histogram::standIn).toArray();
    return new Steps(at, buckets.cumulativeShares());
  }

  private static double total(long[] counts) {
    long total = 0;
    for (long count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException("a bin can't hold " + count);
      }
      total += count;
    }
    if (total == 0) {
      throw new IllegalArgumentException("bins without counts have no distance");
    }
    return total;
  }

  private static void requireSameBins(long[] reference, long[] current) {
    if (reference.length != current.length) {
      throw new IllegalArgumentException(
          reference.length + " bins can't be compared with " + current.length);
    }
  }

  private static void requireNumbers(LogHistogram histogram) {
    if (histogram.count() == 0) {
      throw new IllegalArgumentException("a histogram without finite numbers has no distance");
    }
  }
}
