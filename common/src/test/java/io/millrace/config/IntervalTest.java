package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IntervalTest {

  @Test
  void holdsItsClosedEndsOnly() {
    Interval share = Interval.parse("(0, 1]");

    assertThat(share.contains(0)).isFalse();
    assertThat(share.contains(Double.MIN_VALUE)).isTrue();
    assertThat(share.contains(1)).isTrue();
    assertThat(share.contains(1.1)).isFalse();
    assertThat(Interval.parse("[0, 1)").contains(0)).isTrue();
    assertThat(Interval.parse("[0, 1)").contains(1)).isFalse();
    assertThat(Interval.parse("[1, )").contains(1e300)).isTrue();
    assertThat(share.contains(Double.NaN)).isFalse();
  }

  @Test
  void saysItselfInWords() {
    assertThat(Interval.parse("(0, 1]").words()).isEqualTo("above 0 and at most 1");
    assertThat(Interval.parse("[1, )").words()).isEqualTo("at least 1");
    assertThat(Interval.parse("(, 0.5)").words()).isEqualTo("below 0.5");
  }

  @Test
  void refusesWhatIsNone() {
    assertThatThrownBy(() -> Interval.parse("0 to 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not an interval: 0 to 1");
  }
}
