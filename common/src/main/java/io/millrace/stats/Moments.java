package io.millrace.stats;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Count, mean and variance of numbers, by {@link ExactSum}s: the same bits in any order, and no
 * digits lost where the mean is large beside the deviation. Not safe for threads.
 */
public final class Moments implements Mergeable<Moments> {

  private static final long serialVersionUID = 1L;

  /** Longs of a {@link #state()}: the count, then the states of sum and sum of squares. */
  public static final int STATE_LENGTH = 1 + 2 * ExactSum.STATE_LENGTH;

  private final ExactSum sum;
  private final ExactSum squares;
  private long count;

  /** No numbers. */
  public Moments() {
    this(new ExactSum(), new ExactSum(), 0);
  }

  private Moments(ExactSum sum, ExactSum squares, long count) {
    this.sum = sum;
    this.squares = squares;
    this.count = count;
  }

  /**
   * The moments that a {@link #state()} holds.
   *
   * @throws IllegalArgumentException if it hasn't {@value #STATE_LENGTH} longs
   */
  public static Moments of(long[] state) {
    if (state.length != STATE_LENGTH) {
      throw new IllegalArgumentException(
          "the state of moments has " + STATE_LENGTH + " longs, this one " + state.length);
    }
    int half = 1 + ExactSum.STATE_LENGTH;
    return new Moments(
        ExactSum.of(Arrays.copyOfRange(state, 1, half)),
        ExactSum.of(Arrays.copyOfRange(state, half, STATE_LENGTH)),
        state[0]);
  }

  /** {@value #STATE_LENGTH} longs; equal moments have equal states. */
  public long[] state() {
    long[] state = new long[STATE_LENGTH];
    state[0] = count;
    System.arraycopy(sum.state(), 0, state, 1, ExactSum.STATE_LENGTH);
    System.arraycopy(squares.state(), 0, state, 1 + ExactSum.STATE_LENGTH, ExactSum.STATE_LENGTH);
    return state;
  }

  /** Adds one number. */
  public void add(double x) {
    sum.add(x);
    squares.addProduct(x, x);
    count++;
  }

  /** Adds all numbers of another; the other stays as it is. */
  @Override
  public void merge(Moments other) {
    sum.merge(other.sum);
    squares.merge(other.squares);
    count += other.count;
  }

  /** How many numbers were added. */
  public long count() {
    return count;
  }

  /** The sum, rounded once. */
  public double sum() {
    return sum.value();
  }

  /** The sum of squares, rounded once. */
  public double sumOfSquares() {
    return squares.value();
  }

  /** The mean; absent without numbers, or if one of them isn't finite. */
  public OptionalDouble mean() {
    double mean = sum.value() / count;
    return Double.isFinite(mean) ? OptionalDouble.of(mean) : OptionalDouble.empty();
  }

  /** Sum of squared deviations from the mean; absent if a number isn't finite. */
  public OptionalDouble squaredDeviations() {
    if (count == 0 || !Double.isFinite(sum.value()) || !Double.isFinite(squares.value())) {
      return OptionalDouble.empty();
    }
    BigDecimal n = new BigDecimal(BigInteger.valueOf(count));
    BigDecimal total = sum.exact();
    BigDecimal scaled = squares.exact().multiply(n).subtract(total.multiply(total));
    return OptionalDouble.of(Math.max(0.0, scaled.divide(n, MathContext.DECIMAL128).doubleValue()));
  }

  /** Unbiased sample variance (n - 1 in the denominator); absent for fewer than two numbers. */
  public OptionalDouble variance() {
    OptionalDouble squared = squaredDeviations();
    return count < 2 || squared.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(squared.getAsDouble() / (count - 1));
  }
}
