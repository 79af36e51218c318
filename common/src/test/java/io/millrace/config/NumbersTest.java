package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class NumbersTest {

  @Property(tries = 500)
  void readsBackAsTheSameNumber(@ForAll long bits) {
    double x = Double.longBitsToDouble(bits);
    if (Double.isFinite(x)) {
      assertThat(Double.parseDouble(Numbers.text(x))).isEqualTo(x + 0.0);
    }
  }

  @Property(tries = 500)
  void hasNoMoreDigitsThanJavasOwn(@ForAll double x) {
    assertThat(new BigDecimal(Numbers.text(x)).stripTrailingZeros().precision())
        .isLessThanOrEqualTo(new BigDecimal(Double.toString(x)).stripTrailingZeros().precision());
  }
}
