package io.millrace.model;

/** From sums over trees or slots to scores. */
public enum Link {
  /** {@code 1 / (1 + exp(-sum))}: one output, P(positive). */
  LOGISTIC,
  /** {@code exp(sum_k) / sum of exp(sum_j)}: a probability per class. */
  SOFTMAX,
  /** The sum itself. */
  IDENTITY,
  /** The sum divided by the number of trees: random forests. */
  MEAN;

  /**
   * Turns the sums in {@code out} into scores. {@code StrictMath}, so that every machine gives the
   * same bits.
   *
   * @param trees number of trees, for {@link #MEAN}
   */
  void apply(double[] out, int trees) {
    switch (this) {
      case LOGISTIC -> {
        for (int i = 0; i < out.length; i++) {
          out[i] = 1 / (1 + StrictMath.exp(-out[i]));
        }
      }
      case SOFTMAX -> softmax(out);
      case IDENTITY -> {}
      case MEAN -> {
        for (int i = 0; i < out.length; i++) {
          out[i] /= trees;
        }
      }
    }
  }

  /** The greatest sum is subtracted first, so that no exponential overflows. */
  private static void softmax(double[] out) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (double x : out) {
      greatest = Math.max(greatest, x);
    }
    double sum = 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = StrictMath.exp(out[i] - greatest);
      sum += out[i];
    }
    for (int i = 0; i < out.length; i++) {
      out[i] /= sum;
    }
  }
}
