package io.millrace.jobs;

import static io.millrace.jobs.RealPipelines.DATE;
import static io.millrace.jobs.RealPipelines.assertReleased;
import static io.millrace.jobs.RealPipelines.open;
import static io.millrace.jobs.RealPipelines.train;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.RealPipelines.Held;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pipeline of {@code conf/} on half a million connections. */
@Tag("much-data")
@Order(1)
class NetworkIntrusionTest {

  @Test
  void intrusionsOfTwentyThreeClasses() {
    Held held = train(open("network-intrusion", "kddcup99"), DATE);
    assertThat(held.challenger("accuracy")).isGreaterThan(0.999);
    assertReleased(held.work(), DATE, 494_021);
    // Equal rows by the hundred thousand, and yet each has an id of its own; none is refused.
    Row ids =
        held.work()
            .raw("kdd_connections")
            .read()
            .selectExpr("count(*)", "count(distinct _row_id)")
            .head();
    assertThat(ids.getLong(0)).isEqualTo(494_021);
    assertThat(ids.getLong(1)).isEqualTo(494_021);
    assertThat(held.work().lake().latest("quarantine/kdd_connections")).isEmpty();
  }
}
