package io.millrace.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well one feature alone tells the label, in [0, 1]. Of classes it is |2 AUC - 1|, averaged
 * over the classes by their rows where there are several; of numbers |rank correlation| (Spearman
 * 1904), and for a category the square root of the share of the ranks' variance that it explains.
 *
 * <p>A category is scored by the mean label of its value among the rows of the other fold, so that
 * many values gain nothing by chance; and so is a number of classes, in bins, where that tells more
 * than its order.
 */
final class Strength {

  private static final int MOST_BINS = 64;

  /** Rows of the prior in a mean of few rows. */
  private static final double PRIOR = 10;

  /** Fewer rows than these of a class, or with a value, say nothing. */
  private static final int LEAST_ROWS = 25;

  private static final double LEAST_PRESENT = 0.05;

  private final AuditSample sample;
  private final int classes;
  private final double[] target;

  /**
   * @param classes how many; 0 for a regression
   */
  Strength(AuditSample sample, int classes) {
    this.sample = sample;
    this.classes = classes;
    this.target = classes == 0 ? ranks(sample.label()) : sample.label();
  }

  /** Of the feature's value. */
  double ofValue(int feature) {
    if (!sample.isNumeric(feature)) {
      return ofLevels(levels(feature));
    }
    if (classes == 0) {
      return ofOrder(feature);
    }
    double byBin = ofLevels(bins(feature));
    return classes == 2 ? Math.max(byBin, ofOrder(feature)) : byBin;
  }

  /** Of whether the feature is missing. */
  double ofMissing(int feature) {
    double[] missing = new double[sample.rows()];
    int count = 0;
    for (int i = 0; i < missing.length; i++) {
      missing[i] = sample.isMissing(feature, i) ? 1 : 0;
      count += (int) missing[i];
    }
    if (Math.min(count, missing.length - count) < LEAST_ROWS) {
      return 0;
    }
    return classes == 0 ? Math.abs(correlation(missing, target)) : ofScores(k -> missing);
  }

  private double ofOrder(int feature) {
    int[] present =
        IntStream.range(0, sample.rows()).filter(i -> !sample.isMissing(feature, i)).toArray();
    if (present.length < Math.max(LEAST_ROWS, LEAST_PRESENT * sample.rows())) {
      return 0;
    }
    double[] numbers = Arrays.stream(present).mapToDouble(i -> sample.number(feature, i)).toArray();
    if (classes == 0) {
      double[] labels = Arrays.stream(present).mapToDouble(i -> sample.label()[i]).toArray();
      return Math.abs(correlation(ranks(numbers), ranks(labels)));
    }
    return distance(numbers, present, 1);
  }

  private double ofLevels(int[] levels) {
    if (classes == 0) {
      return Math.sqrt(Math.max(0, explained(means(levels, target))));
    }
    return ofScores(k -> means(levels, of(k)));
  }

  private double[] of(int k) {
    double[] is = new double[sample.rows()];
    for (int i = 0; i < is.length; i++) {
      is[i] = target[i] == k ? 1 : 0;
    }
    return is;
  }

  private double ofScores(java.util.function.IntFunction<double[]> scores) {
    int[] all = IntStream.range(0, sample.rows()).toArray();
    if (classes == 2) {
      return distance(scores.apply(1), all, 1);
    }
    double sum = 0;
    double rows = 0;
    for (int k = 0; k < classes; k++) {
      double ofClass = 0;
      for (int i = 0; i < target.length; i++) {
        ofClass += target[i] == k ? sample.weight()[i] : 0;
      }
      sum += ofClass * distance(scores.apply(k), all, k);
      rows += ofClass;
    }
    return rows == 0 ? 0 : sum / rows;
  }

  /** |2 AUC - 1| of a class against the rest; 0 with too few rows of either. */
  private double distance(double[] scores, int[] rows, int k) {
    double[][] ranked = new double[rows.length][];
    int positives = 0;
    for (int i = 0; i < rows.length; i++) {
      boolean positive = target[rows[i]] == k;
      positives += positive ? 1 : 0;
      ranked[i] = new double[] {scores[i], positive ? 1 : 0, sample.weight()[rows[i]]};
    }
    return Math.min(positives, rows.length - positives) < LEAST_ROWS
        ? 0
        : Math.abs(2 * RankAuc.of(List.<double[][]>of(ranked)) - 1);
  }

  /** By row the mean of its level in the other fold, drawn towards the mean of all. */
  private double[] means(int[] levels, double[] of) {
    int count = Arrays.stream(levels).max().orElse(0) + 1;
    double[][] sums = new double[2][count];
    double[][] weights = new double[2][count];
    double[] allSum = new double[2];
    double[] allWeight = new double[2];
    for (int i = 0; i < levels.length; i++) {
      int fold = sample.fold()[i];
      double weight = sample.weight()[i];
      sums[fold][levels[i]] += weight * of[i];
      weights[fold][levels[i]] += weight;
      allSum[fold] += weight * of[i];
      allWeight[fold] += weight;
    }
    double[] means = new double[levels.length];
    for (int i = 0; i < levels.length; i++) {
      int other = 1 - sample.fold()[i];
      double prior = allWeight[other] == 0 ? 0 : allSum[other] / allWeight[other];
      means[i] = (sums[other][levels[i]] + PRIOR * prior) / (weights[other][levels[i]] + PRIOR);
    }
    return means;
  }

  /** Share of the target's variance that is explained: R². */
  private double explained(double[] predicted) {
    double mean = Arrays.stream(target).average().orElse(0);
    double error = 0;
    double all = 0;
    for (int i = 0; i < predicted.length; i++) {
      error += (target[i] - predicted[i]) * (target[i] - predicted[i]);
      all += (target[i] - mean) * (target[i] - mean);
    }
    return all == 0 ? 0 : 1 - error / all;
  }

  private int[] levels(int feature) {
    Map<Long, Integer> codes = new HashMap<>();
    int[] levels = new int[sample.rows()];
    for (int i = 0; i < levels.length; i++) {
      Integer code = codes.get(sample.values()[feature][i]);
      if (code == null) {
        code = codes.size();
        codes.put(sample.values()[feature][i], code);
      }
      levels[i] = code;
    }
    return levels;
  }

  /** Bins of about equal counts; ties and the missing (the last) stay together. */
  private int[] bins(int feature) {
    double[] numbers = new double[sample.rows()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = sample.number(feature, i);
    }
    double[] ranks = ranks(numbers);
    double[] distinct = Arrays.stream(ranks).distinct().sorted().toArray();
    int[] bins = new int[ranks.length];
    for (int i = 0; i < bins.length; i++) {
      bins[i] =
          distinct.length <= MOST_BINS
              ? Arrays.binarySearch(distinct, ranks[i])
              : (int) ((ranks[i] - 1) * MOST_BINS / ranks.length);
    }
    return bins;
  }

  /** Mid-ranks, from 1; NaN is the greatest. */
  static double[] ranks(double[] x) {
    Integer[] order = IntStream.range(0, x.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (a, b) -> Double.compare(x[a], x[b]));
    double[] ranks = new double[x.length];
    for (int i = 0; i < order.length; ) {
      int end = i;
      while (end < order.length && Double.compare(x[order[end]], x[order[i]]) == 0) {
        end++;
      }
      for (int j = i; j < end; j++) {
        ranks[order[j]] = (i + 1 + end) / 2.0;
      }
      i = end;
    }
    return ranks;
  }

  /** Pearson's; 0 where one of them is constant. */
  static double correlation(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElse(0);
    double meanY = Arrays.stream(y).average().orElse(0);
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
  }
}
