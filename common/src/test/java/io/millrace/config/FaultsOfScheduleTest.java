package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsOfScheduleTest {

  @TempDir Path folder;

  static Stream<Arguments> faults() {
    String mend = "; write it like 0 6 * * * (daily at 06:00 UTC) or none";
    return Stream.of(
        arguments(
            "{daily: 0 6 * *}", "schedule.daily: '0 6 * *' hasn't the five fields of cron" + mend),
        arguments(
            "{daily: 0 24 * * *}",
            "schedule.daily: '24' is no hour (0 to 23, *, */n, a-b, a,b)" + mend),
        arguments(
            "{train: 0 6 1 13 *}",
            "schedule.train: '13' is no month (1 to 12, *, */n, a-b, a,b)" + mend),
        arguments(
            "{train: 0 6 9-1 * *}",
            "schedule.train: '9-1' is no day of month (1 to 31, *, */n, a-b, a,b)" + mend),
        arguments(
            "{train: hourly}", "schedule.train: 'hourly' hasn't the five fields of cron" + mend),
        arguments(
            "{start: 2026-02-01, end: 2026-01-31}",
            "schedule.end: before start, 2026-02-01; swap them"),
        arguments(
            "{catchup: true}",
            "schedule.catchup: true, but nothing says from when on; add schedule.start, a date"),
        arguments(
            "{retry-delay: 2h}",
            "schedule.retry-delay: longer than 1h, the longest wait; shorten it"),
        arguments(
            "{deadline: 0h}",
            "schedule.deadline: no time at all; give more, such as 4h, or take it away"),
        arguments(
            "{deadline: 53w}",
            "schedule.deadline: longer than 366d; give less, such as 4h, or take it away"),
        arguments(
            "{pool: \" \"}",
            "schedule.pool: an empty name; name a pool of Airflow's or take it away"),
        arguments("{retries: -1}", "schedule.retries: expected a number at least 0, found -1"),
        arguments("{max-active: 0}", "schedule.max-active: expected a number at least 1, found 0"),
        arguments(
            "{tasks: chains}",
            "schedule.tasks: expected one of chain, stages, found \"chains\"; did you mean chain?"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void eachFaultNamesItsMend(String yaml, String message) {
    String spec = SpecFiles.BANK + "schedule: " + yaml + "\n";
    assertThat(SpecFiles.message(folder, () -> SpecFiles.read(folder, spec)))
        .endsWith(": " + message)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 6 * * *", "*/15 0-6/2 1,15 jan-mar MON-fri", "59 23 31 12 7", "none"})
  void schedulesAreRead(String cron) {
    String spec = SpecFiles.BANK + "schedule: {daily: \"" + cron + "\"}\n";
    assertThat(SpecFiles.read(folder, spec).schedule().daily()).contains(cron);
  }

  @Test
  void aSpecThatSaysNothingHasASchedule() {
    assertThat(SpecFiles.read(folder, SpecFiles.BANK).schedule())
        .isEqualTo(
            new ScheduleSpec(
                Optional.empty(),
                "none",
                ScheduleSpec.Period.ENDED,
                ScheduleSpec.Tasks.CHAIN,
                2,
                Duration.ofMinutes(5),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                1));
  }
}
