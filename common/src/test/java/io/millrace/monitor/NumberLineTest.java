package io.millrace.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.stats.Distances;
import io.millrace.validate.NumberMeasures;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Against the distances of the numbers themselves, which are tested against SciPy's. */
class NumberLineTest {

  private static double[] draw(long seed, int size, double mean, boolean whole) {
    Random random = new Random(seed);
    return DoubleStream.generate(() -> mean + 20 * random.nextGaussian())
        .map(x -> whole ? Math.rint(x) : x)
        .limit(size)
        .toArray();
  }

  private static NumberLine line(double[] a, double[] b) {
    return NumberLine.of(measures(a), measures(b));
  }

  private static NumberMeasures measures(double[] numbers) {
    return (NumberMeasures) Columns.numbers(Arrays.stream(numbers));
  }

  private static double kolmogorovSmirnov(double[] a, double[] b) {
    return line(a, b).kolmogorovSmirnov(Columns.feature("x", measures(a), measures(b)));
  }

  @Test
  void fewNumbersAreExactWhereverTheyLie() {
    double[] a = draw(1, 500, 100_000, true);
    double[] b = draw(2, 300, 100_005, true);
    assertThat(line(a, b).isExact()).isTrue();
    assertThat(kolmogorovSmirnov(a, b)).isCloseTo(Distances.kolmogorovSmirnov(a, b), within(1e-12));
    assertThat(line(a, b).wasserstein()).isCloseTo(Distances.wasserstein(a, b), within(1e-9));
  }

  @Test
  void manyNumbersAreWithinTheirBuckets() {
    double[] a = draw(1, 5000, 10, false);
    double[] b = draw(2, 3000, 15, false);
    assertThat(line(a, b).isExact()).isFalse();
    double exact = Distances.kolmogorovSmirnov(a, b);
    double error =
        Distances.kolmogorovSmirnovError(measures(a).histogram(), measures(b).histogram());
    assertThat(kolmogorovSmirnov(a, b)).isBetween(exact - error, exact);
    assertThat(line(a, b).wasserstein()).isCloseTo(Distances.wasserstein(a, b), within(0.3));
  }

  /** 400 pairs of samples of one distribution; bounds of four standard deviations. */
  @Test
  void meansByChanceAreAsSaid() {
    int pairs = 400;
    double distance = 0;
    double distanceByChance = 0;
    double statistic = 0;
    for (int i = 0; i < pairs; i++) {
      double[] a = draw(2 * i, 400, 0, false);
      double[] b = draw(2 * i + 1, 200, 0, false);
      distance += line(a, b).wasserstein() / pairs;
      distanceByChance += line(a, b).wassersteinByChance() / pairs;
      statistic += kolmogorovSmirnov(a, b) / pairs;
    }
    assertThat(distance / distanceByChance).isCloseTo(1, within(0.09));
    // the limit distribution lies above that of 400 and 200 rows
    double byChance = NumberLine.kolmogorovSmirnovByChance(400, 200);
    assertThat(statistic / byChance).isBetween(0.85, 1.02);
    assertThat(NumberLine.kolmogorovSmirnovExceeded(0.01, 400, 200))
        .isCloseTo(1.62762 * Math.sqrt(1 / 400.0 + 1 / 200.0), within(1e-5));
  }

  @Test
  void infinitiesLieAtTheEnds() {
    double[] a = {1, 2, 3, 4};
    double[] b = {1, 2, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
    assertThat(kolmogorovSmirnov(a, b)).isEqualTo(0.25);
    double[] c = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    assertThat(kolmogorovSmirnov(a, c)).isEqualTo(1);
    assertThat(line(a, c).hasBoth()).isFalse();
  }
}
