package io.millrace.jobs;

import static io.millrace.jobs.RealPipelines.assertReleased;
import static io.millrace.jobs.RealPipelines.open;
import static io.millrace.jobs.RealPipelines.train;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.RealPipelines.Held;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bank's calls by months, as the demo has them; one of those that take longest. */
@Tag("much-data")
@Order(2)
class BankMonthsTest {

  @Test
  void aMonthIsScoredByTheModelOfTwoMonthsBefore() {
    Work work = open("bank", Map.of("examples", "../examples"));
    Held held = train(work, LocalDate.parse("2008-09-01"));
    assertThat(held.challenger("auc")).isGreaterThan(0.54);
    assertReleased(work, LocalDate.parse("2008-11-01"), 3616);
  }
}
