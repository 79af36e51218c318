package io.millrace.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.PipelineSpec;
import io.millrace.features.FeatureLake.Raw;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which slices a date reads, and so which late file makes it stale. */
class FeatureReachTest {

  private static final String SPEC =
      """
      pipeline: pay
      sources:
        payments: {kind: parquet, path: p, key: [id], time: at}
      entity: [id]
      population: {source: payments, per: %s}
      features:
        columns: [amount]
        windows:
          - {source: payments, by: card, over: [%s], delay: %s, aggregate: {"*": [count]}}
      """;

  private static FeatureLake lake;

  @BeforeAll
  static void oneFileADay() {
    lake = new FeatureLake();
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("at", DataTypes.TimestampType)
            .add("card", DataTypes.LongType)
            .add("amount", DataTypes.DoubleType);
    for (int day = 1; day <= 9; day++) {
      LocalDate date = LocalDate.of(2026, 3, day);
      java.sql.Timestamp noon = java.sql.Timestamp.valueOf(date.atTime(12, 0));
      lake.append(
          "payments",
          schema,
          String.valueOf(day).repeat(32),
          List.of(new Raw(date, date, "r" + day, (long) day, noon, 1L, 1.0)));
    }
  }

  /** The days of the files that the 7th of March reads. */
  private static List<String> days(String per, String span, String delay) {
    PipelineSpec spec = lake.spec(SPEC.formatted(per, span, delay));
    FeatureReach reach =
        FeatureReach.of(lake.sources(spec), LocalDate.of(2026, 3, 7)).orElseThrow();
    return reach.runIds().stream().map(id -> id.substring(0, 1)).toList();
  }

  @Test
  void anEventLooksBackByItsSpan() {
    assertThat(days("event", "1d", "0d")).containsExactly("6", "7");
    assertThat(days("event", "1h", "0d")).containsExactly("6", "7");
    assertThat(days("event", "2d, 3d", "0d")).containsExactly("4", "5", "6", "7");
  }

  @Test
  void whatADelayKeepsFromItIsntRead() {
    assertThat(days("event", "1d", "3d")).containsExactly("3", "4", "7");
    assertThat(days("event", "1d", "36h")).containsExactly("4", "5", "6", "7");
  }

  @Test
  void anEntityLooksBackFromTheDatesEnd() {
    assertThat(days("entity", "1d", "0d")).contains("7").doesNotContain("8");
    PipelineSpec spec = lake.spec(SPEC.formatted("entity", "2d", "1d"));
    LocalDate date = LocalDate.of(2026, 3, 7);
    FeatureReach.Days days = FeatureReach.days(spec, spec.features().windows().get(0), date);
    assertThat(days.from()).isEqualTo(LocalDate.of(2026, 3, 5));
    assertThat(days.to()).isEqualTo(LocalDate.of(2026, 3, 7));
  }
}
