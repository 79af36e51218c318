package io.millrace.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.config.SplitSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class SplitterTest {

  private static final int ROWS = 20_000;

  private static Dataset<Row> rows() {
    return TestSpark.session()
        .range(ROWS)
        .select(
            concat(lit("k"), col("id")).as("_key"),
            col("id"),
            pmod(col("id"), lit(40)).multiply(lit(43_200)).cast("timestamp").as("_time"),
            concat(lit("in/part-"), pmod(col("id"), lit(4)), lit(".csv")).as("_file"));
  }

  private static Map<String, Long> counts(Dataset<Row> rows) {
    Map<String, Long> counts = new HashMap<>();
    for (Row row : rows.groupBy("_split").count().collectAsList()) {
      counts.put(row.getString(0), row.getLong(1));
    }
    return counts;
  }

  @Test
  void hashGivesTheSharesAndOneSidePerKeyWhateverThePartitions() {
    SplitSpec spec = new SplitSpec.ByHash(0.7, 0.15, 0.15);
    Dataset<Row> split = Splitter.add(rows(), spec, Duration.ZERO);
    Map<String, Long> counts = counts(split);
    // Binomial deviations: 65 rows for train, 50 for the others.
    assertThat(counts.get("train")).isCloseTo(14_000L, within(260L));
    assertThat(counts.get("tune")).isCloseTo(3_000L, within(200L));
    assertThat(counts.get("test")).isCloseTo(3_000L, within(200L));
    Dataset<Row> other = Splitter.add(rows().repartition(5, col("_time")), spec, Duration.ZERO);
    assertThat(split.select("_key", "_split").exceptAll(other.select("_key", "_split")).count())
        .isZero();
  }

  @Test
  void timePartsNoMoment() {
    Dataset<Row> split = Splitter.add(rows(), new SplitSpec.ByTime(0.7, 0.16, 0.14), Duration.ZERO);
    assertThat(split.select("_time", "_split").distinct().count()).isEqualTo(40);
    assertThat(counts(split)).isEqualTo(Map.of("train", 14_000L, "tune", 3_000L, "test", 3_000L));
    long latestTrain = second(split, "train", "max");
    assertThat(latestTrain).isLessThan(second(split, "tune", "min"));
    assertThat(second(split, "tune", "max")).isLessThan(second(split, "test", "min"));
  }

  private static long second(Dataset<Row> split, String side, String aggregate) {
    Row row =
        split
            .filter(col("_split").equalTo(side))
            .select(col("_time").cast("long").as("t"))
            .agg(Map.of("t", aggregate))
            .head();
    return row.getLong(0);
  }

  @Test
  void timeFallsOnTheNearerMoment() {
    Dataset<Row> rows =
        TestSpark.session()
            .range(10)
            .select(
                col("id").cast("string").as("_key"),
                // Moments of 6, 3 and 1 rows; half of the rows is nearest to the first 6.
                org.apache
                    .spark
                    .sql
                    .functions
                    .expr(
                        "timestamp_micros(case when id < 6 then -5 when id < 9 then 7 else 9 end)")
                    .as("_time"));
    assertThat(counts(Splitter.add(rows, new SplitSpec.ByTime(0.5, 0.3, 0.2), Duration.ZERO)))
        .isEqualTo(Map.of("train", 6L, "tune", 3L, "test", 1L));
  }

  @Test
  void timeNeedsTimesAndMoments() {
    Dataset<Row> one = rows().withColumn("_time", lit(5).cast("timestamp"));
    assertThatThrownBy(
            () -> Splitter.add(one, new SplitSpec.ByTime(0.7, 0.15, 0.15), Duration.ZERO))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("too few moments; change the shares, or use by-hash");
    Dataset<Row> none = rows().withColumn("_time", lit(null).cast("timestamp"));
    assertThatThrownBy(
            () -> Splitter.add(none, new SplitSpec.ByTime(0.7, 0.15, 0.15), Duration.ZERO))
        .isInstanceOf(DataException.class)
        .hasMessage("split: 20000 rows have no time; mend them, or use by-hash");
  }

  @Test
  void fileHoldsOutWhatTheGlobMatches() {
    Dataset<Row> split =
        Splitter.add(rows(), new SplitSpec.ByFile("part-{0,3}*", 0.2), Duration.ZERO);
    Map<String, Long> counts = counts(split);
    assertThat(counts.get("test")).isEqualTo(10_000);
    assertThat(counts.get("tune")).isCloseTo(2_000L, within(160L));
    assertThat(split.filter("_split = 'test' and _file not rlike 'part-[03]'").count()).isZero();
    assertThat(counts(Splitter.add(rows(), new SplitSpec.ByFile("in/*.csv", 0.2), Duration.ZERO)))
        .isEqualTo(Map.of("test", 20_000L));
  }

  @Test
  void sharesMustSumToOne() {
    assertThatThrownBy(
            () -> Splitter.add(rows(), new SplitSpec.ByHash(0.7, 0.2, 0.2), Duration.ZERO))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("sum to 1, but they are train 0.7, tune 0.2, test 0.2");
  }
}
