package io.millrace.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Sums and extremes whose numbers come and go, against those of what is left. */
class RunningSumTest {

  private static final double[] AWKWARD = {
    1e300, -1e300, 1e-300, 0.1, 0x1p31, -0x1p31, 0x1p53, 5, -7, 4e15, Double.MIN_VALUE
  };

  @Property(tries = 50)
  void areThoseOfTheNumbersThatAreLeft(@ForAll long seed) {
    Random random = new Random(seed);
    RunningSum running = new RunningSum();
    RunningSquares squares = new RunningSquares();
    ArrayDeque<Double> left = new ArrayDeque<>();
    for (int i = 0; i < 60; i++) {
      if (random.nextInt(3) > 0 || left.isEmpty()) {
        double x =
            random.nextBoolean()
                ? AWKWARD[random.nextInt(AWKWARD.length)]
                : random.nextInt(100_000) / 100.0;
        left.add(x);
        running.add(x);
        squares.add(x);
      } else {
        double x = left.poll();
        running.subtract(x);
        squares.subtract(x);
      }
      RunningSum fresh = new RunningSum();
      RunningSquares freshSquares = new RunningSquares();
      left.forEach(fresh::add);
      left.forEach(freshSquares::add);
      assertThat(running.value()).isEqualTo(fresh.value());
      assertThat(running.exact()).isEqualByComparingTo(fresh.exact());
      assertThat(Double.valueOf(squares.deviation(running)))
          .isEqualTo(Double.valueOf(freshSquares.deviation(fresh)));
    }
  }

  @Test
  void comeBackFromInfinity() {
    RunningSum sum = new RunningSum();
    sum.add(0.5);
    sum.add(Double.POSITIVE_INFINITY);
    assertThat(sum.value()).isEqualTo(Double.POSITIVE_INFINITY);
    sum.add(Double.NEGATIVE_INFINITY);
    assertThat(sum.value()).isNaN();
    sum.subtract(Double.POSITIVE_INFINITY);
    assertThat(sum.value()).isEqualTo(Double.NEGATIVE_INFINITY);
    sum.subtract(Double.NEGATIVE_INFINITY);
    assertThat(sum.value()).isEqualTo(0.5);
  }

  @Test
  void deviationsOfEqualNumbersAreZero() {
    RunningSum sum = new RunningSum();
    RunningSquares squares = new RunningSquares();
    for (int i = 0; i < 5; i++) {
      sum.add(0.1);
      squares.add(0.1);
    }
    assertThat(squares.deviation(sum)).isZero();
    squares.add(1e200);
    sum.add(1e200);
    assertThat(squares.deviation(sum)).isNaN();
  }
}
