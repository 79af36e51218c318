package io.millrace.evaluate;

import static org.apache.spark.sql.functions.posexplode;

import io.millrace.Task;
import io.millrace.config.EvaluateSpec;
import io.millrace.stats.RankSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Judges a model by its predictions for held-out rows: all of them, no sample, and each slice. The
 * figures have the same bits whatever the order and the partitions of the rows.
 */
public final class Evaluator {

  /** Column of the day on which a row counts, for {@code top}. */
  public static final String DAY = "_day";

  /** Column of the key that is ranked within a day, for {@code top}. */
  public static final String KEY = "_of_key";

  private Evaluator() {}

  /**
   * The metrics of the rows, all rows first, then slices by column (in the spec's order) and value.
   *
   * @param scored column {@code label} (double: 0 or 1, index of the class, or number), column
   *     {@code score} (double: probability of the positive class, or prediction; array of K
   *     probabilities), the slice columns (any type that casts to string), and for {@code
   *     spec.top()} {@link #DAY} and {@link #KEY}
   * @param classes names of the classes by index, for metrics per class
   * @param quantile the quantile that a regression predicts; absent: the mean
   * @throws io.millrace.SpecException if there is no such slice column
   * @throws io.millrace.DataException if there are no rows, if a label or score can't be judged, or
   *     if a slice column has too many values
   */
  public static List<Metric> evaluate(
      Dataset<Row> scored,
      Task task,
      List<String> classes,
      EvaluateSpec spec,
      OptionalDouble quantile) {
    try (HeldOut heldOut = HeldOut.of(scored, task, classes.size(), spec)) {
      Map<Slice, List<Metric>> metrics =
          switch (task) {
            case BINARY -> binary(heldOut, spec);
            case MULTI_CLASS -> multiClass(heldOut, classes);
            case REGRESSION -> regression(heldOut, quantile.orElse(Double.NaN));
          };
      List<Metric> all = new ArrayList<>(inOrder(metrics, spec.slices()));
      spec.top()
          .filter(top -> task == Task.BINARY)
          .ifPresent(top -> all.addAll(TopOfDays.of(heldOut.rows(), top, all.get(0).rows())));
      return List.copyOf(all);
    }
  }

  private static List<Metric> inOrder(Map<Slice, List<Metric>> metrics, List<String> columns) {
    List<Metric> all = new ArrayList<>(metrics.get(Slice.ALL));
    for (String column : columns) {
      Map<String, List<Metric>> byValue = new TreeMap<>();
      metrics.forEach(
          (slice, list) -> {
            if (slice.column().equals(column)) {
              byValue.put(slice.value(), list);
            }
          });
      byValue.values().forEach(all::addAll);
    }
    return List.copyOf(all);
  }

  private static Map<Slice, List<Metric>> binary(HeldOut heldOut, EvaluateSpec spec) {
    double threshold = spec.threshold();
    Dataset<Row> rows =
        heldOut.select(functions.lit(0), HeldOut.SCORE, HeldOut.LABEL.equalTo(functions.lit(1.0)));
    Map<SliceSums.Key, BinaryMetrics> sums =
        new RankedSums<BinaryMetrics>(
                heldOut.slices(),
                (above, below) -> new BinaryMetrics(threshold, new RankSums(above, below)),
                BinaryMetrics::add)
            .of(rows);
    Map<Slice, List<Metric>> metrics = new TreeMap<>(Slice.ORDER);
    sums.forEach((key, sum) -> metrics.put(key.slice(), sum.metrics(key.slice(), spec)));
    return metrics;
  }

  private static Map<Slice, List<Metric>> regression(HeldOut heldOut, double quantile) {
    JavaRDD<Row> rows = heldOut.select(HeldOut.LABEL, HeldOut.SCORE).toJavaRDD();
    Map<SliceSums.Key, RegressionMetrics> sums =
        SliceSums.of(
            rows,
            2,
            heldOut.slices(),
            () -> RegressionMetrics.ofQuantileOrMean(quantile),
            (sum, row) -> sum.add(row.getDouble(0), row.getDouble(1)));
    Map<Slice, List<Metric>> metrics = new TreeMap<>(Slice.ORDER);
    sums.forEach((key, sum) -> metrics.put(key.slice(), sum.metrics(key.slice())));
    return metrics;
  }

  private static Map<Slice, List<Metric>> multiClass(HeldOut heldOut, List<String> classes) {
    int count = classes.size();
    Column label = HeldOut.LABEL.cast("int");
    Column predicted =
        functions.array_position(HeldOut.SCORE, functions.array_max(HeldOut.SCORE)).cast("int");
    Column probability = functions.element_at(HeldOut.SCORE, label.plus(1));
    JavaRDD<Row> rows =
        heldOut.select(label, predicted.minus(functions.lit(1)), probability).toJavaRDD();
    Map<SliceSums.Key, MultiClassMetrics> sums =
        SliceSums.of(
            rows,
            3,
            heldOut.slices(),
            () -> new MultiClassMetrics(count),
            (sum, row) -> sum.add(row.getInt(0), row.getInt(1), row.getDouble(2)));
    Map<SliceSums.Key, RankSums> ranks = ranksOfClasses(heldOut);
    Map<Slice, List<Metric>> metrics = new TreeMap<>(Slice.ORDER);
    sums.forEach(
        (key, sum) -> {
          List<RankSums> ofSlice = new ArrayList<>();
          for (int k = 0; k < count; k++) {
            ofSlice.add(ranks.get(new SliceSums.Key(k, key.slice())));
          }
          metrics.put(key.slice(), sum.metrics(key.slice(), classes, ofSlice));
        });
    return metrics;
  }

  /** Each class against the rest: one row per row and class. */
  private static Map<SliceSums.Key, RankSums> ranksOfClasses(HeldOut heldOut) {
    Dataset<Row> exploded = heldOut.with(posexplode(HeldOut.SCORE), "class", "class_score");
    Column ofClass = functions.col("class");
    Dataset<Row> rows =
        exploded.select(
            heldOut.columns(ofClass, functions.col("class_score"), HeldOut.LABEL.equalTo(ofClass)));
    return new RankedSums<RankSums>(heldOut.slices(), RankSums::new, RankSums::add).of(rows);
  }
}
