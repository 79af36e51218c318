package io.millrace.train;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Means and deviations of the slots, and the weight of the classes: a fit in units of the
 * deviations around the means needs few steps. Parameters are {@code outputs x slots} weights, then
 * the intercepts.
 */
final class Scaling implements Serializable {

  private static final long serialVersionUID = 1L;

  private final double[] means;
  private final double[] deviations;
  private final double[] classes;
  private final double weight;

  private Scaling(double[] means, double[] deviations, double[] classes, double weight) {
    this.means = means;
    this.deviations = deviations;
    this.classes = classes;
    this.weight = weight;
  }

  /** Two passes over the rows. */
  static Scaling of(RowSums sums, int slots, int classes) {
    double[] first =
        sums.sum(
            rows -> {
              double[] sum = new double[slots + classes];
              for (int row = 0; row < rows.size(); row++) {
                rows.addTo(row, rows.weight(row), sum, 0);
                sum[slots + (int) rows.label(row)] += rows.weight(row);
              }
              return sum;
            });
    double[] ofClasses = Arrays.copyOfRange(first, slots, first.length);
    double weight = 0;
    for (double one : ofClasses) {
      weight += one;
    }
    double[] means = new double[slots];
    for (int j = 0; j < slots; j++) {
      means[j] = first[j] / weight;
    }
    double[] second =
        sums.sum(
            rows -> {
              double[] squares = new double[slots];
              double[] filled = new double[slots];
              for (int row = 0; row < rows.size(); row++) {
                rows.addSquares(row, means, squares, filled);
              }
              double[] both = Arrays.copyOf(squares, 2 * slots);
              System.arraycopy(filled, 0, both, slots, slots);
              return both;
            });
    double[] deviations = new double[slots];
    for (int j = 0; j < slots; j++) {
      double zeros = Math.max(0, weight - second[slots + j]);
      deviations[j] = Math.sqrt((second[j] + zeros * means[j] * means[j]) / weight);
      // The means' rounding alone: a slot that is the same in all rows.
      deviations[j] = deviations[j] <= 1e-12 * Math.abs(means[j]) ? 0 : deviations[j];
    }
    return new Scaling(means, deviations, ofClasses, weight);
  }

  int slots() {
    return means.length;
  }

  /** The weight of all rows. */
  double weight() {
    return weight;
  }

  /** One by the slot's deviation; 0 for a slot that is the same in all rows. */
  double factor(int slot) {
    return deviations[slot] == 0 ? 0 : 1 / deviations[slot];
  }

  /** No weights, and intercepts as the classes are frequent. */
  double[] start(int outputs) {
    double[] start = new double[outputs * (slots() + 1)];
    for (int k = 0; k < outputs; k++) {
      start[outputs * slots() + k] =
          outputs == 1
              ? StrictMath.log1p(classes[1]) - StrictMath.log1p(classes[0])
              : StrictMath.log1p(classes[k]);
    }
    return start;
  }

  /** From this scale to the slots as encoded. */
  double[] plain(double[] scaled, int outputs) {
    double[] plain = scaled.clone();
    for (int k = 0; k < outputs; k++) {
      double shift = 0;
      for (int j = 0; j < slots(); j++) {
        int i = k * slots() + j;
        plain[i] *= factor(j);
        shift += plain[i] * means[j];
      }
      plain[outputs * slots() + k] -= shift;
    }
    return plain;
  }

  /** From the sums over slots as encoded to the gradient of the mean in this scale. */
  void gradient(double[] sums, double[] gradient, int outputs) {
    for (int k = 0; k < outputs; k++) {
      double ofIntercept = sums[outputs * slots() + k];
      for (int j = 0; j < slots(); j++) {
        int i = k * slots() + j;
        gradient[i] = (sums[i] - means[j] * ofIntercept) * factor(j) / weight;
      }
      gradient[outputs * slots() + k] = ofIntercept / weight;
    }
  }

  /** The outputs of a row before the link. */
  double[] scores(float[] row, double[] scaled, int outputs) {
    double[] scores = new double[outputs];
    for (int k = 0; k < outputs; k++) {
      scores[k] = scaled[outputs * slots() + k];
      for (int j = 0; j < slots(); j++) {
        scores[k] += scaled[k * slots() + j] * (row[j] - means[j]) * factor(j);
      }
    }
    return scores;
  }
}
