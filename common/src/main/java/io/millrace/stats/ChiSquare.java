package io.millrace.stats;

/**
 * The chi-square distribution, by the incomplete gamma function Q(k/2, x/2): a series near zero,
 * Lentz's continued fraction beyond (Numerical Recipes, 3rd edition, section 6.2). Relative error
 * below 1e-11, in the tail as well.
 */
public final class ChiSquare {

  private static final double EPSILON = 1e-16;
  private static final double TINY = 1e-300;
  private static final int LARGEST_FACTORIAL = 40;

  private ChiSquare() {}

  /**
   * The chance of a value above {@code x}.
   *
   * @param x a value; 1 is the answer up to 0
   * @param degrees degrees of freedom, at least 1
   * @throws IllegalArgumentException if {@code x} is NaN, or {@code degrees} below 1
   */
  public static double survival(double x, int degrees) {
    if (Double.isNaN(x) || degrees < 1) {
      throw new IllegalArgumentException(
          "there is no chi-square of " + x + " with " + degrees + " degrees of freedom");
    }
    if (x <= 0 || x == Double.POSITIVE_INFINITY) {
      return x <= 0 ? 1 : 0;
    }
    double a = degrees / 2.0;
    double y = x / 2;
    double density = gammaDensity(degrees, y);
    if (density == 0) {
      return y < a ? 1 : 0;
    }
    return y < a + 1 ? 1 - density * series(a, y) : density * y * fraction(a, y);
  }

  /**
   * The value that is exceeded by chance with this probability.
   *
   * @throws IllegalArgumentException if it isn't in (0, 1], or {@code degrees} below 1
   */
  public static double quantileOfSurvival(double probability, int degrees) {
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException("a probability lies in (0, 1], not at " + probability);
    }
    double high = degrees;
    while (survival(high, degrees) > probability) {
      high *= 2;
    }
    double low = 0;
    double middle = high / 2;
    while (low < middle && middle < high) {
      if (survival(middle, degrees) > probability) {
        low = middle;
      } else {
        high = middle;
      }
      middle = low + (high - low) / 2;
    }
    return middle;
  }

  /** y^(a-1) e^-y / Gamma(a), where a is half the degrees. */
  private static double gammaDensity(int degrees, double y) {
    double a = degrees / 2.0;
    if (degrees <= LARGEST_FACTORIAL) {
      // Gamma(a) as a product down to Gamma(1) = 1 or Gamma(1/2) = sqrt(pi)
      double log = a * StrictMath.log(y) - y;
      double gamma = degrees % 2 == 0 ? 1 : Math.sqrt(Math.PI);
      for (double factor = a - 1; factor > 0; factor--) {
        gamma *= factor;
      }
      return StrictMath.exp(log) / gamma / y;
    }
    // around the mode, so that large logarithms don't cancel: Stirling's series for the rest
    double ratio = (y - a) / a;
    double log = a * (StrictMath.log1p(ratio) - ratio) - stirling(a);
    return StrictMath.exp(log) * Math.sqrt(a / (2 * Math.PI)) / y;
  }

  /** ln Gamma(a) less its leading terms (a - 1/2) ln a - a + ln(2 pi) / 2. */
  private static double stirling(double a) {
    double square = 1 / (a * a);
    return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / a;
  }

  /** Sum of y^(n+1) / (a (a+1) ... (a+n)). */
  private static double series(double a, double y) {
    double term = y / a;
    double sum = term;
    for (double divisor = a + 1; term > sum * EPSILON; divisor++) {
      term *= y / divisor;
      sum += term;
    }
    return sum;
  }

  /** 1 / (y+1-a - 1 (1-a) / (y+3-a - 2 (2-a) / ...)). */
  private static double fraction(double a, double y) {
    double b = y + 1 - a;
    double c = 1 / TINY;
    double d = 1 / b;
    double value = d;
    double change = 0;
    for (int i = 1; Math.abs(change - 1) > 2 * EPSILON && i < 100_000; i++) {
      double numerator = -i * (i - a);
      b += 2;
      d = 1 / away(numerator * d + b);
      c = away(b + numerator / c);
      change = d * c;
      value *= change;
    }
    return value;
  }

  private static double away(double x) {
    return Math.abs(x) < TINY ? TINY : x;
  }
}
