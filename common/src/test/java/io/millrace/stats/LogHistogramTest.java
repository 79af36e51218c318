package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogHistogramTest {

  @Test
  void quantilesAreWithinTheirBoundOfTheNumberOfThatRank() {
    for (int seed = 0; seed < 300; seed++) {
      double[] sorted = Numbers.sample(seed, 1 + new Random(seed).nextInt(400));
      LogHistogram histogram = histogram(sorted);
      Arrays.sort(sorted);
      for (double q : new double[] {0, 1e-9, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 1}) {
        double exact = sorted[(int) Math.max(1, Math.ceil(q * sorted.length)) - 1];
        double bound = LogHistogram.RELATIVE_ERROR * Math.abs(exact) * (1 + 1e-12);
        assertThat(histogram.quantile(q).getAsDouble()).isCloseTo(exact, within(bound));
      }
      assertThat(histogram.quantile(0).getAsDouble()).isEqualTo(sorted[0] + 0.0);
      assertThat(histogram.quantile(1).getAsDouble()).isEqualTo(sorted[sorted.length - 1] + 0.0);
    }
  }

  @Test
  void sharesBelowAreTooHighByOneBucketAtMost() {
    for (int seed = 0; seed < 300; seed++) {
      double[] sample = Numbers.sample(seed, 200);
      LogHistogram histogram = histogram(sample);
      Buckets buckets = histogram.buckets();
      for (double x : Numbers.sample(seed + 6, 20)) {
        double exact = Arrays.stream(sample).filter(y -> y <= x).count() / 200.0;
        int at = Arrays.binarySearch(buckets.ordinals(), Buckets.ordinal(x));
        double share = at < 0 ? 0 : buckets.counts()[at] / 200.0;
        assertThat(histogram.cdf(x).getAsDouble()).isBetween(exact, exact + share + 1e-12);
        if (seed % 6 == 2) {
          assertThat(histogram.cdf(x).getAsDouble()).isCloseTo(exact, within(1e-12));
        }
      }
    }
  }

  @Test
  void everyNumberLiesInItsBucketAndNearItsCentre() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      double x = Double.longBitsToDouble(random.nextLong());
      if (!Double.isFinite(x) || x == 0) {
        continue;
      }
      int ordinal = Buckets.ordinal(x);
      double lower = Buckets.lower(ordinal);
      double upper = Buckets.upper(ordinal);
      assertThat(x > 0 ? lower <= x && x < upper : lower < x && x <= upper).isTrue();
      double distance = Math.abs(Buckets.centre(ordinal) - x);
      if (Math.abs(x) >= Double.MIN_NORMAL) {
        assertThat(distance / Math.abs(x)).isLessThanOrEqualTo(1.0 / 129 + 1e-15);
      } else {
        assertThat(distance).isLessThanOrEqualTo(0x1p-1029);
      }
    }
  }

  @Test
  void bucketsStandInOrderWithTheirBounds() {
    LogHistogram histogram = histogram(-3, -3, 0, -0.0, 1, 1.015, 1.016, 2);
    Buckets buckets = histogram.buckets();
    assertThat(buckets.counts()).containsExactly(2, 2, 2, 1, 1);
    assertThat(buckets.lower()).containsExactly(-3.03125, 0, 1, 1.015625, 2);
    assertThat(buckets.upper()).containsExactly(-3, 0, 1.015625, 1.03125, 2.03125);
    assertThat(buckets.ordinals()).isSorted().contains(0);
    assertThat(Buckets.upper(Buckets.ordinal(Double.MAX_VALUE))).isInfinite();
    assertThat(Buckets.ordinal(Double.MIN_VALUE)).isEqualTo(1);
    assertThat(Buckets.ordinal(-Double.MIN_VALUE)).isEqualTo(-1);
    assertThat(Double.doubleToRawLongBits(Buckets.upper(-1))).isZero();
  }

  @Test
  void whatIsNotFiniteIsCountedApart() {
    double infinity = Double.POSITIVE_INFINITY;
    LogHistogram histogram = histogram(Double.NaN, infinity, infinity, -infinity, 5);
    assertThat(histogram.count()).isEqualTo(1);
    assertThat(histogram.nans()).isEqualTo(1);
    assertThat(histogram.positiveInfinities()).isEqualTo(2);
    assertThat(histogram.negativeInfinities()).isEqualTo(1);
    assertThat(histogram.min()).hasValue(5);
    assertThat(histogram.max()).hasValue(5);
    assertThat(histogram.quantile(0.3)).hasValue(5);
    assertThat(histogram.cdf(infinity)).hasValue(1);
    assertThat(histogram.cdf(-infinity)).hasValue(0);
    assertThat(LogHistogram.of(histogram.toBytes())).isEqualTo(histogram);
  }

  @Test
  void timesCountAsSoManyAdds() {
    LogHistogram once = new LogHistogram();
    once.add(2.5, 3);
    once.add(-0.0, 2);
    once.add(7, 0);
    assertThat(once).isEqualTo(histogram(2.5, 0, 2.5, 0, 2.5));
    assertThat(once)
        .hasToString("LogHistogram[count=5, min=OptionalDouble[0.0], max=OptionalDouble[2.5]]");
    assertThatThrownBy(() -> once.add(1, -2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a number can't occur -2 times");
  }

  @Test
  void anEmptyOneHasNoFigures() {
    LogHistogram empty = new LogHistogram();
    assertThat(empty.count()).isZero();
    assertThat(empty.min()).isEmpty();
    assertThat(empty.max()).isEmpty();
    assertThat(empty.quantile(0.5)).isEmpty();
    assertThat(empty.cdf(0)).isEmpty();
    assertThat(empty.buckets().counts()).isEmpty();
    assertThat(LogHistogram.of(empty.toBytes())).isEqualTo(empty);
  }

  @Test
  void refusesWhatIsNoQuestion() {
    LogHistogram histogram = histogram(1, 2);
    assertThatThrownBy(() -> histogram.quantile(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a quantile lies in [0, 1], not at 1.5");
    assertThatThrownBy(() -> histogram.cdf(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("NaN has no place among numbers");
    assertThatThrownBy(() -> Buckets.ordinal(Double.NEGATIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-Infinity has no bucket");
  }

  @Test
  void bytesAreFew() {
    LogHistogram prices = new LogHistogram();
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      prices.add(Math.exp(4 + random.nextGaussian()));
    }
    assertThat(prices.buckets().counts()).hasSizeLessThan(700);
    assertThat(prices.toBytes()).hasSizeLessThan(2000);
  }

  static LogHistogram histogram(double... values) {
    LogHistogram histogram = new LogHistogram();
    for (double value : values) {
      histogram.add(value);
    }
    return histogram;
  }
}
