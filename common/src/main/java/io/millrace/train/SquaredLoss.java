package io.millrace.train;

import java.io.Serializable;

/** Half the squared error of a linear model, and its gradient, in units of the deviations. */
record SquaredLoss(SlotMoments moments) implements Serializable {

  /** Of some rows: sums of error times slot, of errors, and of half their squares. */
  double[] of(SparseRows rows, double[] scaled) {
    int slots = moments.slots();
    double[] slopes = new double[slots];
    double shift = 0;
    for (int j = 0; j < slots; j++) {
      slopes[j] = scaled[j] * moments.factor(j);
      shift += slopes[j] * moments.means()[j];
    }
    double[] sums = new double[slots + 2];
    for (int row = 0; row < rows.size(); row++) {
      double label = (rows.label(row) - moments.labelMean()) / moments.labelDeviation();
      double error = rows.dot(row, slopes, 0) - shift - label;
      double weighted = rows.weight(row) * error;
      rows.addTo(row, weighted, sums, 0);
      sums[slots] += weighted;
      sums[slots + 1] += weighted * error / 2;
    }
    return sums;
  }

  /** The mean over all rows, and its gradient. */
  double mean(double[] sums, double[] gradient) {
    int slots = moments.slots();
    for (int j = 0; j < slots; j++) {
      gradient[j] =
          (sums[j] - moments.means()[j] * sums[slots]) * moments.factor(j) / moments.weight();
    }
    return sums[slots + 1] / moments.weight();
  }
}
