package io.millrace.train;

import java.io.Serializable;

/**
 * The log loss of a linear model and its gradient, summed over rows: {@code outputs} times {@code
 * slots} weights, then an intercept for each output. One output: the log odds of the second class.
 * {@link StrictMath} gives the same bits on every processor.
 */
final class LogisticLoss implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int outputs;
  private final int slots;

  LogisticLoss(int outputs, int slots) {
    this.outputs = outputs;
    this.slots = slots;
  }

  /** Number of weights and intercepts. */
  int parameters() {
    return outputs * (slots + 1);
  }

  /** The gradient, then the weighted loss. */
  double[] of(SparseRows rows, double[] parameters) {
    double[] sums = new double[parameters() + 1];
    double[] scores = new double[outputs];
    for (int row = 0; row < rows.size(); row++) {
      double weight = rows.weight(row);
      for (int k = 0; k < outputs; k++) {
        scores[k] = rows.dot(row, parameters, k * slots) + parameters[outputs * slots + k];
      }
      double loss =
          outputs == 1 ? binary(scores, rows.label(row)) : multi(scores, (int) rows.label(row));
      sums[parameters()] += weight * loss;
      for (int k = 0; k < outputs; k++) {
        double factor = weight * scores[k];
        rows.addTo(row, factor, sums, k * slots);
        sums[outputs * slots + k] += factor;
      }
    }
    return sums;
  }

  /** The loss; the score gives way to the loss's slope. */
  private static double binary(double[] scores, double label) {
    double score = scores[0];
    double odds = StrictMath.exp(-Math.abs(score));
    double probability = (score >= 0 ? 1 : odds) / (1 + odds);
    scores[0] = probability - label;
    double margin = label > 0 ? score : -score;
    return Math.max(0, -margin) + StrictMath.log1p(odds);
  }

  private static double multi(double[] scores, int label) {
    double most = scores[0];
    for (double score : scores) {
      most = Math.max(most, score);
    }
    double ofLabel = scores[label] - most;
    double total = 0;
    for (int k = 0; k < scores.length; k++) {
      scores[k] = StrictMath.exp(scores[k] - most);
      total += scores[k];
    }
    for (int k = 0; k < scores.length; k++) {
      scores[k] /= total;
    }
    scores[label] -= 1;
    return StrictMath.log(total) - ofLabel;
  }
}
