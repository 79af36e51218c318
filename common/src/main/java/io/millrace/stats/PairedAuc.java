package io.millrace.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/**
 * Two areas under the ROC curve of the same rows, and whether they differ by more than chance: the
 * test of DeLong, DeLong and Clarke-Pearson (1988), by midranks (Sun, Xu 2014) in n log n.
 *
 * @param before area of the first scores
 * @param after area of the second
 * @param variance of the difference; 0 where both rank all rows alike
 * @param pValue two-sided; 1 where the areas are equal
 */
public record PairedAuc(double before, double after, double variance, double pValue) {

  /**
   * Compares two scores of the same rows.
   *
   * @param positive the class of each row
   * @return empty with under two rows of a class
   * @throws IllegalArgumentException where the arrays differ in length or a score is NaN
   */
  public static Optional<PairedAuc> of(boolean[] positive, double[] before, double[] after) {
    if (positive.length != before.length || positive.length != after.length) {
      throw new IllegalArgumentException("paired scores are of the same rows");
    }
    int positives = 0;
    for (boolean one : positive) {
      positives += one ? 1 : 0;
    }
    int negatives = positive.length - positives;
    if (positives < 2 || negatives < 2) {
      return Optional.empty();
    }
    double[][] first = components(positive, before, positives, negatives);
    double[][] second = components(positive, after, positives, negatives);
    double variance =
        varianceOfDifference(first[0], second[0]) / positives
            + varianceOfDifference(first[1], second[1]) / negatives;
    double one = mean(first[0]);
    double other = mean(second[0]);
    return Optional.of(new PairedAuc(one, other, variance, pValue(other - one, variance)));
  }

  /** The 95% interval of the difference, after less before. */
  public Interval interval() {
    return Interval.around(after - before, variance).within(-1, 1);
  }

  private static double pValue(double difference, double variance) {
    if (difference == 0) {
      return 1;
    }
    return variance == 0 ? 0 : ChiSquare.survival(difference * difference / variance, 1);
  }

  /** The structural components of the positives, then of the negatives. */
  private static double[][] components(
      boolean[] positive, double[] scores, int positives, int negatives) {
    double[] all = midranks(scores);
    double[] ofPositives = midranks(part(positive, scores, true, positives));
    double[] ofNegatives = midranks(part(positive, scores, false, negatives));
    double[] up = new double[positives];
    double[] down = new double[negatives];
    int i = 0;
    int j = 0;
    for (int row = 0; row < scores.length; row++) {
      if (positive[row]) {
        up[i] = (all[row] - ofPositives[i]) / negatives;
        i++;
      } else {
        down[j] = 1 - (all[row] - ofNegatives[j]) / positives;
        j++;
      }
    }
    return new double[][] {up, down};
  }

  private static double[] part(boolean[] positive, double[] scores, boolean which, int size) {
    double[] part = new double[size];
    int i = 0;
    for (int row = 0; row < scores.length; row++) {
      if (positive[row] == which) {
        part[i++] = scores[row];
      }
    }
    return part;
  }

  /** Ranks from 1, the mean of their ranks for equal scores. */
  private static double[] midranks(double[] scores) {
    Integer[] order = new Integer[scores.length];
    for (int i = 0; i < order.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException("a score is NaN");
      }
      order[i] = i;
    }
    Arrays.sort(order, Comparator.comparingDouble(i -> scores[i] + 0.0));
    double[] ranks = new double[scores.length];
    for (int from = 0; from < order.length; ) {
      int to = from;
      while (to < order.length && scores[order[to]] == scores[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + 1 + to) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  private static double mean(double[] values) {
    ExactSum sum = new ExactSum();
    for (double value : values) {
      sum.add(value);
    }
    return sum.value() / values.length;
  }

  private static double varianceOfDifference(double[] before, double[] after) {
    Moments moments = new Moments();
    for (int i = 0; i < before.length; i++) {
      moments.add(after[i] - before[i]);
    }
    return moments.variance().orElse(0);
  }
}
