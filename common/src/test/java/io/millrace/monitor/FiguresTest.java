package io.millrace.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void distancesHaveTwoDigitsThatCount() {
    assertThat(Figures.distance(12.345)).isEqualTo("12.35");
    assertThat(Figures.distance(0.424)).isEqualTo("0.42");
    assertThat(Figures.distance(0.00314)).isEqualTo("0.0031");
    assertThat(Figures.distance(0.00001)).isEqualTo("0.00");
    assertThat(Figures.distance(0)).isEqualTo("0.00");
  }

  @Test
  void sharesThatAreNotNothingAreNotShownAsNothing() {
    assertThat(Figures.percent(963, 1000)).isEqualTo("96.3%");
    assertThat(Figures.percent(1, 5000)).isEqualTo("0.02%");
    assertThat(Figures.percent(1, 3_000_000)).isEqualTo("0.00003%");
    assertThat(Figures.percent(0, 5)).isEqualTo("0%");
    assertThat(Figures.percent(5, 5)).isEqualTo("100%");
    assertThat(Figures.percent(0, 0)).isEqualTo("0%");
  }

  @Test
  void numbersKeepTheirDigits() {
    assertThat(Figures.number(999)).isEqualTo("999");
    assertThat(Figures.number(-0.1)).isEqualTo("-0.1");
    assertThat(Figures.number(20_150_131)).isEqualTo("20150131");
    assertThat(Figures.number(1e-7)).isEqualTo("1e-7");
  }
}
