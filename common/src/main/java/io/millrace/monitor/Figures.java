package io.millrace.monitor;

import io.millrace.config.CanonicalJson;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Figures for people. */
final class Figures {

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

  /** A finite number by the shortest digits that read back as the same. */
  static String number(double x) {
    return CanonicalJson.of(x);
  }
}
