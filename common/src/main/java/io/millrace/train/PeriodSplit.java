package io.millrace.train;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_add;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.millrace.config.SplitSpec;
import io.millrace.config.SplitSpec.Period;
import io.millrace.table.Columns;
import java.time.Duration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The split {@code by-period}. With {@code without-known} it is that of the Fraud Detection
 * Handbook (Le Borgne et al. 2022, {@code get_train_test_set}).
 */
final class PeriodSplit {

  private static final String SHOWN = "_shown";
  private static final String OF_KEY = "_of_key";

  private PeriodSplit() {}

  static Dataset<Row> add(Dataset<Row> rows, SplitSpec.ByPeriod spec, Duration after) {
    Column tests = in(spec.test());
    Dataset<Row> left =
        spec.withoutKnown().map(key -> withoutKnown(rows, spec, key, after)).orElse(rows);
    Column side =
        when(tests, Splitter.TEST)
            .when(Splitter.uniform().lt(spec.tune()), Splitter.TUNE)
            .otherwise(Splitter.TRAIN);
    return left.where(tests.or(in(spec.train()))).withColumn(Splitter.SPLIT, side);
  }

  /** The day of the event in UTC, which the session's time zone is. */
  private static Column day() {
    return col("_time").cast("date");
  }

  private static Column in(Period period) {
    return day().between(java.sql.Date.valueOf(period.from()), java.sql.Date.valueOf(period.to()));
  }

  /**
   * Leaves out test rows of keys with a positive since the train period began that showed before
   * their day: the first positive of a key is the first to show.
   */
  private static Dataset<Row> withoutKnown(
      Dataset<Row> rows, SplitSpec.ByPeriod spec, String key, Duration after) {
    int days = Math.toIntExact(after.plusDays(1).minusNanos(1).toDays());
    Dataset<Row> known =
        rows.where(col(TrainingSet.LABEL).equalTo(1.0).and(in(spec.span())))
            .groupBy(Columns.named(key).as(OF_KEY))
            .agg(date_add(min(day()), 1 + days).as(SHOWN));
    Column shown = coalesce(col(SHOWN).leq(day()), lit(false));
    return rows.join(known, Columns.named(key).equalTo(col(OF_KEY)), "left")
        .where(not(in(spec.test()).and(shown)))
        .drop(OF_KEY, SHOWN);
  }
}
