package io.millrace.evaluate;

/** Losses of one row. */
final class Losses {

  /** Spacing of doubles at 1, at which scikit-learn clips probabilities. */
  private static final double EPSILON = Math.ulp(1.0);

  private Losses() {}

  /**
   * Minus the logarithm of the probability that the true class was given, clipped to [2^-52, 1 -
   * 2^-52] as scikit-learn does. {@code StrictMath}, since {@code Math.log} may differ by machine.
   */
  static double log(double probability) {
    return -StrictMath.log(Math.min(Math.max(probability, EPSILON), 1 - EPSILON));
  }

  /** Pinball loss of a quantile (Koenker, Bassett 1978); half the absolute error at 0.5. */
  static double pinball(double label, double prediction, double quantile) {
    double error = label - prediction;
    return error >= 0 ? quantile * error : (quantile - 1) * error;
  }
}
