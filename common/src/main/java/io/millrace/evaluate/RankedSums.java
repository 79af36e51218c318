package io.millrace.evaluate;

import static org.apache.spark.sql.functions.col;

import io.millrace.stats.Mergeable;
import io.millrace.table.InternalRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Folds rows in descending order of score into sums of each slice, in parallel: the rows are parted
 * by ranges of it, a first pass counts the classes in each partition, and a second one sorts each
 * and starts it with the counts of those above. Ties never span partitions, so the result doesn't
 * depend on where the ranges are cut. Sorting spills to disk; memory is one sum per slice (and
 * class) and task, and on the driver per slice two counts per partition.
 */
final class RankedSums<S extends Mergeable<S>> implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final int FIRST_SLICE = 3;

  /** Makes a sum that starts below so many rows of either class. */
  interface Start<S> extends Serializable {
    S below(long positives, long negatives);
  }

  /** Adds a row to a sum. */
  interface Adder<S> extends Serializable {
    void add(S sum, double score, boolean positive);
  }

  private final ArrayList<String> slices;
  private final Start<S> start;
  private final Adder<S> adder;

  RankedSums(List<String> slices, Start<S> start, Adder<S> adder) {
    this.slices = new ArrayList<>(slices);
    this.start = start;
    this.adder = adder;
  }

  /**
   * The sums of all rows and of each slice, for each class.
   *
   * @param rows class (int), score (double), whether the row is positive (boolean), slices (string)
   */
  Map<SliceSums.Key, S> of(Dataset<Row> rows) {
    String[] names = rows.columns().clone();
    names[0] = "of_class";
    names[1] = "of_score";
    names[2] = "positive";
    Dataset<Row> named = rows.toDF(names);
    Column[] order = {col("of_class"), col("of_score").desc()};
    JavaRDD<InternalRow> ranged = InternalRows.of(named.repartitionByRange(order));
    // Counts need no order within a partition, so only the second pass sorts.
    List<HashMap<SliceSums.Key, Counts>> counts =
        ranged.mapPartitions(it -> List.of(counts(it)).iterator()).collect();
    JavaRDD<InternalRow> sorted =
        InternalRows.of(
            InternalRows.dataset(rows.sparkSession(), ranged, named.schema())
                .sortWithinPartitions(order));
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext());
    Broadcast<ArrayList<HashMap<SliceSums.Key, Counts>>> above = context.broadcast(above(counts));
    try {
      return sorted
          .mapPartitionsWithIndex((i, it) -> fold(it, above.value().get(i)), false)
          .mapToPair(pair -> pair)
          .reduceByKey(SliceSums::merged)
          .collectAsMap();
    } finally {
      above.destroy();
    }
  }

  private HashMap<SliceSums.Key, Counts> counts(Iterator<InternalRow> rows) {
    SliceSums.Partition<Counts> counts = new SliceSums.Partition<>(slices);
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      for (int column = 0; column <= slices.size(); column++) {
        counts
            .of(row.getInt(0), column, slice(row, column), key -> new Counts())
            .add(row.getBoolean(2));
      }
    }
    HashMap<SliceSums.Key, Counts> map = new HashMap<>();
    counts.iterator().forEachRemaining(pair -> map.put(pair._1(), pair._2()));
    return map;
  }

  private Iterator<Tuple2<SliceSums.Key, S>> fold(
      Iterator<InternalRow> rows, Map<SliceSums.Key, Counts> above) {
    SliceSums.Partition<S> sums = new SliceSums.Partition<>(slices);
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      double score = row.getDouble(1);
      boolean positive = row.getBoolean(2);
      for (int column = 0; column <= slices.size(); column++) {
        S sum =
            sums.of(row.getInt(0), column, slice(row, column), key -> above.get(key).start(start));
        adder.add(sum, score, positive);
      }
    }
    return sums.iterator();
  }

  private static String slice(InternalRow row, int column) {
    return column == 0 ? "" : row.getUTF8String(FIRST_SLICE + column - 1).toString();
  }

  /** For each partition and what it holds, the counts of the partitions before it. */
  private static ArrayList<HashMap<SliceSums.Key, Counts>> above(
      List<HashMap<SliceSums.Key, Counts>> counts) {
    ArrayList<HashMap<SliceSums.Key, Counts>> above = new ArrayList<>();
    Map<SliceSums.Key, Counts> running = new HashMap<>();
    for (Map<SliceSums.Key, Counts> partition : counts) {
      HashMap<SliceSums.Key, Counts> before = new HashMap<>();
      partition.forEach(
          (key, count) -> {
            Counts sum = running.computeIfAbsent(key, k -> new Counts());
            before.put(key, sum.copy());
            sum.add(count);
          });
      above.add(before);
    }
    return above;
  }

  /** Rows of either class. */
  private static final class Counts implements Serializable {

    private static final long serialVersionUID = 1L;
    private long positives;
    private long negatives;

    void add(boolean positive) {
      if (positive) {
        positives++;
      } else {
        negatives++;
      }
    }

    void add(Counts other) {
      positives += other.positives;
      negatives += other.negatives;
    }

    Counts copy() {
      Counts copy = new Counts();
      copy.add(this);
      return copy;
    }

    <T> T start(Start<T> start) {
      return start.below(positives, negatives);
    }
  }
}
