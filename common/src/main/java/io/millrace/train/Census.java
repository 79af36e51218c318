package io.millrace.train;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.spark_partition_id;

import io.millrace.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts of the placed rows: what says, before hours of training, whether it can work.
 *
 * @param train rows that train, by worker
 * @param tune rows that tune, by worker
 * @param trainClasses rows that train, by class; empty for a regression
 * @param tuneClasses rows that tune, by class; empty for a regression
 * @param badLabels rows whose label is null, not finite, or no class
 * @param badWeights rows whose weight is null, negative or not finite
 * @param leastLabel least label of the rows that train
 * @param greatestLabel greatest label of the rows that train
 */
record Census(
    long[] train,
    long[] tune,
    long[] trainClasses,
    long[] tuneClasses,
    long badLabels,
    long badWeights,
    double leastLabel,
    double greatestLabel) {

  /** Counts in one scan; the first action on the placed rows. */
  static Census of(Placement placement, int workers) {
    Dataset<Row> rows = placement.rows();
    TrainingSet set = placement.set();
    Column label = col(TrainingSet.LABEL);
    Column bad = notFinite(label);
    if (set.task() != Task.REGRESSION) {
      Column whole = label.equalTo(floor(label));
      bad = bad.or(label.lt(0)).or(label.geq(set.classes().size())).or(not(whole));
    }
    Column weight = col(TrainingSet.WEIGHT);
    // Rows of one class are counted apart, so one scan tells classes too; a number is no class.
    Column group = set.task() == Task.REGRESSION ? lit(0.0) : label;
    List<Row> sums =
        rows.groupBy(spark_partition_id(), col(Splitter.SPLIT), group)
            .agg(
                count(lit(1)),
                count_if(bad),
                count_if(notFinite(weight).or(weight.lt(0))),
                min(label),
                max(label))
            .collectAsList();
    Map<String, long[]> classes = classes(sums, set);
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (Row row : sums) {
      if (row.getString(1).equals(Splitter.TRAIN) && !row.isNullAt(6)) {
        least = Math.min(least, row.getDouble(6));
        greatest = Math.max(greatest, row.getDouble(7));
      }
    }
    return new Census(
        byWorker(sums, Splitter.TRAIN, workers),
        byWorker(sums, Splitter.TUNE, workers),
        classes.get(Splitter.TRAIN),
        classes.get(Splitter.TUNE),
        sums.stream().mapToLong(row -> row.getLong(4)).sum(),
        sums.stream().mapToLong(row -> row.getLong(5)).sum(),
        least,
        greatest);
  }

  private static Column notFinite(Column x) {
    return coalesce(isnan(x).or(abs(x).equalTo(Double.POSITIVE_INFINITY)), lit(true));
  }

  private static long[] byWorker(List<Row> sums, String split, int workers) {
    long[] counts = new long[workers];
    for (Row row : sums) {
      if (row.getString(1).equals(split)) {
        counts[row.getInt(0)] += row.getLong(3);
      }
    }
    return counts;
  }

  private static Map<String, long[]> classes(List<Row> sums, TrainingSet set) {
    Map<String, long[]> counts = new TreeMap<>();
    counts.put(Splitter.TRAIN, new long[set.classes().size()]);
    counts.put(Splitter.TUNE, new long[set.classes().size()]);
    if (set.task() == Task.REGRESSION) {
      return counts;
    }
    for (Row row : sums) {
      long[] ofSplit = counts.get(row.getString(1));
      if (ofSplit != null && !row.isNullAt(2) && isClass(row.getDouble(2), ofSplit.length)) {
        ofSplit[(int) row.getDouble(2)] += row.getLong(3);
      }
    }
    return counts;
  }

  private static boolean isClass(double label, int classes) {
    return label >= 0 && label < classes;
  }

  /** Rows that train. */
  long trainRows() {
    return Arrays.stream(train).sum();
  }

  /** Rows that tune. */
  long tuneRows() {
    return Arrays.stream(tune).sum();
  }
}
