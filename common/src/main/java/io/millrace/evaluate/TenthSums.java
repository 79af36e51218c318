package io.millrace.evaluate;

import static org.apache.spark.sql.functions.lit;

import io.millrace.stats.ExactSum;
import io.millrace.stats.Mergeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/** Mean prediction and mean label of each tenth of the rows by prediction; ties stay together. */
final class TenthSums implements Mergeable<TenthSums> {

  private static final long serialVersionUID = 1L;
  private static final int TENTHS = 10;

  /** By bin, descending: the least prediction in it. */
  private final double[] bounds;

  private final ExactSum[] predictions;
  private final ExactSum[] labels;
  private final long[] rows;

  private TenthSums(double[] bounds) {
    this.bounds = bounds;
    predictions = new ExactSum[bounds.length];
    labels = new ExactSum[bounds.length];
    rows = new long[bounds.length];
    for (int i = 0; i < bounds.length; i++) {
      predictions[i] = new ExactSum();
      labels[i] = new ExactSum();
    }
  }

  static List<CurvePoint> calibration(HeldOut heldOut) {
    double[] bounds = bounds(Curves.ranked(heldOut, HeldOut.SCORE, lit(true)).points());
    JavaRDD<Row> rows = heldOut.select(HeldOut.LABEL, HeldOut.SCORE).toJavaRDD();
    Map<SliceSums.Key, TenthSums> sums =
        SliceSums.of(
            rows,
            2,
            List.of(),
            () -> new TenthSums(bounds),
            (sum, row) -> sum.add(row.getDouble(0), row.getDouble(1)));
    return sums.get(new SliceSums.Key(0, Slice.ALL)).points();
  }

  /** The scores at which the ranks come past another tenth; the last one is the least score. */
  private static double[] bounds(List<RankedCurve.Point> ranks) {
    long all = ranks.get(ranks.size() - 1).rows();
    List<Double> bounds = new ArrayList<>();
    long tenth = 0;
    for (RankedCurve.Point point : ranks) {
      long reached = TENTHS * point.rows() / all;
      if (reached > tenth) {
        bounds.add(point.score());
        tenth = reached;
      }
    }
    return bounds.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private void add(double label, double prediction) {
    int bin = 0;
    while (prediction < bounds[bin]) {
      bin++;
    }
    predictions[bin].add(prediction);
    labels[bin].add(label);
    rows[bin]++;
  }

  @Override
  public void merge(TenthSums other) {
    for (int i = 0; i < rows.length; i++) {
      predictions[i].merge(other.predictions[i]);
      labels[i].merge(other.labels[i]);
      rows[i] += other.rows[i];
    }
  }

  private List<CurvePoint> points() {
    List<CurvePoint> points = new ArrayList<>();
    for (int i = rows.length - 1; i >= 0; i--) {
      double predicted = predictions[i].value() / rows[i];
      double observed = labels[i].value() / rows[i];
      points.add(new CurvePoint("calibration", predicted, observed, "", rows[i]));
    }
    return points;
  }
}
