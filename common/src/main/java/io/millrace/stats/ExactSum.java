package io.millrace.stats;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A sum of doubles without rounding: whatever the order of adds and merges, the same numbers give
 * the same bits.
 *
 * <p>The small superaccumulator of Radford M. Neal, "Fast exact summation using small and large
 * superaccumulators" (2015): a fixed-point number in units of 2<sup>-1074</sup> that covers the
 * whole range of double, in chunks of 32 bits held in longs, so that carries need to be propagated
 * only once in a thousand adds. Room for 2<sup>63</sup> terms; 544 bytes.
 *
 * <p>NaN and infinities behave as in IEEE 754 addition. A sum of zero is {@code +0.0}, also when
 * all terms were {@code -0.0}. Not safe for threads.
 */
public final class ExactSum implements Mergeable<ExactSum> {

  private static final long serialVersionUID = 1L;

  /** Longs of a {@link #state()}: the chunks, then the flags of NaN and infinities. */
  public static final int STATE_LENGTH = 68;

  private static final int CHUNKS = STATE_LENGTH - 1;
  private static final int CHUNK_BITS = 32;
  private static final long CHUNK_MASK = 0xffffffffL;
  private static final long FRACTION_MASK = (1L << 52) - 1;
  private static final int INFINITE_EXPONENT = 0x7ff;
  private static final int SMALLEST_EXPONENT = -1074;

  /** An add changes a chunk by less than 2^52, so a long overflows after 2^11 of them. */
  private static final int ADDS_BETWEEN_CARRIES = 1000;

  private static final long NAN = 1;
  private static final long POSITIVE_INFINITY = 2;
  private static final long NEGATIVE_INFINITY = 4;

  private final long[] chunks;
  private long flags;
  private int addsSinceCarry;

  /** An empty sum, whose value is 0. */
  public ExactSum() {
    this(new long[CHUNKS], 0);
  }

  private ExactSum(long[] chunks, long flags) {
    this.chunks = chunks;
    this.flags = flags;
  }

  /**
   * The sum that a {@link #state()} holds.
   *
   * @throws IllegalArgumentException if it hasn't {@value #STATE_LENGTH} longs
   */
  public static ExactSum of(long[] state) {
    if (state.length != STATE_LENGTH) {
      throw new IllegalArgumentException(
          "the state of an exact sum has " + STATE_LENGTH + " longs, this one " + state.length);
    }
    ExactSum sum = new ExactSum(Arrays.copyOf(state, CHUNKS), state[CHUNKS]);
    sum.carry();
    return sum;
  }

  /** Adds one number. */
  public void add(double x) {
    long bits = Double.doubleToRawLongBits(x);
    int exponent = (int) (bits >>> 52) & INFINITE_EXPONENT;
    long mantissa = bits & FRACTION_MASK;
    if (exponent == INFINITE_EXPONENT) {
      flags |= mantissa != 0 ? NAN : bits > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
      return;
    }
    if (exponent == 0) {
      exponent = 1;
    } else {
      mantissa |= FRACTION_MASK + 1;
    }
    int position = exponent - 1;
    int chunk = position >>> 5;
    int shift = position & (CHUNK_BITS - 1);
    long low = (mantissa << shift) & CHUNK_MASK;
    long high = mantissa >>> (CHUNK_BITS - shift);
    if (bits >= 0) {
      chunks[chunk] += low;
      chunks[chunk + 1] += high;
    } else {
      chunks[chunk] -= low;
      chunks[chunk + 1] -= high;
    }
    countAdd();
  }

  /**
   * Adds {@code a * b} without rounding the product, as rounded product plus its error, which a
   * fused multiply-add yields (Dekker 1971; Ogita, Rump, Oishi 2005). Where the product has bits
   * below 2<sup>-1074</sup> these are rounded, always in the same way; a product that overflows
   * counts as infinite.
   */
  public void addProduct(double a, double b) {
    double product = a * b;
    add(product);
    if (Math.abs(product) <= Double.MAX_VALUE) {
      add(Math.fma(a, b, -product));
    }
  }

  /** Adds another sum to this one; the other stays as it is. */
  @Override
  public void merge(ExactSum other) {
    if (other.addsSinceCarry > 0) {
      carry();
      long[] theirs = other.chunks.clone();
      carry(theirs);
      addChunks(theirs);
    } else {
      addChunks(other.chunks);
    }
    flags |= other.flags;
  }

  /** The sum, rounded once to the nearest double, ties to even. */
  public double value() {
    if ((flags & NAN) != 0
        || (flags & (POSITIVE_INFINITY | NEGATIVE_INFINITY))
            == (POSITIVE_INFINITY | NEGATIVE_INFINITY)) {
      return Double.NaN;
    }
    if (flags != 0) {
      return flags == POSITIVE_INFINITY ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    carry();
    if (chunks[CHUNKS - 1] >= 0) {
      return Magnitude.rounded(chunks);
    }
    long[] negated = new long[CHUNKS];
    for (int i = 0; i < CHUNKS; i++) {
      negated[i] = -chunks[i];
    }
    carry(negated);
    return -Magnitude.rounded(negated);
  }

  /**
   * The sum itself, for arithmetic in which rounding it first would cancel digits.
   *
   * @throws ArithmeticException if the sum is NaN or infinite
   */
  public BigDecimal exact() {
    if (flags != 0) {
      throw new ArithmeticException("a sum that is " + value() + " has no exact value");
    }
    carry();
    BigInteger units = BigInteger.ZERO;
    for (int i = CHUNKS - 1; i >= 0; i--) {
      units = units.shiftLeft(CHUNK_BITS).add(BigInteger.valueOf(chunks[i]));
    }
    int zeros = units.signum() == 0 ? 0 : Math.min(units.getLowestSetBit(), -SMALLEST_EXPONENT);
    BigDecimal scaled = new BigDecimal(units.shiftRight(zeros));
    int halvings = -SMALLEST_EXPONENT - zeros;
    return units.signum() == 0
        ? BigDecimal.ZERO
        : scaled.divide(new BigDecimal(BigInteger.ONE.shiftLeft(halvings)));
  }

  /** {@value #STATE_LENGTH} longs; equal sums have equal states. */
  public long[] state() {
    carry();
    long[] state = Arrays.copyOf(chunks, STATE_LENGTH);
    state[CHUNKS] = flags;
    return state;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExactSum && Arrays.equals(state(), ((ExactSum) other).state());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(state());
  }

  @Override
  public String toString() {
    return Double.toString(value());
  }

  private void addChunks(long[] carried) {
    for (int i = 0; i < CHUNKS; i++) {
      chunks[i] += carried[i];
    }
    countAdd();
  }

  private void countAdd() {
    if (++addsSinceCarry >= ADDS_BETWEEN_CARRIES) {
      carry();
    }
  }

  private void carry() {
    if (addsSinceCarry > 0) {
      carry(chunks);
      addsSinceCarry = 0;
    }
  }

  /** Leaves 0 to 2^32 - 1 in each chunk but the last, which keeps the sign: one form per number. */
  private static void carry(long[] chunks) {
    for (int i = 0; i < CHUNKS - 1; i++) {
      chunks[i + 1] += chunks[i] >> CHUNK_BITS;
      chunks[i] &= CHUNK_MASK;
    }
  }

  /** Rounds carried chunks of a number that isn't negative. */
  private static final class Magnitude {

    static double rounded(long[] chunks) {
      int top = CHUNKS - 1;
      while (top >= 0 && chunks[top] == 0) {
        top--;
      }
      if (top < 0) {
        return 0.0;
      }
      int leading = CHUNK_BITS * top + 63 - Long.numberOfLeadingZeros(chunks[top]);
      if (leading <= 52) {
        return Double.longBitsToDouble(bits(chunks, 0));
      }
      int shift = leading - 52;
      if (shift + 1 >= INFINITE_EXPONENT) {
        return Double.POSITIVE_INFINITY;
      }
      long mantissa = bits(chunks, shift);
      boolean half = (bits(chunks, shift - 1) & 1) != 0;
      if (half && ((mantissa & 1) != 0 || anyBelow(chunks, shift - 1))) {
        mantissa++;
      }
      // the leading bit of the mantissa adds the 1 that the exponent lacks; a carry adds one more
      return Double.longBitsToDouble(((long) shift << 52) + mantissa);
    }

    /** The 53 bits or fewer of the number from a position on, where its leading bits are. */
    private static long bits(long[] chunks, int position) {
      int chunk = position >>> 5;
      int shift = position & (CHUNK_BITS - 1);
      long bits = chunks[chunk] >>> shift;
      if (chunk + 1 < CHUNKS) {
        bits |= chunks[chunk + 1] << (CHUNK_BITS - shift);
      }
      if (chunk + 2 < CHUNKS && shift > 0) {
        bits |= chunks[chunk + 2] << (2 * CHUNK_BITS - shift);
      }
      return bits;
    }

    private static boolean anyBelow(long[] chunks, int position) {
      int chunk = position >>> 5;
      for (int i = 0; i < chunk; i++) {
        if (chunks[i] != 0) {
          return true;
        }
      }
      return (chunks[chunk] & ((1L << (position & (CHUNK_BITS - 1))) - 1)) != 0;
    }
  }
}
