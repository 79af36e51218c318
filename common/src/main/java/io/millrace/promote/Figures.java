package io.millrace.promote;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Figures in sentences. */
final class Figures {

  private static final int DECIMALS = 4;

  private Figures() {}

  /** The decimal number that a double is written as, so that differences are those one reads. */
  static BigDecimal decimal(double x) {
    return BigDecimal.valueOf(x);
  }

  /**
   * Four decimals, or as many more as it takes for the number to stand on the same side of another
   * as it does, and not to read as zero.
   */
  static String text(BigDecimal x, BigDecimal other) {
    for (int decimals = DECIMALS; decimals < x.scale(); decimals++) {
      BigDecimal rounded = x.setScale(decimals, RoundingMode.HALF_EVEN);
      if (rounded.signum() == x.signum() && rounded.compareTo(other) == x.compareTo(other)) {
        return plain(rounded);
      }
    }
    return plain(x);
  }

  /** All its digits: for what a person wrote into the spec. */
  static String plain(BigDecimal x) {
    return x.signum() == 0 ? "0" : x.stripTrailingZeros().toPlainString();
  }
}
