package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DeLong's test against his own definition, pair by pair. */
class PairedAucTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void isThatOfAllPairs(int seed) {
    Random random = new Random(seed);
    int rows = 40 + random.nextInt(60);
    boolean[] positive = new boolean[rows];
    double[] before = new double[rows];
    double[] after = new double[rows];
    for (int i = 0; i < rows; i++) {
      positive[i] = i < 2 || i > 4 && random.nextInt(3) == 0;
      // Few different scores, so there are ties within and across the classes.
      before[i] = random.nextInt(12) / 10.0 + (positive[i] ? 0.3 : 0);
      after[i] = seed == 4 ? random.nextGaussian() : before[i] + random.nextInt(5) / 10.0;
    }

    PairedAuc found = PairedAuc.of(positive, before, after).orElseThrow();

    double[][] one = pairs(positive, before);
    double[][] other = pairs(positive, after);
    double variance =
        (covariance(one[0], one[0])
                    + covariance(other[0], other[0])
                    - 2 * covariance(one[0], other[0]))
                / one[0].length
            + (covariance(one[1], one[1])
                    + covariance(other[1], other[1])
                    - 2 * covariance(one[1], other[1]))
                / one[1].length;
    assertThat(found.before()).isCloseTo(mean(one[0]), within(1e-12));
    assertThat(found.after()).isCloseTo(mean(other[0]), within(1e-12));
    assertThat(found.variance()).isCloseTo(variance, within(1e-12)).isPositive();
    double z = (found.after() - found.before()) / Math.sqrt(variance);
    assertThat(found.pValue()).isCloseTo(ChiSquare.survival(z * z, 1), within(1e-9));
    assertThat(found.before()).isCloseTo(ranked(positive, before), within(1e-12));
  }

  @Test
  void sameRankingIsNoDifference() {
    boolean[] positive = {true, true, false, false, true};
    double[] scores = {0.9, 0.4, 0.5, 0.1, 0.7};
    double[] doubled = {1.8, 0.8, 1.0, 0.2, 1.4};
    PairedAuc found = PairedAuc.of(positive, scores, doubled).orElseThrow();
    assertThat(found.pValue()).isEqualTo(1);
    assertThat(found.variance()).isZero();
    assertThat(PairedAuc.of(new boolean[] {true, false, false}, new double[3], new double[3]))
        .isEmpty();
  }

  /** The components as DeLong defines them, a tie counting one half. */
  private static double[][] pairs(boolean[] positive, double[] scores) {
    List<Double> up = new ArrayList<>();
    List<Double> down = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      double wins = 0;
      int others = 0;
      for (int j = 0; j < scores.length; j++) {
        if (positive[j] != positive[i]) {
          double above = positive[i] ? scores[i] - scores[j] : scores[j] - scores[i];
          wins += above > 0 ? 1 : above == 0 ? 0.5 : 0;
          others++;
        }
      }
      (positive[i] ? up : down).add(wins / others);
    }
    return new double[][] {
      up.stream().mapToDouble(x -> x).toArray(), down.stream().mapToDouble(x -> x).toArray()
    };
  }

  private static double mean(double[] values) {
    return java.util.Arrays.stream(values).average().orElseThrow();
  }

  private static double covariance(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - mean(x)) * (y[i] - mean(y));
    }
    return sum / (x.length - 1);
  }

  /** The area as `evaluate` measures it. */
  private static double ranked(boolean[] positive, double[] scores) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      order.add(i);
    }
    Collections.sort(order, Comparator.comparingDouble(i -> -scores[i]));
    RankSums sums = new RankSums();
    order.forEach(i -> sums.add(scores[i], positive[i]));
    return sums.auc().orElseThrow();
  }
}
