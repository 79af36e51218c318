package io.millrace.stats;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A two-sided confidence interval of 95%.
 *
 * @param low lower end
 * @param high upper end
 */
public record Interval(double low, double high) {

  /** The 97.5% point of the standard normal distribution. */
  public static final double Z = 1.959963984540054;

  /**
   * Of a share, by Wilson's score (Wilson 1927; Brown, Cai, DasGupta 2001). Absent without trials.
   */
  public static Optional<Interval> wilson(long successes, long trials) {
    if (trials == 0) {
      return Optional.empty();
    }
    double n = trials;
    double p = successes / n;
    double centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
    double half = Z / (1 + Z * Z / n) * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
    double low = successes == 0 ? 0 : Math.max(0, centre - half);
    double high = successes == trials ? 1 : Math.min(1, centre + half);
    return Optional.of(new Interval(low, high));
  }

  /** Of a mean, by the normal approximation. Absent for fewer than two numbers. */
  public static Optional<Interval> ofMean(Moments moments) {
    OptionalDouble mean = moments.mean();
    OptionalDouble variance = moments.variance();
    if (mean.isEmpty() || variance.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(around(mean.getAsDouble(), variance.getAsDouble() / moments.count()));
  }

  /** Of an estimate that is about normal, from the estimate's own variance. */
  public static Interval around(double estimate, double variance) {
    double half = Z * Math.sqrt(variance);
    return new Interval(estimate - half, estimate + half);
  }

  /** This interval, cut off at the ends of what is possible. */
  public Interval within(double least, double most) {
    return new Interval(Math.max(least, low), Math.min(most, high));
  }
}
