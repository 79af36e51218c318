package io.millrace.features;

import io.millrace.stats.ExactSum;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** A sum of squares from which numbers can be taken away again, exact as {@link RunningSum}. */
final class RunningSquares {

  /** The square of a larger number is no double. */
  private static final double LARGEST = 0x1p511;

  private ExactSum squares = new ExactSum();
  private long count;
  private long tooLarge;

  void add(double x) {
    change(x, x, 1);
  }

  void subtract(double x) {
    change(-x, x, -1);
  }

  private void change(double signed, double x, int sign) {
    count += sign;
    if (Math.abs(x) > LARGEST) {
      tooLarge += sign;
    } else {
      squares.addProduct(signed, x);
    }
  }

  /**
   * Standard deviation of the sample, with n - 1 in the denominator, out of exact sums.
   *
   * @param sum the sum of the same numbers
   * @return NaN for fewer than two numbers, and where one is infinite or beyond 2^511
   */
  double deviation(RunningSum sum) {
    if (count < 2 || tooLarge > 0) {
      return Double.NaN;
    }
    BigDecimal n = new BigDecimal(BigInteger.valueOf(count));
    BigDecimal total = sum.exact();
    BigDecimal scaled = squares.exact().multiply(n).subtract(total.multiply(total));
    double squaredDeviations = scaled.divide(n, MathContext.DECIMAL128).doubleValue();
    return Math.sqrt(Math.max(0.0, squaredDeviations) / (count - 1));
  }

  void clear() {
    if (count > 0) {
      squares = new ExactSum();
      count = 0;
      tooLarge = 0;
    }
  }
}
