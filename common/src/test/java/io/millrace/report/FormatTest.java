package io.millrace.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0 | 0.0000",
        "0.8 | 0.8 | 0.8000",
        "0.79344999 | 0.7934 | 0.7934",
        "-0.0123 | −0.0123 | −0.0123",
        "12.3456 | 12.35 | 12.35",
        "100 | 100 | 100.0",
        "999.96 | 1,000 | 1,000",
        "1234.4 | 1,234 | 1,234",
        "-41188 | −41,188 | −41,188",
        "0.00001234 | 1.2e-05 | 1.2e-05",
        "0.00051 | 5.1e-04 | 0.0005",
        "1e18 | 1.0e+18 | 1.0e+18",
        "NaN | – | –",
        "-Infinity | −∞ | −∞"
      })
  void numbersHaveAboutFourDigits(double value, String number, String figure) {
    assertThat(Format.number(value)).isEqualTo(number);
    assertThat(Format.figure(value)).isEqualTo(figure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0 | 0", "1 | 100", "0.1234 | 12.3", "0.0042 | 0.42", "0.000001 | <0.01"})
  void sharesArePercents(double part, String percent) {
    assertThat(Format.share(part)).isEqualTo(percent + "\u202f%");
  }

  @Test
  void aShareOfNothingIsAbsent() {
    assertThat(Format.share(0, 0)).isEqualTo(Format.ABSENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120 | 120 ms",
        "3240 | 3.2 s",
        "59999 | 60.0 s",
        "252000 | 4 min 12 s",
        "3780000 | 1 h 03 min",
        "-1 | –"
      })
  void spansHaveTwoUnitsAtMost(long millis, String said) {
    assertThat(Format.duration(Duration.ofMillis(millis))).isEqualTo(said);
  }

  @Test
  void timesAreUtc() {
    assertThat(Format.time(Instant.parse("2010-10-01T23:59:59Z"))).isEqualTo("2010-10-01 23:59");
    assertThat(Format.time(Instant.MIN)).isEqualTo(Format.ABSENT);
  }

  @Test
  void cutsCountCharactersAndNotHalvesOfThem() {
    assertThat(Format.cut("𝒜𝒜𝒜", 3)).isEqualTo("𝒜𝒜𝒜");
    assertThat(Format.cut("𝒜𝒜𝒜𝒜", 3)).isEqualTo("𝒜𝒜…");
    assertThat(Format.title("𝒜𝒜𝒜", 3)).isNull();
    assertThat(Format.title("x".repeat(5000), 10)).hasSize(1000).endsWith("…");
  }

  @Test
  void onlyTextsThatAreNumbersAreRounded() {
    assertThat(Format.value("0.123456")).isEqualTo("0.1235");
    assertThat(Format.value("2010-10-01")).isEqualTo("2010-10-01");
    assertThat(Format.value("0x1p3")).isEqualTo("0x1p3");
  }

  @Test
  void oneIsNotMany() {
    assertThat(Format.count(1, "row")).isEqualTo("1 row");
    assertThat(Format.count(2000, "row")).isEqualTo("2,000 rows");
  }
}
