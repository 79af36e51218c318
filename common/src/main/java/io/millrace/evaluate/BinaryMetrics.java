package io.millrace.evaluate;

import io.millrace.config.EvaluateSpec;
import io.millrace.config.EvaluateSpec.Value;
import io.millrace.stats.ExactSum;
import io.millrace.stats.Interval;
import io.millrace.stats.Mergeable;
import io.millrace.stats.Moments;
import io.millrace.stats.RankSums;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Metrics of a binary classifier over rows that come in descending order of score. A score is the
 * probability of the positive class, in [0, 1]; at the threshold or above it, a row counts as
 * predicted positive. Fixed size, about 10 kB. Formulas: {@code docs/metrics.md}.
 */
public final class BinaryMetrics implements Mergeable<BinaryMetrics> {

  private static final long serialVersionUID = 1L;

  /** Bins of equal width for the expected calibration error; the last one includes 1. */
  private static final int BINS = 10;

  private final double threshold;
  private final RankSums ranks;
  private final Moments logLoss = new Moments();
  private final Moments squaredError = new Moments();
  private final ExactSum[] binScores = new ExactSum[BINS];
  private final long[] binPositives = new long[BINS];
  private long truePositives;
  private long falsePositives;

  /** Nothing yet, with nothing ranked above. */
  public BinaryMetrics(double threshold) {
    this(threshold, new RankSums());
  }

  BinaryMetrics(double threshold, RankSums ranks) {
    this.threshold = threshold;
    this.ranks = ranks;
    for (int i = 0; i < BINS; i++) {
      binScores[i] = new ExactSum();
    }
  }

  /**
   * The sums of rows in any order.
   *
   * @param scores probabilities of the positive class
   * @param positive whether the row of the same index is of the positive class
   */
  public static BinaryMetrics of(double[] scores, boolean[] positive, double threshold) {
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
    BinaryMetrics metrics = new BinaryMetrics(threshold);
    for (int i : order) {
      metrics.add(scores[i], positive[i]);
    }
    return metrics;
  }

  /**
   * Adds one row, whose score is at most that of the row before it.
   *
   * @throws IllegalArgumentException if the score is above the one before it, or not in [0, 1]
   */
  public void add(double score, boolean positive) {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score " + score + " is no probability");
    }
    ranks.add(score, positive);
    logLoss.add(Losses.log(positive ? score : 1 - score));
    double error = positive ? 1 - score : score;
    squaredError.add(error * error);
    int bin = Math.min(BINS - 1, (int) (score * BINS));
    binScores[bin].add(score);
    if (positive) {
      binPositives[bin]++;
    }
    if (score >= threshold) {
      if (positive) {
        truePositives++;
      } else {
        falsePositives++;
      }
    }
  }

  @Override
  public void merge(BinaryMetrics other) {
    ranks.merge(other.ranks);
    logLoss.merge(other.logLoss);
    squaredError.merge(other.squaredError);
    for (int i = 0; i < BINS; i++) {
      binScores[i].merge(other.binScores[i]);
      binPositives[i] += other.binPositives[i];
    }
    truePositives += other.truePositives;
    falsePositives += other.falsePositives;
  }

  /** The metrics of the rows added so far, as those of a slice; what is undefined is left out. */
  public List<Metric> metrics(Slice slice, EvaluateSpec spec) {
    long rows = ranks.positives() + ranks.negatives();
    MetricList list = new MetricList(slice, rows);
    list.add("auc", ranks.auc(), ranks.aucInterval());
    list.add("average-precision", ranks.averagePrecision());
    list.mean("log-loss", logLoss, 0);
    Optional<Interval> brier = Interval.ofMean(squaredError).map(i -> i.within(0, 1));
    list.add("brier", squaredError.mean(), brier);
    list.add("ece", calibrationError(rows));
    addRates(list, rows);
    spec.value().ifPresent(value -> addValue(list, value, rows));
    return list.toList();
  }

  private void addRates(MetricList list, long rows) {
    long positives = ranks.positives();
    long negatives = ranks.negatives();
    long predicted = truePositives + falsePositives;
    long trueNegatives = negatives - falsePositives;
    list.rate("accuracy", truePositives + trueNegatives, rows);
    list.rate("precision", truePositives, predicted);
    list.rate("recall", truePositives, positives);
    list.add("f1", MetricList.ratio(2.0 * truePositives, predicted + positives));
    list.rate("false-positive-rate", falsePositives, negatives);
    list.rate("true-negative-rate", trueNegatives, negatives);
    list.rate("false-negative-rate", positives - truePositives, positives);
    list.rate("selection-rate", predicted, rows);
    list.rate("base-rate", positives, rows);
  }

  private OptionalDouble calibrationError(long rows) {
    ExactSum gaps = new ExactSum();
    for (int i = 0; i < BINS; i++) {
      ExactSum gap = new ExactSum();
      gap.merge(binScores[i]);
      gap.add(-binPositives[i]);
      gaps.add(Math.abs(gap.value()));
    }
    return MetricList.ratio(gaps.value(), rows);
  }

  private void addValue(MetricList list, Value value, long rows) {
    long[] counts = {
      truePositives,
      falsePositives,
      ranks.positives() - truePositives,
      ranks.negatives() - falsePositives
    };
    double[] worths = {
      value.truePositive(), value.falsePositive(), value.falseNegative(), value.trueNegative()
    };
    ExactSum total = new ExactSum();
    for (int i = 0; i < counts.length; i++) {
      total.addProduct(counts[i], worths[i]);
    }
    list.add("value", total.value());
    OptionalDouble mean = MetricList.ratio(total.value(), rows);
    Optional<Interval> interval = Optional.empty();
    if (rows >= 2) {
      ExactSum deviations = new ExactSum();
      for (int i = 0; i < counts.length; i++) {
        double deviation = worths[i] - mean.getAsDouble();
        deviations.addProduct(counts[i], deviation * deviation);
      }
      double variance = deviations.value() / (rows - 1) / rows;
      interval = Optional.of(Interval.around(mean.getAsDouble(), variance));
    }
    list.add("value-per-row", mean, interval);
  }
}
