package io.millrace.train;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.SpecException;
import io.millrace.config.SplitSpec;
import java.time.Duration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Says of each labelled row whether it trains, tunes or tests. The answer depends on the set of
 * rows alone, never on their order or partitions.
 */
public final class Splitter {

  /** The column that is added. */
  public static final String SPLIT = "_split";

  /** Rows that a model is fitted on. */
  public static final String TRAIN = "train";

  /** Rows that stop a fit early and choose among trials. */
  public static final String TUNE = "tune";

  /** Rows that no fit sees. */
  public static final String TEST = "test";

  private static final double ROUNDING = 1e-9;

  private Splitter() {}

  /**
   * Adds {@value #SPLIT}.
   *
   * @param rows with columns {@code _key} (text of the entity's key), for {@code by-time} and
   *     {@code by-period} {@code _time} (date or timestamp), for {@code by-file} {@code _file}
   * @param after how long an outcome takes to show, which {@code without-known} of {@code
   *     by-period} looks at
   * @throws SpecException when the shares aren't shares
   * @throws io.millrace.DataException when a row has no time, or the times can't be cut so
   */
  public static Dataset<Row> add(Dataset<Row> rows, SplitSpec spec, Duration after) {
    if (spec instanceof SplitSpec.ByHash s) {
      checkShares("by-hash", s.train(), s.tune(), s.test());
      Column u = uniform();
      return rows.withColumn(SPLIT, sides(u.lt(s.train()), u.lt(s.train() + s.tune())));
    }
    if (spec instanceof SplitSpec.ByTime s) {
      checkShares("by-time", s.train(), s.tune(), s.test());
      Column time = TimeCuts.micros();
      TimeCuts cuts = TimeCuts.of(rows, s.train(), s.train() + s.tune());
      return rows.withColumn(SPLIT, sides(time.lt(cuts.first()), time.lt(cuts.second())));
    }
    if (spec instanceof SplitSpec.ByPeriod s) {
      return PeriodSplit.add(rows, s, after);
    }
    SplitSpec.ByFile s = (SplitSpec.ByFile) spec;
    checkShares("by-file", 1 - s.tune(), s.tune(), 0);
    return rows.withColumn(
        SPLIT, when(matches(s.test()), TEST).otherwise(sides(uniform().geq(s.tune()), lit(true))));
  }

  /** The upper 53 bits of the XXH64 hash of the key as a number in [0, 1). */
  static Column uniform() {
    Column hash = xxhash64(lit("split"), col("_key"));
    return shiftrightunsigned(hash, 11).multiply(lit(0x1p-53));
  }

  private static Column sides(Column trains, Column tunes) {
    return when(trains, TRAIN).when(tunes, TUNE).otherwise(TEST);
  }

  /** A glob without a slash is matched with the last part of the path. */
  private static Column matches(String glob) {
    Column file = coalesce(col("_file"), lit(""));
    Column name = glob.contains("/") ? file : element_at(split(file, "/"), -1);
    return name.rlike(Globs.regex(glob));
  }

  private static void checkShares(String kind, double train, double tune, double test) {
    boolean shares = train > 0 && train <= 1 && tune >= 0 && test >= 0;
    if (!shares || Math.abs(train + tune + test - 1) > ROUNDING) {
      throw new SpecException(
          String.format(
              "split: the shares of %s must be 0 at the least, with some for train, and sum to 1,"
                  + " but they are train %s, tune %s, test %s",
              kind, train, tune, test));
    }
  }
}
