package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BinsTest {

  @Test
  void binsOfManyNumbersHoldEqualShares() {
    Random random = new Random(4);
    LogHistogram reference = new LogHistogram();
    for (int i = 0; i < 50_000; i++) {
      reference.add(50 + 10 * random.nextGaussian());
    }
    Bins bins = Bins.of(reference);
    assertThat(bins.size()).isEqualTo(10);
    for (long count : bins.counts(reference)) {
      // a bucket near the mode, 1/64 to 1/128 of it wide, holds up to 3.1% of the rows
      assertThat(count).isBetween(3_400L, 6_600L);
    }
    assertThat(bins).isEqualTo(Bins.of(reference, 10)).hasSameHashCodeAs(Bins.of(reference, 10));
    assertThat(bins).hasToString("Bins[size=10]").isNotEqualTo(Bins.of(reference, 5));
  }

  @Test
  void heavyNumbersHaveBinsOfTheirOwn() {
    LogHistogram reference = new LogHistogram();
    reference.add(999, 9600);
    reference.add(0, 100);
    IntStream.rangeClosed(1, 20).forEach(day -> reference.add(day, 15));
    Bins bins = Bins.of(reference);
    assertThat(labels(bins)).containsExactly("[-Infinity, 992)", "[992, 1000)", "[1000, Infinity]");
    assertThat(bins.counts(reference)).containsExactly(400, 9600, 0);
    assertThat(bins.counts(LogHistogramTest.histogram(1001, 5, -4, 999))).containsExactly(2, 1, 1);
  }

  @Test
  void smallWholeNumbersAreBins() {
    LogHistogram reference = new LogHistogram();
    for (int i = -1; i <= 2; i++) {
      reference.add(i, 25);
    }
    Bins bins = Bins.of(reference);
    assertThat(labels(bins))
        .containsExactly(
            "[-Infinity, -1.016]",
            "(-1.016, -1]",
            "(-1, 0)",
            "[0, 0]",
            "(0, 1)",
            "[1, 1.016)",
            "[1.016, 2)",
            "[2, 2.031)",
            "[2.031, Infinity]");
    assertThat(bins.counts(reference)).containsExactly(0, 25, 0, 25, 0, 25, 0, 25, 0);
  }

  @Test
  void everyNumberIsCountedInTheBinWhoseBoundsHoldIt() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      LogHistogram reference =
          LogHistogramTest.histogram(Numbers.sample(seed, random.nextInt(400)));
      int wanted = 2 + random.nextInt(12);
      Bins bins = Bins.of(reference, wanted);
      assertThat(bins.size()).isBetween(1, 3 * wanted + 1);
      double[] other =
          DoubleStream.generate(() -> Numbers.any(random))
              .filter(x -> !Double.isNaN(x))
              .limit(50)
              .toArray();
      long[] expected = new long[bins.size()];
      for (double x : other) {
        expected[holder(bins, x)]++;
      }
      assertThat(bins.counts(LogHistogramTest.histogram(other))).isEqualTo(expected);
      assertThat(Arrays.stream(bins.counts(reference)).sum()).isEqualTo(reference.count());
    }
  }

  @Test
  void missingValuesAreABinIfTheCallerCountsThem() {
    LogHistogram reference = LogHistogramTest.histogram(1, 2, 3, Double.NaN, Double.NaN);
    Bins bins = Bins.of(reference, 2);
    long[] counts = bins.counts(reference, 4 + reference.nans());
    assertThat(counts).hasSize(bins.size() + 1).endsWith(6);
    assertThat(Arrays.stream(bins.counts(reference)).sum()).isEqualTo(3);
  }

  @Test
  void withoutNumbersThereIsOneBin() {
    Bins bins = Bins.of(new LogHistogram());
    assertThat(labels(bins)).containsExactly("[-Infinity, Infinity]");
    assertThat(bins.counts(LogHistogramTest.histogram(1, -5))).containsExactly(2);
    assertThatThrownBy(() -> Bins.of(new LogHistogram(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bins must be 2 or more, not 1");
  }

  @Test
  void boundsAreShownWithFourDigits() {
    LogHistogram reference = new LogHistogram();
    reference.add(1.23456e-9, 10);
    reference.add(7.654321e12, 10);
    Bins bins = Bins.of(reference, 2);
    assertThat(labels(bins))
        .containsExactly(
            "[-Infinity, 1.222E-9)",
            "[1.222E-9, 1.237E-9)",
            "[1.237E-9, 7.628E+12)",
            "[7.628E+12, 7.697E+12)",
            "[7.697E+12, Infinity]");
  }

  /** 600 pairs of samples of one distribution, with few rows in some bins; four deviations. */
  @Test
  void chanceAloneIsSeldomSignificantInTheseBins() {
    for (double share : new double[] {0.03, 0.5, 1}) {
      int alarms = 0;
      for (int seed = 0; seed < 600; seed++) {
        Random random = new Random(seed);
        LogHistogram reference = mixture(random, share, 1000);
        LogHistogram current = mixture(random, share, 400);
        Bins bins = Bins.of(reference);
        long[] a = bins.counts(reference);
        long[] b = bins.counts(current);
        double p = Chance.psiPValue(Distances.psi(a, b), 1000, 400, Distances.occupiedBins(a, b));
        alarms += p < 0.05 ? 1 : 0;
      }
      assertThat(alarms).as("share %s", share).isBetween(8, 52);
    }
  }

  /** A share of numbers of many kinds, the others 999. */
  private static LogHistogram mixture(Random random, double share, int size) {
    LogHistogram histogram = new LogHistogram();
    for (int i = 0; i < size; i++) {
      histogram.add(random.nextDouble() < share ? random.nextGaussian() : 999);
    }
    return histogram;
  }

  private static String[] labels(Bins bins) {
    return IntStream.range(0, bins.size()).mapToObj(bins::label).toArray(String[]::new);
  }

  /** By the bounds and brackets that people see. */
  private static int holder(Bins bins, double x) {
    return IntStream.range(0, bins.size())
        .filter(
            bin -> {
              String label = bins.label(bin);
              boolean above = label.startsWith("[") ? x >= bins.lower(bin) : x > bins.lower(bin);
              boolean below = label.endsWith("]") ? x <= bins.upper(bin) : x < bins.upper(bin);
              return above && below;
            })
        .reduce(
            (a, b) -> {
              throw new AssertionError(x + " lies in bins " + a + " and " + b);
            })
        .orElseThrow();
  }
}
