package io.millrace.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_micros;

import io.millrace.DataException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The two moments that part rows into train, tune and test: a row belongs before a cut when its
 * time is less, so that rows of one moment stay together.
 *
 * @param first microseconds since the epoch
 * @param second microseconds since the epoch, not before the first
 */
record TimeCuts(long first, long second) {

  private static final long DAY = 86_400_000_000L;

  /** {@code _time} in microseconds since the epoch. */
  static Column micros() {
    return unix_micros(col("_time").cast("timestamp"));
  }

  /**
   * Finds the cuts whose shares of earlier rows are nearest to those wanted, by exact counts: first
   * per day, then per moment of the day that holds the cut, so that few rows reach the driver.
   */
  static TimeCuts of(Dataset<Row> rows, double firstShare, double secondShare) {
    Dataset<Row> times = rows.select(micros().as("t"));
    List<Row> days = counts(times.withColumn("t", floor(col("t").divide(lit(DAY))).cast("long")));
    long all = days.stream().mapToLong(row -> row.getLong(1)).sum();
    if (!days.isEmpty() && days.get(0).isNullAt(0)) {
      throw new DataException(
          "split: " + days.get(0).getLong(1) + " rows have no time; mend them, or use by-hash");
    }
    TimeCuts cuts =
        new TimeCuts(
            nearest(times, days, Math.round(firstShare * all)),
            nearest(times, days, Math.round(secondShare * all)));
    cuts.check(times, firstShare, secondShare);
    return cuts;
  }

  private static List<Row> counts(Dataset<Row> times) {
    return times.groupBy("t").agg(count(lit(1))).orderBy("t").collectAsList();
  }

  private static long nearest(Dataset<Row> times, List<Row> days, long wanted) {
    long before = 0;
    for (Row day : days) {
      long start = day.getLong(0) * DAY;
      long through = before + day.getLong(1);
      if (through > wanted) {
        Column within = col("t").geq(start).and(col("t").lt(start + DAY));
        return nearestMoment(counts(times.filter(within)), before, wanted, start + DAY);
      }
      before = through;
    }
    return Long.MAX_VALUE;
  }

  private static long nearestMoment(List<Row> moments, long before, long wanted, long end) {
    for (Row moment : moments) {
      long through = before + moment.getLong(1);
      if (through > wanted && wanted - before <= through - wanted) {
        return moment.getLong(0);
      }
      before = through;
    }
    return end;
  }

  private void check(Dataset<Row> times, double firstShare, double secondShare) {
    long train = times.filter(col("t").lt(first)).count();
    long tune = times.filter(col("t").geq(first).and(col("t").lt(second))).count();
    long test = times.filter(col("t").geq(second)).count();
    boolean empty =
        train == 0 || (secondShare > firstShare && tune == 0) || (secondShare < 1 && test == 0);
    if (empty) {
      throw new DataException(
          String.format(
              "split: by-time leaves %d rows to train, %d to tune and %d to test: too few moments;"
                  + " change the shares, or use by-hash",
              train, tune, test));
    }
  }
}
