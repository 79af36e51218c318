package io.millrace.jobs;

import static io.millrace.jobs.RealPipelines.DATE;
import static io.millrace.jobs.RealPipelines.assertReleased;
import static io.millrace.jobs.RealPipelines.open;
import static io.millrace.jobs.RealPipelines.train;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.RealPipelines.Held;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pipeline of {@code conf/} on two thirds of a million people. */
@Tag("much-data")
class CensusIncomeTest {

  @Test
  void censusIncomeWithItsPublishedTestFile() {
    Held held = train(open("acs-income", "folktables"), DATE);
    assertThat(held.challenger("auc")).isGreaterThan(0.893);
    assertReleased(held.work(), DATE, 665_800);
  }
}
