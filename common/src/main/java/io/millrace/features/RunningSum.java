package io.millrace.features;

import io.millrace.stats.ExactSum;
import java.math.BigDecimal;

/**
 * A sum from which numbers can be taken away again without a trace: exact, so the same numbers give
 * the same bits, whatever came and went before.
 *
 * <p>Small whole numbers, which counts, flags and codes are, are summed up in a long; others in an
 * {@link ExactSum}. Infinities are counted, since a sum doesn't come back from one.
 */
final class RunningSum {

  /** With 2^31 rows of at most 2^31 each, a long can't overflow. */
  private static final double WHOLE = 0x1p31;

  private static final long LOW = 0xffffffffL;

  private ExactSum rest;
  private long whole;
  private long parts;
  private long positive;
  private long negative;

  void add(double x) {
    change(x, 1);
  }

  void subtract(double x) {
    change(x, -1);
  }

  private void change(double x, int sign) {
    if (Math.abs(x) <= WHOLE && (long) x == x) {
      whole += sign * (long) x;
    } else if (Double.isInfinite(x)) {
      positive += x > 0 ? sign : 0;
      negative += x < 0 ? sign : 0;
    } else {
      if (rest == null) {
        rest = new ExactSum();
      }
      rest.add(sign * x);
      parts += sign;
    }
  }

  /** The sum, rounded once; NaN where infinities cancel. */
  double value() {
    if (positive > 0 || negative > 0) {
      return negative == 0
          ? Double.POSITIVE_INFINITY
          : positive == 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
    } else if (parts == 0) {
      return whole;
    } else if (whole == 0) {
      return rest.value();
    }
    addWhole(1);
    double value = rest.value();
    addWhole(-1);
    return value;
  }

  /** Both halves of a long are exact as doubles. */
  private void addWhole(int sign) {
    rest.add(sign * (double) (whole & ~LOW));
    rest.add(sign * (double) (whole & LOW));
  }

  boolean isFinite() {
    return positive == 0 && negative == 0;
  }

  /** The sum without rounding; all its numbers are finite. */
  BigDecimal exact() {
    BigDecimal sum = BigDecimal.valueOf(whole);
    return parts == 0 ? sum : sum.add(rest.exact());
  }

  void clear() {
    rest = null;
    whole = 0;
    parts = 0;
    positive = 0;
    negative = 0;
  }
}
