package io.millrace.train;

import java.io.Serializable;

/**
 * Means and deviations of slots and label over the rows that train, of one pass.
 *
 * @param weight of all rows
 * @param means of the slots, then of the label
 * @param deviations of the slots, then of the label, of the population; 0 where all rows are the
 *     same
 */
record SlotMoments(double weight, double[] means, double[] deviations) implements Serializable {

  private static final double ROUNDING = 1e-12;

  static SlotMoments of(RowSums rows, int slots) {
    double[] sums = rows.sum(part -> sums(part, slots));
    double weight = sums[sums.length - 1];
    double[] means = new double[slots + 1];
    double[] deviations = new double[slots + 1];
    for (int j = 0; j <= slots; j++) {
      means[j] = sums[j] / weight;
      double square = sums[slots + 1 + j] / weight;
      double variance = square - means[j] * means[j];
      deviations[j] = variance <= ROUNDING * square ? 0 : Math.sqrt(variance);
    }
    return new SlotMoments(weight, means, deviations);
  }

  private static double[] sums(SparseRows rows, int slots) {
    double[] sums = new double[2 * (slots + 1) + 1];
    for (int row = 0; row < rows.size(); row++) {
      double weight = rows.weight(row);
      double label = rows.label(row);
      rows.addTo(row, weight, sums, 0);
      sums[slots] += weight * label;
      rows.addSquares(row, weight, sums, slots + 1);
      sums[2 * slots + 1] += weight * label * label;
      sums[2 * slots + 2] += weight;
    }
    return sums;
  }

  int slots() {
    return means.length - 1;
  }

  double labelMean() {
    return means[slots()];
  }

  double labelDeviation() {
    return deviations[slots()];
  }

  /** One by the slot's deviation; 0 for a slot that is the same in all rows. */
  double factor(int slot) {
    return deviations[slot] == 0 ? 0 : 1 / deviations[slot];
  }

  /** From weights in units of the deviations to those of slots as encoded, then the intercept. */
  double[] plain(double[] scaled) {
    double[] plain = new double[slots() + 1];
    plain[slots()] = labelMean();
    for (int j = 0; j < slots(); j++) {
      plain[j] = scaled[j] * factor(j) * labelDeviation();
      plain[slots()] -= plain[j] * means[j];
    }
    return plain;
  }
}
