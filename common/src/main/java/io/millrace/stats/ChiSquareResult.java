package io.millrace.stats;

/**
 * Outcome of a test whose statistic is distributed as chi-square by chance alone.
 *
 * @param statistic the statistic
 * @param degrees degrees of freedom; 0 where there is nothing to compare
 * @param pValue the chance of a statistic at least as large; 1 without degrees of freedom
 */
public record ChiSquareResult(double statistic, int degrees, double pValue) {

  static ChiSquareResult of(double statistic, int degrees) {
    double pValue = degrees == 0 ? 1 : ChiSquare.survival(statistic, degrees);
    return new ChiSquareResult(statistic, degrees, pValue);
  }
}
