package io.millrace.train;

import java.util.Arrays;

/**
 * Linear regression out of correlations, which one pass over the rows gives.
 *
 * @param correlations of the slots among each other: the lower triangle, row by row
 * @param withLabel correlation of each slot with the label
 */
record NormalEquations(double[] correlations, double[] withLabel) {

  /** As many slots give sums of 16 MiB. */
  static final int MOST_SLOTS = 2048;

  /** Less than this of a slot's variance is left by the slots before it: they tell it. */
  private static final double DEPENDENT = 1e-10;

  static NormalEquations of(RowSums rows, SlotMoments moments) {
    int slots = moments.slots();
    double[] sums = rows.sum(part -> products(part, slots));
    for (int j = 0; j <= slots; j++) {
      for (int k = 0; k <= Math.min(j, slots - 1); k++) {
        double scale = moments.deviations()[j] * moments.deviations()[k];
        double covariance =
            sums[at(j, k)] / moments.weight() - moments.means()[j] * moments.means()[k];
        sums[at(j, k)] = j == k ? 1 : scale == 0 ? 0 : covariance / scale;
      }
    }
    int all = at(slots, 0);
    return new NormalEquations(
        Arrays.copyOf(sums, all), Arrays.copyOfRange(sums, all, all + slots));
  }

  /** Sums of the products of the slots among each other, then with the label. */
  private static double[] products(SparseRows rows, int slots) {
    double[] sums = new double[at(slots, slots)];
    for (int row = 0; row < rows.size(); row++) {
      rows.addProducts(row, rows.weight(row), sums);
      rows.addTo(row, rows.weight(row) * rows.label(row), sums, at(slots, 0));
    }
    return sums;
  }

  /** Where the product of {@code j} and {@code k <= j} stands. */
  static int at(int j, int k) {
    return j * (j + 1) / 2 + k;
  }

  /** Half the mean squared error, in units of the label's deviation, and its gradient. */
  double value(double[] x, double[] gradient) {
    Arrays.fill(gradient, 0);
    for (int j = 0; j < x.length; j++) {
      gradient[j] += x[j];
      for (int k = 0; k < j; k++) {
        gradient[j] += correlations[at(j, k)] * x[k];
        gradient[k] += correlations[at(j, k)] * x[j];
      }
    }
    double value = 0.5;
    for (int j = 0; j < x.length; j++) {
      value += x[j] * (gradient[j] / 2 - withLabel[j]);
      gradient[j] -= withLabel[j];
    }
    return value;
  }

  /**
   * The weights, in units of the deviations, of the least half mean squared error plus {@code
   * sum(l2[j] / 2 * u[j]^2)}, by Cholesky's decomposition; null where slots depend on each other.
   */
  double[] solve(double[] l2) {
    int n = withLabel.length;
    double[] lower = correlations.clone();
    for (int j = 0; j < n; j++) {
      double variance = lower[at(j, j)] + l2[j];
      for (int k = 0; k < j; k++) {
        lower[at(j, k)] = rest(lower, j, k, lower[at(j, k)]) / lower[at(k, k)];
      }
      double left = rest(lower, j, j, variance);
      if (left <= DEPENDENT * variance) {
        return null;
      }
      lower[at(j, j)] = Math.sqrt(left);
    }
    double[] x = withLabel.clone();
    for (int j = 0; j < n; j++) {
      for (int k = 0; k < j; k++) {
        x[j] -= lower[at(j, k)] * x[k];
      }
      x[j] /= lower[at(j, j)];
    }
    for (int j = n - 1; j >= 0; j--) {
      x[j] /= lower[at(j, j)];
      for (int k = 0; k < j; k++) {
        x[k] -= lower[at(j, k)] * x[j];
      }
    }
    return x;
  }

  private static double rest(double[] lower, int j, int k, double from) {
    double sum = from;
    for (int i = 0; i < k; i++) {
      sum -= lower[at(j, i)] * lower[at(k, i)];
    }
    return sum;
  }
}
