package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RankSumsTest {

  /** The definition: every positive against every negative. */
  @Property(tries = 200)
  void agreesWithAllPairs(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 40) int levels) {
    Rows data = Rows.random(new Random(seed), rows, levels);
    RankSums sums = data.sums(0, rows, 0, 0);
    double[] ofPositives = data.components(true);
    double[] ofNegatives = data.components(false);
    if (ofPositives.length == 0 || ofNegatives.length == 0) {
      assertThat(sums.auc()).isEmpty();
      assertThat(sums.aucInterval()).isEmpty();
      return;
    }
    double auc = Arrays.stream(ofPositives).average().getAsDouble();
    assertThat(sums.auc().getAsDouble()).isCloseTo(auc, within(1e-12));
    assertThat(sums.averagePrecision().getAsDouble())
        .isCloseTo(data.averagePrecision(), within(1e-12));
    if (ofPositives.length < 2 || ofNegatives.length < 2) {
      assertThat(sums.aucInterval()).isEmpty();
      return;
    }
    double variance =
        variance(ofPositives) / ofPositives.length + variance(ofNegatives) / ofNegatives.length;
    double half = Interval.Z * Math.sqrt(variance);
    Interval interval = sums.aucInterval().orElseThrow();
    // a variance of 0 is one of 1e-17 to the twin, whose root is 3e-9
    assertThat(interval.low()).isCloseTo(Math.max(0, auc - half), within(1e-7));
    assertThat(interval.high()).isCloseTo(Math.min(1, auc + half), within(1e-7));
  }

  @Property(tries = 200)
  void partsHaveTheBitsOfTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 40) int levels) {
    Random random = new Random(seed);
    Rows data = Rows.random(random, rows, levels);
    int cut = random.nextInt(rows);
    while (cut > 0 && data.scores[cut] == data.scores[cut - 1]) {
      cut--;
    }
    RankSums whole = data.sums(0, rows, 0, 0);
    RankSums upper = data.sums(0, cut, 0, 0);
    RankSums lower = data.sums(cut, rows, upper.positives(), upper.negatives());
    lower.merge(upper);
    assertThat(lower.auc()).isEqualTo(whole.auc());
    assertThat(lower.aucInterval()).isEqualTo(whole.aucInterval());
    assertThat(lower.averagePrecision()).isEqualTo(whole.averagePrecision());
    assertThat(lower.positives()).isEqualTo(whole.positives());
    assertThat(lower.negatives()).isEqualTo(whole.negatives());
  }

  @Test
  void refusesRowsOutOfOrder() {
    RankSums sums = new RankSums();
    sums.add(0.5, true);
    assertThatThrownBy(() -> sums.add(0.6, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("score 0.6 comes after 0.5");
    assertThatThrownBy(() -> sums.add(Double.NaN, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("score NaN comes after 0.5");
    assertThat(sums.auc()).isEmpty();
    assertThatThrownBy(() -> sums.add(0.4, true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("rank sums that were read can't be added to");
  }

  private static double variance(double[] x) {
    double mean = Arrays.stream(x).average().getAsDouble();
    return Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (x.length - 1);
  }

  private record Rows(double[] scores, boolean[] positive) {

    static Rows random(Random random, int rows, int levels) {
      double[] scores = new double[rows];
      boolean[] positive = new boolean[rows];
      Arrays.setAll(scores, i -> -random.nextInt(levels) / 7.0);
      Arrays.sort(scores);
      for (int i = 0; i < rows / 2; i++) {
        double swap = scores[i];
        scores[i] = scores[rows - 1 - i];
        scores[rows - 1 - i] = swap;
      }
      for (int i = 0; i < rows; i++) {
        positive[i] = random.nextInt(3) == 0;
      }
      return new Rows(scores, positive);
    }

    RankSums sums(int from, int to, long positivesAbove, long negativesAbove) {
      RankSums sums = new RankSums(positivesAbove, negativesAbove);
      for (int i = from; i < to; i++) {
        sums.add(scores[i], positive[i]);
      }
      return sums;
    }

    /** For each row of one class, the share of the other class that it wins over or loses to. */
    double[] components(boolean ofPositives) {
      long others = count(!ofPositives);
      double[] shares = new double[(int) count(ofPositives)];
      int next = 0;
      for (int i = 0; i < scores.length; i++) {
        if (positive[i] == ofPositives) {
          double wins = 0;
          for (int j = 0; j < scores.length; j++) {
            if (positive[j] != ofPositives) {
              int order = Double.compare(scores[i], scores[j]) * (ofPositives ? 1 : -1);
              wins += order > 0 ? 1 : order == 0 ? 0.5 : 0;
            }
          }
          shares[next++] = wins / others;
        }
      }
      return shares;
    }

    /** Precision among all rows that score as high, averaged over the positives. */
    double averagePrecision() {
      double sum = 0;
      for (int i = 0; i < scores.length; i++) {
        if (positive[i]) {
          int above = 0;
          int hits = 0;
          for (int j = 0; j < scores.length; j++) {
            if (scores[j] >= scores[i]) {
              above++;
              hits += positive[j] ? 1 : 0;
            }
          }
          sum += (double) hits / above;
        }
      }
      return sum / count(true);
    }

    private long count(boolean ofPositives) {
      int count = 0;
      for (boolean p : positive) {
        count += p == ofPositives ? 1 : 0;
      }
      return count;
    }
  }
}
