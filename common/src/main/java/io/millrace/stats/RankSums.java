package io.millrace.stats;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Area under the ROC curve with its variance, and average precision, of rows that come in
 * <em>descending</em> order of score; equal scores are a tie, whatever their order.
 *
 * <p>Sorted rows may be cut into parts between two scores: each part starts with the counts of the
 * parts before it, and the merged parts give the same bits as the whole. All sums are exact. About
 * 2 kB, whatever the number of rows. Not safe for threads.
 */
public final class RankSums implements Mergeable<RankSums> {

  private static final long serialVersionUID = 1L;

  private long positivesAbove;
  private long negativesAbove;
  private long positives;
  private long negatives;

  private double tiedScore = Double.POSITIVE_INFINITY;
  private long tiedPositives;
  private long tiedNegatives;
  private boolean finished;

  /** Sum over negatives of twice the positives that rank above, a tie counting one half. */
  private long twiceWins;

  private final ExactSum squaresOfNegatives = new ExactSum();
  private final ExactSum squaresOfPositives = new ExactSum();
  private final ExactSum precisions = new ExactSum();

  /** Sums of rows with nothing ranked above them. */
  public RankSums() {
    this(0, 0);
  }

  /** Sums of a part, with the counts of all rows that rank above it. */
  public RankSums(long positivesAbove, long negativesAbove) {
    this.positivesAbove = positivesAbove;
    this.negativesAbove = negativesAbove;
  }

  /**
   * Adds one row.
   *
   * @throws IllegalArgumentException if the score is above the one before it, or NaN
   * @throws IllegalStateException if a result was asked for already
   */
  public void add(double score, boolean positive) {
    if (finished) {
      throw new IllegalStateException("rank sums that were read can't be added to");
    }
    if (!(score <= tiedScore)) {
      throw new IllegalArgumentException("score " + score + " comes after " + tiedScore);
    }
    if (score < tiedScore) {
      closeTie();
      tiedScore = score;
    }
    if (positive) {
      tiedPositives++;
    } else {
      tiedNegatives++;
    }
  }

  /** Adds another part; neither may be added to afterwards. */
  @Override
  public void merge(RankSums other) {
    finish();
    other.finish();
    positives += other.positives;
    negatives += other.negatives;
    twiceWins = Math.addExact(twiceWins, other.twiceWins);
    squaresOfNegatives.merge(other.squaresOfNegatives);
    squaresOfPositives.merge(other.squaresOfPositives);
    precisions.merge(other.precisions);
  }

  /** Rows of the positive class. */
  public long positives() {
    return positives + tiedPositives;
  }

  /** Rows of the negative class. */
  public long negatives() {
    return negatives + tiedNegatives;
  }

  /**
   * Area under the ROC curve: the chance that a positive scores above a negative, a tie counting
   * one half (Hanley, McNeil 1982). Absent with one class only.
   */
  public OptionalDouble auc() {
    finish();
    if (positives == 0 || negatives == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(twiceWins / 2.0 / ((double) positives * negatives));
  }

  /** DeLong's interval of the AUC (DeLong et al. 1988); absent with under two rows of a class. */
  public Optional<Interval> aucInterval() {
    finish();
    if (positives < 2 || negatives < 2) {
      return Optional.empty();
    }
    BigInteger wins = BigInteger.valueOf(twiceWins);
    double ofNegatives = structural(negatives, positives, wins, squaresOfNegatives.exact());
    BigInteger losses =
        BigInteger.valueOf(2 * negatives).multiply(BigInteger.valueOf(positives)).subtract(wins);
    double ofPositives = structural(positives, negatives, losses, squaresOfPositives.exact());
    double variance = ofNegatives / negatives + ofPositives / positives;
    return Optional.of(Interval.around(auc().getAsDouble(), variance).within(0, 1));
  }

  /**
   * Average precision: precision at each distinct score, weighted by the recall that it adds
   * (scikit-learn's {@code average_precision_score}). Absent without positives.
   */
  public OptionalDouble averagePrecision() {
    finish();
    return positives == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(precisions.value() / positives);
  }

  private void finish() {
    closeTie();
    finished = true;
  }

  private void closeTie() {
    if (tiedPositives + tiedNegatives == 0) {
      return;
    }
    long above = 2 * positivesAbove + tiedPositives;
    twiceWins = Math.addExact(twiceWins, Math.multiplyExact(tiedNegatives, above));
    addSquares(squaresOfNegatives, tiedNegatives, above);
    addSquares(squaresOfPositives, tiedPositives, 2 * negativesAbove + tiedNegatives);
    positives += tiedPositives;
    negatives += tiedNegatives;
    positivesAbove += tiedPositives;
    negativesAbove += tiedNegatives;
    if (tiedPositives > 0) {
      double precision = (double) positivesAbove / (positivesAbove + negativesAbove);
      precisions.addProduct(tiedPositives, precision);
    }
    tiedPositives = 0;
    tiedNegatives = 0;
  }

  /** Adds {@code times * x * x}; x is below 2^53, so its square is exact in two doubles. */
  private static void addSquares(ExactSum sum, long times, double x) {
    double high = x * x;
    sum.addProduct(times, high);
    sum.addProduct(times, Math.fma(x, x, -high));
  }

  /**
   * Sample variance of the structural components of one class: {@code n} numbers, of which the sum
   * and the sum of squares are held in units of one half of {@code others}.
   */
  private static double structural(long n, long others, BigInteger sum, BigDecimal squares) {
    BigInteger count = BigInteger.valueOf(n);
    BigDecimal scaled =
        squares.multiply(new BigDecimal(count)).subtract(new BigDecimal(sum.multiply(sum)));
    BigInteger unit = BigInteger.valueOf(2).multiply(BigInteger.valueOf(others));
    BigInteger divisor =
        count.multiply(count.subtract(BigInteger.ONE)).multiply(unit).multiply(unit);
    return scaled.divide(new BigDecimal(divisor), MathContext.DECIMAL128).doubleValue();
  }
}
