package io.millrace.evaluate;

import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;

import io.millrace.Task;
import io.millrace.config.EvaluateSpec;
import io.millrace.evaluate.RankedCurve.Point;
import io.millrace.evaluate.RankedCurve.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Curves of a model's predictions for held-out rows: all rows, no sample, and at most 201 points
 * each, with the same bits whatever the order and the partitions of the rows.
 */
public final class Curves {

  private static final EvaluateSpec PLAIN =
      new EvaluateSpec(List.of(), 0.5, Optional.empty(), Optional.empty());

  private Curves() {}

  /**
   * The curves that the task has. Two classes: ROC, precision and recall, gain (all scikit-learn's,
   * thinned), calibration by tenths of the rows, confusion at the threshold. More classes:
   * calibration of the predicted class's probability (Guo et al. 2017), confusion. Regression:
   * calibration by tenths.
   *
   * @param scored as {@link Evaluator#evaluate} takes it, without slices
   * @param classes names by index; binary: negative, positive
   * @param threshold from which on a row of two classes counts as predicted positive
   * @throws io.millrace.DataException if there are no rows, or a label or score can't be judged
   */
  public static List<CurvePoint> of(
      Dataset<Row> scored, Task task, List<String> classes, double threshold) {
    try (HeldOut heldOut = HeldOut.of(scored, task, classes.size(), PLAIN)) {
      return switch (task) {
        case BINARY -> binary(heldOut, classes, threshold);
        case MULTI_CLASS -> multiClass(heldOut, classes);
        case REGRESSION -> TenthSums.calibration(heldOut);
      };
    }
  }

  private static List<CurvePoint> binary(HeldOut heldOut, List<String> classes, double threshold) {
    RankedCurve curve = ranked(heldOut, HeldOut.SCORE, HeldOut.LABEL.equalTo(lit(1.0)));
    List<Point> ranks = curve.points();
    Point all = ranks.get(ranks.size() - 1);
    long negatives = all.rows() - all.positives();
    List<CurvePoint> points = new ArrayList<>();
    if (all.positives() > 0 && negatives > 0) {
      points.add(new CurvePoint("roc", 0, 0, "", 0));
      ranks.forEach(p -> points.add(roc(p, all)));
    }
    if (all.positives() > 0) {
      points.add(new CurvePoint("precision-recall", 0, 1, "", 0));
      ranks.forEach(p -> points.add(precision(p, all)));
      points.add(new CurvePoint("gain", 0, 0, "", 0));
      ranks.forEach(p -> points.add(gain(p, all)));
    }
    points.addAll(curve.calibration());
    Column predicted = HeldOut.SCORE.geq(lit(threshold)).cast("int");
    points.addAll(confusion(heldOut, predicted, classes));
    return points;
  }

  private static CurvePoint roc(Point p, Point all) {
    double x = (double) (p.rows() - p.positives()) / (all.rows() - all.positives());
    return point("roc", x, (double) p.positives() / all.positives(), p);
  }

  private static CurvePoint precision(Point p, Point all) {
    double recall = (double) p.positives() / all.positives();
    return point("precision-recall", recall, (double) p.positives() / p.rows(), p);
  }

  private static CurvePoint gain(Point p, Point all) {
    double x = (double) p.rows() / all.rows();
    return point("gain", x, (double) p.positives() / all.positives(), p);
  }

  private static CurvePoint point(String curve, double x, double y, Point p) {
    return new CurvePoint(curve, x, y, Double.toString(p.score()), p.rows());
  }

  private static List<CurvePoint> multiClass(HeldOut heldOut, List<String> classes) {
    Column highest = array_max(HeldOut.SCORE);
    Column predicted = array_position(HeldOut.SCORE, highest).cast("int").minus(lit(1));
    List<CurvePoint> points = new ArrayList<>();
    points.addAll(
        ranked(heldOut, highest, HeldOut.LABEL.cast("int").equalTo(predicted)).calibration());
    points.addAll(confusion(heldOut, predicted, classes));
    return points;
  }

  /** Rows in the order of a score, by whether they are positive. */
  static RankedCurve ranked(HeldOut heldOut, Column score, Column positive) {
    Row counts =
        heldOut.select(score, positive.as("p")).agg(count(lit(1)), count_if(col("p"))).first();
    Totals totals = new Totals(counts.getLong(1), counts.getLong(0) - counts.getLong(1));
    Map<SliceSums.Key, RankedCurve> curves =
        new RankedSums<RankedCurve>(
                List.of(),
                (positives, negatives) -> new RankedCurve(totals, positives, negatives),
                RankedCurve::add)
            .of(heldOut.select(lit(0), score, positive));
    return curves.get(new SliceSums.Key(0, Slice.ALL));
  }

  /** A point for each pair of classes, also where no row is. */
  private static List<CurvePoint> confusion(
      HeldOut heldOut, Column predicted, List<String> classes) {
    long[][] counts = new long[classes.size()][classes.size()];
    Column label = HeldOut.LABEL.cast("int");
    List<Row> rows =
        heldOut
            .select(label.as("was"), predicted.as("said"))
            .groupBy("was", "said")
            .count()
            .collectAsList();
    rows.forEach(row -> counts[row.getInt(0)][row.getInt(1)] = row.getLong(2));
    List<CurvePoint> points = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < counts.length; j++) {
        points.add(new CurvePoint("confusion", i, j, classes.get(i), counts[i][j]));
      }
    }
    return points;
  }
}
