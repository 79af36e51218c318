package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MomentsTest {

  @Test
  void keepsTheDeviationBesideALargeMean() {
    Moments moments = of(1e15, 1e15 + 1, 1e15 + 2);
    assertThat(moments.mean()).hasValue(1e15 + 1);
    assertThat(moments.squaredDeviations()).hasValue(2.0);
    assertThat(moments.variance()).hasValue(1.0);
  }

  @Test
  void mergesToTheBitsOfTheWhole() {
    Moments parts = of(0.1, 0.7);
    parts.merge(of(0.2));
    assertThat(parts.variance()).isEqualTo(of(0.2, 0.7, 0.1).variance());
    assertThat(parts.sum()).isEqualTo(1.0);
    assertThat(parts.sumOfSquares()).isCloseTo(0.54, within(1e-15));
    assertThat(parts.count()).isEqualTo(3);
  }

  @Test
  void leavesOutWhatIsUndefined() {
    assertThat(new Moments().mean()).isEmpty();
    assertThat(new Moments().squaredDeviations()).isEmpty();
    assertThat(of(3).variance()).isEmpty();
    assertThat(of(3).squaredDeviations()).hasValue(0.0);
    assertThat(of(1, Double.POSITIVE_INFINITY).mean()).isEmpty();
    assertThat(of(1e200, 1).variance()).isEmpty();
  }

  @Test
  void comesBackFromItsState() {
    Moments moments = of(0.1, -3, 1e300, 2.5e-300);
    Moments read = Moments.of(moments.state());

    assertThat(read.state()).isEqualTo(moments.state());
    assertThat(read.count()).isEqualTo(4);
    assertThat(read.variance()).isEqualTo(moments.variance());
    read.add(7);
    assertThat(read.count()).isEqualTo(5);
    assertThat(moments.count()).isEqualTo(4);
    assertThatThrownBy(() -> Moments.of(new long[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the state of moments has 137 longs, this one 3");
  }

  @Test
  void hasIntervalsOfMeans() {
    Interval interval = Interval.ofMean(of(1, 2, 3, 4)).orElseThrow();
    double half = 1.959963984540054 * Math.sqrt(5.0 / 3 / 4);
    assertThat(interval.low()).isCloseTo(2.5 - half, within(1e-15));
    assertThat(interval.high()).isCloseTo(2.5 + half, within(1e-15));
    assertThat(interval.within(2, 3)).isEqualTo(new Interval(2, 3));
    assertThat(Interval.ofMean(of(1))).isEmpty();
  }

  @Test
  void hasWilsonIntervalsOfShares() {
    assertThat(Interval.wilson(0, 0)).isEmpty();
    assertThat(Interval.wilson(0, 10).orElseThrow().low()).isZero();
    assertThat(Interval.wilson(10, 10).orElseThrow().high()).isEqualTo(1);
    // Newcombe (1998), table I: 81 of 263 and 1 of 29
    assertThat(Interval.wilson(81, 263).orElseThrow().low()).isCloseTo(0.2553, within(5e-5));
    assertThat(Interval.wilson(81, 263).orElseThrow().high()).isCloseTo(0.3662, within(5e-5));
    assertThat(Interval.wilson(1, 29).orElseThrow().low()).isCloseTo(0.0061, within(5e-5));
    assertThat(Interval.wilson(1, 29).orElseThrow().high()).isCloseTo(0.1718, within(5e-5));
  }

  private static Moments of(double... numbers) {
    Moments moments = new Moments();
    for (double x : numbers) {
      moments.add(x);
    }
    return moments;
  }
}
