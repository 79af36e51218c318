package io.millrace.monitor;

import io.millrace.stats.Buckets;
import io.millrace.stats.LogHistogram;
import io.millrace.validate.NumberMeasures;
import io.millrace.validate.ValueCount;
import java.util.Map;
import java.util.TreeMap;

/**
 * The finite numbers of two columns on one line: at each place how many each has. Places are the
 * numbers themselves where both columns know all theirs, else the middles of the buckets of their
 * histograms, which are within 1% of the numbers.
 */
final class NumberLine {

  /** Mean of Kolmogorov's limit distribution: sqrt(pi / 2) ln 2. */
  private static final double KOLMOGOROV_MEAN = Math.sqrt(Math.PI / 2) * StrictMath.log(2);

  private final double[] at;
  private final long[] reference;
  private final long[] current;
  private final boolean exact;
  private final LogHistogram ofReference;
  private final LogHistogram ofCurrent;

  private NumberLine(
      TreeMap<Double, long[]> places, boolean exact, LogHistogram reference, LogHistogram current) {
    this.at = places.keySet().stream().mapToDouble(x -> x).toArray();
    this.reference = places.values().stream().mapToLong(counts -> counts[0]).toArray();
    this.current = places.values().stream().mapToLong(counts -> counts[1]).toArray();
    this.exact = exact;
    this.ofReference = reference;
    this.ofCurrent = current;
  }

  static NumberLine of(NumberMeasures reference, NumberMeasures current) {
    boolean exact = reference.knowsAllValues() && current.knowsAllValues();
    TreeMap<Double, long[]> places = new TreeMap<>();
    if (exact) {
      addValues(reference, 0, places);
      addValues(current, 1, places);
    } else {
      addBuckets(reference.histogram(), 0, places);
      addBuckets(current.histogram(), 1, places);
    }
    return new NumberLine(places, exact, reference.histogram(), current.histogram());
  }

  private static void addValues(NumberMeasures measures, int which, Map<Double, long[]> places) {
    for (ValueCount value : measures.topValues(Integer.MAX_VALUE)) {
      double x = Double.parseDouble(value.value());
      if (Double.isFinite(x)) {
        places.computeIfAbsent(x, any -> new long[2])[which] += value.count();
      }
    }
  }

  private static void addBuckets(LogHistogram histogram, int which, Map<Double, long[]> places) {
    Buckets buckets = histogram.buckets();
    for (int i = 0; i < buckets.counts().length; i++) {
      double lower = Math.max(-Double.MAX_VALUE, buckets.lower()[i]);
      double upper = Math.min(Double.MAX_VALUE, buckets.upper()[i]);
      places.computeIfAbsent(lower + (upper - lower) / 2, any -> new long[2])[which] +=
          buckets.counts()[i];
    }
  }

  /** Whether places are the numbers themselves. */
  boolean isExact() {
    return exact;
  }

  int size() {
    return at.length;
  }

  double at(int place) {
    return at[place];
  }

  long reference(int place) {
    return reference[place];
  }

  long current(int place) {
    return current[place];
  }

  /** Whether both have finite numbers. */
  boolean hasBoth() {
    return ofReference.count() > 0 && ofCurrent.count() > 0;
  }

  /**
   * The statistic of Kolmogorov and Smirnov of all rows, where missing values lie below all numbers
   * and infinities at the ends. Exact at the places.
   */
  double kolmogorovSmirnov(Watched watched) {
    double n = watched.reference().rows();
    double m = watched.current().rows();
    long below = watched.referenceMissing();
    long belowCurrent = watched.currentMissing();
    double largest = Math.abs(below / n - belowCurrent / m);
    below += ofReference.negativeInfinities();
    belowCurrent += ofCurrent.negativeInfinities();
    largest = Math.max(largest, Math.abs(below / n - belowCurrent / m));
    for (int i = 0; i < at.length; i++) {
      below += reference[i];
      belowCurrent += current[i];
      largest = Math.max(largest, Math.abs(below / n - belowCurrent / m));
    }
    return Math.min(1, largest);
  }

  /** The mean of that statistic by chance, if no numbers are tied: less where they are. */
  static double kolmogorovSmirnovByChance(long n, long m) {
    return KOLMOGOROV_MEAN * Math.sqrt(1.0 / n + 1.0 / m);
  }

  /** The statistic that is exceeded by chance with this probability, to the first term. */
  static double kolmogorovSmirnovExceeded(double probability, long n, long m) {
    return Math.min(1, Math.sqrt(-StrictMath.log(probability / 2) / 2 * (1.0 / n + 1.0 / m)));
  }

  /** Wasserstein's distance of the finite numbers, in their unit. */
  double wasserstein() {
    double n = ofReference.count();
    double m = ofCurrent.count();
    long below = 0;
    long belowCurrent = 0;
    double area = 0;
    for (int i = 0; i + 1 < at.length; i++) {
      below += reference[i];
      belowCurrent += current[i];
      area += Math.abs(below / n - belowCurrent / m) * (at[i + 1] - at[i]);
    }
    return area;
  }

  /**
   * The mean of that distance by chance: the integral of the mean of |Brownian bridge|, which is
   * sqrt(2 / pi F (1 - F)), times sqrt(1/n + 1/m) (del Barrio, Giné, Matrán, "Central limit
   * theorems for the Wasserstein distance", 1999), where F is the distribution of both together.
   */
  double wassersteinByChance() {
    double n = ofReference.count();
    double m = ofCurrent.count();
    long below = 0;
    double area = 0;
    for (int i = 0; i + 1 < at.length; i++) {
      below += reference[i] + current[i];
      double share = below / (n + m);
      area += Math.sqrt(share * (1 - share)) * (at[i + 1] - at[i]);
    }
    return Math.sqrt(2 / Math.PI * (1 / n + 1 / m)) * area;
  }
}
