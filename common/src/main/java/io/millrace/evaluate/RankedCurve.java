package io.millrace.evaluate;

import io.millrace.stats.ExactSum;
import io.millrace.stats.Mergeable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The points of curves over rows that come in descending order of score. Which ties end in a point
 * depends on the ranks alone: those in which the rows, or the positives, come past another
 * hundredth. So there are 200 at most besides the first, and the same ones whatever the partitions.
 * All sums are exact.
 */
final class RankedCurve implements Mergeable<RankedCurve> {

  private static final long serialVersionUID = 1L;
  private static final int PARTS = 100;
  private static final int BINS = 10;

  /** Rows of all parts, by class. */
  record Totals(long positives, long negatives) implements Serializable {

    long rows() {
      return positives + negatives;
    }
  }

  /** All rows of this score and above, and those of the positive class among them. */
  record Point(double score, long positives, long rows) implements Serializable {}

  private final Totals totals;
  private final ArrayList<Point> points = new ArrayList<>();
  private final ExactSum[] scores = new ExactSum[BINS];
  private final long[] positives = new long[BINS];
  private final long[] rows = new long[BINS];
  private long positivesAbove;
  private long rowsAbove;
  private double tiedScore;
  private long tiedPositives;
  private long tiedRows;

  /** Nothing yet, below so many rows of either class. */
  RankedCurve(Totals totals, long positivesAbove, long negativesAbove) {
    this.totals = totals;
    this.positivesAbove = positivesAbove;
    this.rowsAbove = positivesAbove + negativesAbove;
    for (int i = 0; i < BINS; i++) {
      scores[i] = new ExactSum();
    }
  }

  /** Adds one row, whose score is at most that of the row before it. */
  void add(double score, boolean positive) {
    if (tiedRows > 0 && score != tiedScore) {
      closeTie();
    }
    tiedScore = score;
    tiedRows++;
    if (positive) {
      tiedPositives++;
    }
    int bin = bin();
    scores[bin].add(score);
    rows[bin]++;
    positives[bin] += positive ? 1 : 0;
  }

  /** A tie is in the bin in which it begins. */
  private int bin() {
    return (int) Math.min(BINS - 1, part(rowsAbove, totals.rows(), BINS));
  }

  private void closeTie() {
    long allPositives = positivesAbove + tiedPositives;
    long all = rowsAbove + tiedRows;
    boolean point =
        part(all, totals.rows(), PARTS) > part(rowsAbove, totals.rows(), PARTS)
            || part(allPositives, totals.positives(), PARTS)
                > part(positivesAbove, totals.positives(), PARTS);
    if (point) {
      points.add(new Point(tiedScore, allPositives, all));
    }
    positivesAbove = allPositives;
    rowsAbove = all;
    tiedPositives = 0;
    tiedRows = 0;
  }

  /** Whole parts that so many of the whole make; 0 of nothing. */
  private static long part(long count, long whole, int parts) {
    return whole == 0 ? 0 : Math.multiplyExact(count, (long) parts) / whole;
  }

  @Override
  public void merge(RankedCurve other) {
    closeTie();
    other.closeTie();
    points.addAll(other.points);
    for (int i = 0; i < BINS; i++) {
      scores[i].merge(other.scores[i]);
      positives[i] += other.positives[i];
      rows[i] += other.rows[i];
    }
  }

  /** The points, by descending score; the last one is all rows. */
  List<Point> points() {
    closeTie();
    return points.stream().sorted(Comparator.comparingLong(Point::rows)).toList();
  }

  /** Tenths of the rows by score: mean score, and share of positives. */
  List<CurvePoint> calibration() {
    List<CurvePoint> bins = new ArrayList<>();
    for (int i = BINS - 1; i >= 0; i--) {
      if (rows[i] > 0) {
        double predicted = scores[i].value() / rows[i];
        double observed = (double) positives[i] / rows[i];
        bins.add(new CurvePoint("calibration", predicted, observed, "", rows[i]));
      }
    }
    return bins;
  }
}
