package io.millrace.train;

import io.millrace.stats.ExactSum;
import java.io.Serializable;
import java.math.BigDecimal;

/**
 * Count and exact sum of labels. Whole labels (classes) are added in a long; only others need an
 * {@link ExactSum} of half a kilobyte, which there may be one of per level.
 */
final class LabelSum implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final double LARGEST_WHOLE = 1L << 31;

  private long count;
  private long whole;
  private ExactSum rest;

  void add(double label) {
    count++;
    if (Math.abs(label) <= LARGEST_WHOLE && label == Math.rint(label)) {
      whole += (long) label;
    } else {
      rest().add(label);
    }
  }

  void merge(LabelSum other) {
    count += other.count;
    whole += other.whole;
    if (other.rest != null) {
      rest().merge(other.rest);
    }
  }

  private ExactSum rest() {
    if (rest == null) {
      rest = new ExactSum();
    }
    return rest;
  }

  long count() {
    return count;
  }

  /** {@code (sum + weight * prior) / (count + weight)}; the prior when that is 0 / 0. */
  double smoothedMean(double weight, double prior) {
    BigDecimal sum = BigDecimal.valueOf(whole);
    if (rest != null) {
      sum = sum.add(rest.exact());
    }
    double rows = count + weight;
    return rows == 0 ? prior : (sum.doubleValue() + weight * prior) / rows;
  }
}
