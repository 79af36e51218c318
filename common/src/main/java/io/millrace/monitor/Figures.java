package io.millrace.monitor;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Figures for people. */
final class Figures {

  private static final MathContext DIGITS = new MathContext(6);
  private static final double LARGEST_PLAIN = 1e7;
  private static final double LEAST_DISTANCE = 1e-4;

  private Figures() {}

  /** A distance: {@code 0.42}; small ones with two digits, {@code 0.0031}, down to 0.0001. */
  static String distance(double x) {
    return x >= 0.01 || x < LEAST_DISTANCE
        ? String.format(Locale.ROOT, "%.2f", x)
        : new BigDecimal(x).round(new MathContext(2)).toPlainString();
  }

  /** A share of rows: {@code 96.3%}, {@code 0.02%}, {@code 0%}. */
  static String percent(long rows, long of) {
    double percent = of == 0 ? 0 : 100.0 * rows / of;
    if (percent == 0 || percent == 100) {
      return percent == 0 ? "0%" : "100%";
    }
    boolean small = percent < 0.1;
    return (small
            ? new BigDecimal(percent).round(new MathContext(1)).toPlainString()
            : String.format(Locale.ROOT, "%.1f", percent))
        + "%";
  }

  /** A finite number with up to six digits. */
  static String number(double x) {
    if (x == Math.rint(x) && Math.abs(x) < LARGEST_PLAIN) {
      return Long.toString((long) x);
    }
    BigDecimal rounded = new BigDecimal(x).round(DIGITS).stripTrailingZeros();
    boolean plain = Math.abs(x) >= 1e-4 && Math.abs(x) < LARGEST_PLAIN;
    return plain ? rounded.toPlainString() : rounded.toString();
  }
}
