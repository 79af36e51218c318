package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChanceTest {

  @Test
  void chiSquareIsThatOfSciPy() {
    JsonNode figures = Reference.figures("chi_square");
    assertThat(figures).hasSizeGreaterThan(200);
    for (JsonNode one : figures) {
      double x = one.get("x").asDouble();
      int degrees = one.get("degrees").asInt();
      double p = one.get("p").asDouble();
      assertThat(ChiSquare.survival(x, degrees))
          .as("x %s, degrees %d", x, degrees)
          .isCloseTo(p, within(1e-10 * p));
      if (p < 0.9995) {
        assertThat(ChiSquare.quantileOfSurvival(p, degrees)).isCloseTo(x, within(1e-9 * x));
      }
    }
  }

  @Test
  void chiSquareHasItsEnds() {
    assertThat(ChiSquare.survival(-1, 3)).isEqualTo(1);
    assertThat(ChiSquare.survival(0, 3)).isEqualTo(1);
    assertThat(ChiSquare.survival(Double.POSITIVE_INFINITY, 3)).isZero();
    assertThat(ChiSquare.survival(1e6, 60)).isZero();
    assertThat(ChiSquare.survival(1e-300, 60)).isEqualTo(1);
    assertThatThrownBy(() -> ChiSquare.survival(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no chi-square of 1.0 with 0 degrees of freedom");
    assertThatThrownBy(() -> ChiSquare.quantileOfSurvival(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a probability lies in (0, 1], not at 0.0");
  }

  @Test
  void testsOfCountsAreThoseOfSciPy() {
    for (JsonNode one : Reference.figures("counts")) {
      long[] a = Reference.longs(one.get("reference"));
      long[] b = Reference.longs(one.get("current"));
      assertResult(Chance.homogeneity(a, b), one, "chi2");
      assertResult(Chance.gTest(a, b), one, "g");
    }
  }

  @Test
  void oneBinTellsNothing() {
    long[] a = {5, 0};
    long[] b = {9, 0};
    assertThat(Chance.homogeneity(a, b)).isEqualTo(new ChiSquareResult(0, 0, 1));
    assertThat(Chance.gTest(a, b)).isEqualTo(new ChiSquareResult(0, 0, 1));
    assertThat(Chance.psiPValue(0, 5, 9, 1)).isEqualTo(1);
    assertThat(Chance.psiExceeded(0.05, 5, 9, 1)).isZero();
    assertThatThrownBy(() -> Chance.homogeneity(new long[1], new long[] {3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("samples of 0 and 3 rows tell nothing");
  }

  @Test
  void kolmogorovsLimitIsThatOfSciPy() {
    for (JsonNode one : Reference.figures("kolmogorov").get("limit")) {
      double p = one.get("p").asDouble();
      assertThat(Chance.kolmogorovSurvival(one.get("z").asDouble())).isCloseTo(p, within(1e-12));
    }
    assertThat(Chance.kolmogorovSurvival(0)).isEqualTo(1);
  }

  @Test
  void kolmogorovSmirnovIsAboutThatOfSciPy() {
    for (JsonNode one : Reference.figures("kolmogorov").get("finite")) {
      double p = one.get("p").asDouble();
      long n = one.get("n").asLong();
      long m = one.get("m").asLong();
      double found = Chance.kolmogorovSmirnovPValue(one.get("d").asDouble(), n, m);
      assertThat(found).isCloseTo(p, within(1e-3));
      if (Math.min(n, m) >= 10_000) {
        assertThat(found).isCloseTo(p, within(0.01 * p));
      }
    }
    assertThatThrownBy(() -> Chance.kolmogorovSmirnovPValue(1.1, 5, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a Kolmogorov-Smirnov statistic lies in [0, 1], not at 1.1");
  }

  @Test
  void falseDiscoveryRatesAreThoseOfSciPy() {
    for (JsonNode one : Reference.figures("false_discovery")) {
      double[] found = Chance.falseDiscoveryRates(Reference.doubles(one.get("p")));
      assertThat(found).containsExactly(Reference.doubles(one.get("adjusted")), within(1e-14));
    }
    assertThat(Chance.falseDiscoveryRates(new double[0])).isEmpty();
    assertThatThrownBy(() -> Chance.falseDiscoveryRates(new double[] {0.5, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a p-value lies in [0, 1], not at NaN");
  }

  /** 1,000 pairs of samples of one distribution; the bounds are four standard deviations. */
  @Test
  void distancesByChanceAloneAreDistributedAsSaid() {
    int pairs = 1000;
    int bins = 10;
    double psis = 0;
    double divergences = 0;
    int psiAlarms = 0;
    int jensenShannonAlarms = 0;
    Random random = new Random(7);
    for (int i = 0; i < pairs; i++) {
      long[] a = draw(random, bins, 2000);
      long[] b = draw(random, bins, 700);
      double psi = Distances.psi(a, b);
      double divergence = Distances.jensenShannonDivergence(a, b);
      psis += psi / pairs;
      divergences += divergence / pairs;
      psiAlarms += Chance.psiPValue(psi, 2000, 700, bins) < 0.05 ? 1 : 0;
      jensenShannonAlarms +=
          divergence > Chance.jensenShannonExceeded(0.05, 2000, 700, bins) ? 1 : 0;
    }
    // the mean of 1,000 chi-squares with 9 degrees: relative deviation sqrt(2 / 9 / 1000)
    assertThat(psis / Chance.expectedPsi(2000, 700, bins)).isCloseTo(1, within(0.06));
    assertThat(divergences / Chance.expectedJensenShannon(2000, 700, bins))
        .isCloseTo(1, within(0.06));
    assertThat(psiAlarms).isBetween(23, 77);
    assertThat(jensenShannonAlarms).isBetween(23, 77);
  }

  @Test
  void whatIsExceededHasItsProbability() {
    double psi = Chance.psiExceeded(0.01, 900, 300, 12);
    assertThat(Chance.psiPValue(psi, 900, 300, 12)).isCloseTo(0.01, within(1e-12));
    double divergence = Chance.jensenShannonExceeded(0.01, 900, 300, 12);
    assertThat(Chance.jensenShannonPValue(divergence, 900, 300, 12)).isCloseTo(0.01, within(1e-12));
  }

  /** Counts of bins of which the last is 19 times as likely as the first. */
  private static long[] draw(Random random, int bins, int size) {
    long[] counts = new long[bins];
    for (int i = 0; i < size; i++) {
      counts[(int) (bins * Math.sqrt(random.nextDouble()))]++;
    }
    return counts;
  }

  private static void assertResult(ChiSquareResult found, JsonNode one, String name) {
    double statistic = one.get(name).asDouble();
    double p = one.get(name + "_p").asDouble();
    assertThat(found.statistic()).isCloseTo(statistic, within(1e-9 * (1e-3 + statistic)));
    assertThat(found.degrees()).isEqualTo(one.get("degrees").asInt());
    assertThat(found.pValue()).isCloseTo(p, within(1e-7 * p + 1e-300));
  }
}
