package io.millrace.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What distances are by chance alone: p-values and expectations of two samples, of sizes {@code n}
 * and {@code m}, that come from one distribution. The rows must be independent; a p-value of
 * millions of rows is small for any difference at all, so it goes with a distance, not instead.
 */
public final class Chance {

  private static final double SERIES_MEET = 1.18;

  private Chance() {}

  /**
   * Pearson's test whether two rows of counts come from one distribution; bins that are empty in
   * both are left out (SciPy's {@code chi2_contingency} without correction). It wants five or so
   * expected in each bin.
   *
   * @throws IllegalArgumentException if the arrays differ in length or one holds no counts
   */
  public static ChiSquareResult homogeneity(long[] reference, long[] current) {
    int degrees = degrees(reference, current);
    double n = sum(reference);
    double m = sum(current);
    double statistic = 0;
    for (int i = 0; i < reference.length; i++) {
      double both = reference[i] + current[i];
      if (both > 0) {
        statistic += square(reference[i] - both * n / (n + m)) / (both * n / (n + m));
        statistic += square(current[i] - both * m / (n + m)) / (both * m / (n + m));
      }
    }
    return ChiSquareResult.of(statistic, degrees);
  }

  /**
   * The G test, by likelihoods, of the same question: twice the sum of O ln(O / E) (SciPy's {@code
   * chi2_contingency} with {@code log-likelihood}).
   *
   * @throws IllegalArgumentException if the arrays differ in length or one holds no counts
   */
  public static ChiSquareResult gTest(long[] reference, long[] current) {
    int degrees = degrees(reference, current);
    double n = sum(reference);
    double m = sum(current);
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      double both = reference[i] + current[i];
      sum += likelihoodTerm(reference[i], both * n / (n + m));
      sum += likelihoodTerm(current[i], both * m / (n + m));
    }
    return ChiSquareResult.of(Math.max(0, 2 * sum), degrees);
  }

  /**
   * The chance of a {@link Distances#psi} at least as large: PSI / (1/n + 1/m) is distributed as
   * chi-square with {@code bins - 1} degrees of freedom (Yurdakul, "Statistical properties of
   * population stability index", 2018).
   *
   * @param bins how many bins are occupied ({@link Distances#occupiedBins})
   */
  public static double psiPValue(double psi, long n, long m, int bins) {
    return bins < 2 ? 1 : ChiSquare.survival(psi / scale(n, m), bins - 1);
  }

  /** The mean PSI: (1/n + 1/m) (bins - 1). */
  public static double expectedPsi(long n, long m, int bins) {
    return scale(n, m) * (bins - 1);
  }

  /** The PSI that is exceeded with this probability. */
  public static double psiExceeded(double probability, long n, long m, int bins) {
    return bins < 2 ? 0 : scale(n, m) * ChiSquare.quantileOfSurvival(probability, bins - 1);
  }

  /**
   * The chance of a {@link Distances#jensenShannonDivergence} at least as large: to the second
   * order, 8 ln 2 times it is PSI, and so distributed as PSI is.
   */
  public static double jensenShannonPValue(double divergence, long n, long m, int bins) {
    return psiPValue(8 * StrictMath.log(2) * divergence, n, m, bins);
  }

  /** The mean divergence of Jensen and Shannon, in bits: (1/n + 1/m) (bins - 1) / (8 ln 2). */
  public static double expectedJensenShannon(long n, long m, int bins) {
    return expectedPsi(n, m, bins) / (8 * StrictMath.log(2));
  }

  /** The divergence of Jensen and Shannon, in bits, that is exceeded with this probability. */
  public static double jensenShannonExceeded(double probability, long n, long m, int bins) {
    return psiExceeded(probability, n, m, bins) / (8 * StrictMath.log(2));
  }

  /**
   * The chance of a statistic of Kolmogorov and Smirnov at least as large, by the limit
   * distribution with Vrbik's correction ("Small-sample corrections to Kolmogorov-Smirnov test
   * statistic", 2018). Where n m / (n + m) is 20 or more, within 0.001 of SciPy's {@code ks_2samp}
   * with {@code asymp}, but for the rounding of that number there. Ties make it too high.
   *
   * @throws IllegalArgumentException if the statistic isn't in [0, 1], or a sample is empty
   */
  public static double kolmogorovSmirnovPValue(double statistic, long n, long m) {
    if (!(statistic >= 0 && statistic <= 1)) {
      throw new IllegalArgumentException(
          "a Kolmogorov-Smirnov statistic lies in [0, 1], not at " + statistic);
    }
    double size = 1 / scale(n, m);
    double root = Math.sqrt(size);
    double z = statistic * root;
    return kolmogorovSurvival(z + 1 / (6 * root) + (z - 1) / (4 * size));
  }

  /** The chance of a value above {@code z} in Kolmogorov's limit distribution. */
  static double kolmogorovSurvival(double z) {
    if (z <= 0) {
      return 1;
    }
    double sum = 0;
    if (z < SERIES_MEET) {
      for (int k = 5; k >= 1; k--) {
        sum += StrictMath.exp(-square((2 * k - 1) * Math.PI / z) / 8);
      }
      return 1 - Math.sqrt(2 * Math.PI) / z * sum;
    }
    for (int k = 6; k >= 1; k--) {
      sum += (k % 2 == 1 ? 2 : -2) * StrictMath.exp(-2 * square(k * z));
    }
    return sum;
  }

  /**
   * P-values of several tests adjusted by Benjamini and Hochberg (1995): where all below {@code q}
   * count as found, a share of {@code q} of these is expected to be found by chance (SciPy's {@code
   * false_discovery_control}). A new array in the order of the old one.
   *
   * @throws IllegalArgumentException if one isn't in [0, 1]
   */
  public static double[] falseDiscoveryRates(double[] pValues) {
    for (double p : pValues) {
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException("a p-value lies in [0, 1], not at " + p);
      }
    }
    int tests = pValues.length;
    int[] descending =
        IntStream.range(0, tests)
            .boxed()
            .sorted(Comparator.comparing(i -> -pValues[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] adjusted = new double[tests];
    double least = 1;
    for (int i = 0; i < tests; i++) {
      int rank = tests - i;
      least = Math.min(least, pValues[descending[i]] * tests / rank);
      adjusted[descending[i]] = least;
    }
    return adjusted;
  }

  private static double scale(long n, long m) {
    if (n < 1 || m < 1) {
      throw new IllegalArgumentException("samples of " + n + " and " + m + " rows tell nothing");
    }
    return 1.0 / n + 1.0 / m;
  }

  private static int degrees(long[] reference, long[] current) {
    int occupied = Distances.occupiedBins(reference, current);
    scale(sum(reference), sum(current));
    return occupied - 1;
  }

  private static double likelihoodTerm(double observed, double expected) {
    return observed == 0 ? 0 : observed * StrictMath.log(observed / expected);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  private static double square(double x) {
    return x * x;
  }
}
