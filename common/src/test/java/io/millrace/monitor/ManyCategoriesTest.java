package io.millrace.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MonitorSpec;
import io.millrace.config.MonitorSpec.Distance;
import io.millrace.validate.ColumnMeasures;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * 100,000 rows of a column with 1,000 categories that hasn't changed, and of one with two that has:
 * their distances are about the same, so no limit of the distance alone tells them apart.
 */
class ManyCategoriesTest {

  private static final int ROWS = 100_000;

  private static ColumnMeasures draw(long seed, int categories, double shareOfFirst) {
    Random random = new Random(seed);
    return Columns.texts(
        Stream.generate(
                () ->
                    random.nextDouble() < shareOfFirst
                        ? "v0"
                        : "v" + (1 + random.nextInt(categories - 1)))
            .limit(ROWS)
            .toList());
  }

  @Test
  void onlyTheChangedColumnIsFound() {
    List<Watched> columns =
        List.of(
            Columns.feature("unchanged", draw(1, 1000, 0.001), draw(2, 1000, 0.001)),
            Columns.feature("changed", draw(3, 2, 0.5), draw(4, 2, 0.44)));
    MonitorSpec.Drift spec = Columns.spec(Distance.JENSEN_SHANNON, 0.03, 0.2);
    List<ColumnDrift> found = DriftJudge.judge(columns, spec);
    Measure unchanged = found.get(0).judged().orElseThrow();
    Measure changed = found.get(1).judged().orElseThrow();
    assertThat(unchanged.value()).isGreaterThan(changed.value());
    assertThat(found).extracting(ColumnDrift::verdict).containsExactly(Verdict.OK, Verdict.WARN);
    assertThat(found)
        .extracting(ColumnDrift::message)
        .containsExactly(
            "unchanged: jensen-shannon 0.06 (chance 0.06)",
            "changed: jensen-shannon 0.05 (chance 0.0019), v1 went from 49.8% to 56.0%, v0 went"
                + " from 50.2% to 44.0%");
  }
}
