package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DistancesTest {

  @Test
  void distancesOfCountsAreThoseOfSciPy() {
    JsonNode figures = Reference.figures("counts");
    assertThat(figures).hasSize(33);
    for (JsonNode one : figures) {
      long[] a = Reference.longs(one.get("reference"));
      long[] b = Reference.longs(one.get("current"));
      double js = one.get("js_distance").asDouble();
      assertThat(Distances.psi(a, b)).isCloseTo(one.get("psi").asDouble(), within(1e-12));
      assertThat(Distances.jensenShannonDistance(a, b)).isCloseTo(js, within(1e-10));
      assertThat(Distances.jensenShannonDivergence(a, b)).isCloseTo(js * js, within(1e-12));
      assertThat(Distances.totalVariation(a, b))
          .isCloseTo(one.get("total_variation").asDouble(), within(1e-12));
      assertThat(Distances.occupiedBins(a, b)).isEqualTo(one.get("degrees").asInt() + 1);
    }
  }

  @Test
  void distancesOfSamplesAreThoseOfSciPy() {
    JsonNode figures = Reference.figures("samples");
    assertThat(figures).hasSize(16);
    for (JsonNode one : figures) {
      double[] a = Reference.doubles(one.get("a"));
      double[] b = Reference.doubles(one.get("b"));
      double distance = one.get("wasserstein").asDouble();
      assertThat(Distances.kolmogorovSmirnov(a, b))
          .isEqualTo(Distances.kolmogorovSmirnov(b, a))
          .isCloseTo(one.get("ks").asDouble(), within(1e-12));
      assertThat(Distances.wasserstein(a, b)).isCloseTo(distance, within(1e-12 * (1 + distance)));
    }
  }

  @Test
  void distancesOfHistogramsAreWithinTheirBounds() {
    for (int seed = 0; seed < 600; seed++) {
      Random random = new Random(seed);
      double[] a = Numbers.sample(seed, 1 + random.nextInt(300));
      double[] b = Numbers.sample(seed + 6 * random.nextInt(2) + 1 + random.nextInt(2), 200);
      LogHistogram ofA = LogHistogramTest.histogram(a);
      LogHistogram ofB = LogHistogramTest.histogram(b);
      double exact = Distances.kolmogorovSmirnov(a, b);
      double sketch = Distances.kolmogorovSmirnov(ofA, ofB);
      double error = Distances.kolmogorovSmirnovError(ofA, ofB);
      assertThat(sketch).isBetween(exact - error - 1e-12, exact + 1e-12);
      assertThat(error).isLessThanOrEqualTo(largestShare(ofA));
      double size = meanSize(a) + meanSize(b);
      assertThat(Distances.wasserstein(ofA, ofB))
          .isCloseTo(
              Distances.wasserstein(a, b), within(LogHistogram.RELATIVE_ERROR * size + 1e-12));
    }
  }

  @Test
  void distancesToItselfAreZero() {
    for (int seed = 0; seed < 60; seed++) {
      double[] a = Numbers.sample(seed, 100);
      LogHistogram histogram = LogHistogramTest.histogram(a);
      long[] counts = histogram.buckets().counts();
      assertThat(Distances.psi(counts, counts)).isZero();
      assertThat(Distances.jensenShannonDistance(counts, counts)).isZero();
      assertThat(Distances.totalVariation(counts, counts)).isZero();
      assertThat(Distances.kolmogorovSmirnov(a, a)).isZero();
      assertThat(Distances.wasserstein(a, a)).isZero();
      assertThat(Distances.kolmogorovSmirnov(histogram, histogram)).isZero();
      assertThat(Distances.wasserstein(histogram, histogram)).isZero();
    }
  }

  @Test
  void distributionsThatShareNothingAreAsFarApartAsCanBe() {
    long[] a = {7, 0, 0};
    long[] b = {0, 0, 9};
    assertThat(Distances.jensenShannonDistance(a, b)).isEqualTo(1);
    assertThat(Distances.totalVariation(a, b)).isEqualTo(1);
    // the middle bin is left out: shares 7.5/8 and 0.5/10, 0.5/8 and 9.5/10
    double psi = (0.9375 - 0.05) * Math.log(0.9375 / 0.05) - 0.8875 * Math.log(0.0625 / 0.95);
    assertThat(Distances.psi(a, b)).isCloseTo(psi, within(1e-12));
  }

  @Test
  void refusesWhatHasNoDistance() {
    assertThatThrownBy(() -> Distances.psi(new long[] {1}, new long[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 bins can't be compared with 2");
    assertThatThrownBy(() -> Distances.totalVariation(new long[] {1}, new long[] {0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bins without counts have no distance");
    assertThatThrownBy(() -> Distances.totalVariation(new long[] {1, 1}, new long[] {3, -2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a bin can't hold -2");
    assertThatThrownBy(() -> Distances.wasserstein(new double[0], new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a sample without numbers has no distance");
    assertThatThrownBy(
            () -> Distances.kolmogorovSmirnov(new double[] {1, Double.NaN}, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a sample with NaN or infinities has no distance");
    assertThatThrownBy(() -> Distances.wasserstein(new LogHistogram(), new LogHistogram()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a histogram without finite numbers has no distance");
  }

  private static double largestShare(LogHistogram histogram) {
    long largest = Arrays.stream(histogram.buckets().counts()).max().orElseThrow();
    return (double) largest / histogram.count();
  }

  private static double meanSize(double[] sample) {
    return Arrays.stream(sample).map(Math::abs).average().orElseThrow();
  }
}
