package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumTest {

  @Property
  void sumsAnyDoublesAsBigDecimalDoes(@ForAll("numbers") double[] numbers) {
    ExactSum sum = new ExactSum();
    BigDecimal expected = BigDecimal.ZERO;
    for (double x : numbers) {
      sum.add(x);
      expected = expected.add(new BigDecimal(x));
    }
    assertThat(sum.exact()).isEqualByComparingTo(expected);
    assertThat(sum.value()).isEqualTo(expected.doubleValue() + 0.0);
  }

  @Property(tries = 300)
  void sumsProductsWithoutRounding(@ForAll("factors") double[] factors) {
    ExactSum sum = new ExactSum();
    BigDecimal expected = BigDecimal.ZERO;
    for (int i = 0; i + 1 < factors.length; i++) {
      sum.addProduct(factors[i], factors[i + 1]);
      expected = expected.add(new BigDecimal(factors[i]).multiply(new BigDecimal(factors[i + 1])));
    }
    assertThat(sum.exact()).isEqualByComparingTo(expected);
  }

  @Property
  void orderAndMergesLeaveTheStateAsItIs(
      @ForAll("numbers") double[] numbers, @ForAll long seed, @ForAll("parts") int parts) {
    ExactSum whole = new ExactSum();
    for (double x : numbers) {
      whole.add(x);
    }
    Random random = new Random(seed);
    double[] shuffled = numbers.clone();
    for (int i = shuffled.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swap = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = swap;
    }
    ExactSum[] sums = new ExactSum[parts];
    for (int i = 0; i < parts; i++) {
      sums[i] = new ExactSum();
    }
    for (double x : shuffled) {
      sums[random.nextInt(parts)].add(x);
    }
    ExactSum merged = new ExactSum();
    for (ExactSum part : sums) {
      merged.merge(random.nextBoolean() ? part : ExactSum.of(part.state()));
    }
    assertThat(merged.state()).isEqualTo(whole.state());
    assertThat(merged).isEqualTo(whole).hasSameHashCodeAs(whole);
  }

  @Provide
  Arbitrary<double[]> numbers() {
    Arbitrary<Double> any =
        Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
    Arbitrary<Double> near = Arbitraries.integers().between(-5000, 5000).map(i -> i / 7.0);
    Arbitrary<Double> edges =
        Arbitraries.of(
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MIN_NORMAL,
            Math.nextDown(Double.MIN_NORMAL),
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            0.0,
            -0.0,
            0x1p-53,
            1.0,
            -1.0);
    return Arbitraries.frequencyOf(Tuple.of(2, any), Tuple.of(2, near), Tuple.of(1, edges))
        .array(double[].class)
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<double[]> factors() {
    return Arbitraries.doubles().between(-1e100, 1e100).array(double[].class).ofMaxSize(40);
  }

  @Provide
  Arbitrary<Integer> parts() {
    return Arbitraries.integers().between(1, 7);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.MAX_VALUE, -Double.MAX_VALUE, -1e-310, 0.1, -3.0})
  void carriesInTimeForManyTermsOfOneSign(double term) {
    ExactSum sum = new ExactSum();
    for (int i = 0; i < 100_000; i++) {
      sum.add(term);
    }
    BigDecimal expected = new BigDecimal(term).multiply(BigDecimal.valueOf(100_000));
    assertThat(sum.exact()).isEqualByComparingTo(expected);
    assertThat(sum.value()).isEqualTo(expected.doubleValue());
  }

  @Test
  void mergesManyStatesWithoutOverflow() {
    ExactSum one = new ExactSum();
    one.add(-Double.MIN_VALUE);
    ExactSum sum = new ExactSum();
    for (int i = 0; i < 5_000; i++) {
      sum.merge(one);
    }
    assertThat(sum.value()).isEqualTo(-5_000 * Double.MIN_VALUE);
  }

  @Test
  void roundsTiesToEven() {
    assertThat(sum(1.0, 0x1p-53)).isEqualTo(1.0);
    assertThat(sum(1.0, 0x1p-52, 0x1p-53)).isEqualTo(1.0 + 0x1p-51);
    assertThat(sum(1.0, 0x1p-53, Double.MIN_VALUE)).isEqualTo(Math.nextUp(1.0));
    assertThat(sum(-1.0, -0x1p-53, -Double.MIN_VALUE)).isEqualTo(Math.nextDown(-1.0));
  }

  @Test
  void overflowsOnlyAtTheEnd() {
    double max = Double.MAX_VALUE;
    assertThat(sum(max, max, -max)).isEqualTo(max);
    assertThat(sum(max, max)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(sum(-max, -max)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void treatsNanAndInfinitiesAsAdditionDoes() {
    double inf = Double.POSITIVE_INFINITY;
    assertThat(sum(1, inf, 2)).isEqualTo(inf);
    assertThat(sum(1, -inf)).isEqualTo(-inf);
    assertThat(sum(inf, -inf)).isNaN();
    assertThat(sum(inf, Double.NaN)).isNaN();
    ExactSum product = new ExactSum();
    product.addProduct(1e200, 1e200);
    assertThat(product.value()).isEqualTo(inf);
    ExactSum zero = new ExactSum();
    zero.addProduct(0, inf);
    assertThat(zero.value()).isNaN();
    assertThatThrownBy(product::exact)
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("a sum that is Infinity has no exact value");
  }

  @Test
  void zeroIsPositive() {
    assertThat(Double.doubleToRawLongBits(sum(-0.0))).isZero();
    assertThat(Double.doubleToRawLongBits(sum(1, -1))).isZero();
    assertThat(Double.doubleToRawLongBits(sum())).isZero();
  }

  @Test
  void refusesAStateOfAnotherLength() {
    assertThatThrownBy(() -> ExactSum.of(new long[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the state of an exact sum has 68 longs, this one 3");
  }

  private static double sum(double... terms) {
    ExactSum sum = new ExactSum();
    for (double x : terms) {
      sum.add(x);
    }
    return sum.value();
  }
}
