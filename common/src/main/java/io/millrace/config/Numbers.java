package io.millrace.config;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** One text for each number. */
final class Numbers {

  private static final int MOST_DIGITS = 17;
  private static final int PLAIN_BELOW = 21;
  private static final int PLAIN_ABOVE = -7;

  private Numbers() {}

  /**
   * The shortest decimal that reads back as the same double, in the form of ECMAScript's {@code
   * Number::toString} (as RFC 8785 has it): {@code 1}, {@code 0.05}, {@code 1e-7}. {@code
   * Double.toString} won't do, since its digits changed between Java 17 and 19.
   *
   * @throws IllegalArgumentException for NaN and infinities
   */
  static String text(double x) {
    if (!Double.isFinite(x)) {
      throw new IllegalArgumentException("no JSON number: " + x);
    }
    if (x == 0) {
      return "0";
    }
    BigDecimal exact = new BigDecimal(x);
    for (int digits = 1; digits < MOST_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == x) {
        return text(rounded.stripTrailingZeros());
      }
    }
    return text(
        exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN)).stripTrailingZeros());
  }

  private static String text(BigDecimal x) {
    int exponent = x.precision() - x.scale() - 1;
    if (exponent > PLAIN_ABOVE && exponent < PLAIN_BELOW) {
      return x.toPlainString();
    }
    BigDecimal mantissa = x.scaleByPowerOfTen(-exponent);
    return mantissa.toPlainString() + "e" + (exponent > 0 ? "+" : "") + exponent;
  }
}
