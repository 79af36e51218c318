package io.millrace.evaluate;

import io.millrace.stats.ExactSum;
import io.millrace.stats.Mergeable;
import io.millrace.stats.Moments;
import io.millrace.stats.RankSums;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Metrics of a classifier with K classes, over rows in any order. Size: 1 kB and 24 bytes per
 * class; the ranks for the AUC come apart, since they need an order. Formulas: {@code
 * docs/metrics.md}.
 */
public final class MultiClassMetrics implements Mergeable<MultiClassMetrics> {

  private static final long serialVersionUID = 1L;

  private final long[] hits;
  private final long[] labelled;
  private final long[] predicted;
  private final Moments logLoss = new Moments();

  /** Nothing yet. */
  public MultiClassMetrics(int classes) {
    hits = new long[classes];
    labelled = new long[classes];
    predicted = new long[classes];
  }

  /**
   * Adds one row.
   *
   * @param label index of the true class
   * @param prediction index of the class with the highest probability, the first among equals
   * @param probability what the true class was given
   */
  public void add(int label, int prediction, double probability) {
    labelled[label]++;
    predicted[prediction]++;
    if (label == prediction) {
      hits[label]++;
    }
    logLoss.add(Losses.log(probability));
  }

  @Override
  public void merge(MultiClassMetrics other) {
    for (int k = 0; k < hits.length; k++) {
      hits[k] += other.hits[k];
      labelled[k] += other.labelled[k];
      predicted[k] += other.predicted[k];
    }
    logLoss.merge(other.logLoss);
  }

  /**
   * The metrics of the rows added so far, as those of a slice; what is undefined is left out.
   *
   * @param classes names of the classes, by index
   * @param ranks ranks of each class against the rest, by index
   */
  public List<Metric> metrics(Slice slice, List<String> classes, List<RankSums> ranks) {
    long rows = logLoss.count();
    MetricList list = new MetricList(slice, rows);
    long right = 0;
    for (long hit : hits) {
      right += hit;
    }
    list.rate("accuracy", right, rows);
    list.add("macro-f1", macroF1());
    list.add("weighted-f1", weightedF1(rows));
    list.mean("log-loss", logLoss, 0);
    list.add("macro-auc", macroAuc(ranks));
    list.add("weighted-auc", weightedAuc(ranks, rows));
    for (int k = 0; k < hits.length; k++) {
      list.rate("precision:" + classes.get(k), hits[k], predicted[k]);
      list.rate("recall:" + classes.get(k), hits[k], labelled[k]);
      list.add("f1:" + classes.get(k), f1(k));
      list.add("auc:" + classes.get(k), ranks.get(k).auc(), ranks.get(k).aucInterval());
    }
    return list.toList();
  }

  private OptionalDouble f1(int k) {
    return MetricList.ratio(2.0 * hits[k], labelled[k] + predicted[k]);
  }

  private OptionalDouble macroF1() {
    ExactSum sum = new ExactSum();
    int defined = 0;
    for (int k = 0; k < hits.length; k++) {
      OptionalDouble f1 = f1(k);
      if (f1.isPresent()) {
        sum.add(f1.getAsDouble());
        defined++;
      }
    }
    return MetricList.ratio(sum.value(), defined);
  }

  private OptionalDouble weightedF1(long rows) {
    ExactSum sum = new ExactSum();
    for (int k = 0; k < hits.length; k++) {
      if (labelled[k] > 0) {
        sum.addProduct(labelled[k], f1(k).getAsDouble());
      }
    }
    return MetricList.ratio(sum.value(), rows);
  }

  private static OptionalDouble macroAuc(List<RankSums> ranks) {
    ExactSum sum = new ExactSum();
    for (RankSums rank : ranks) {
      OptionalDouble auc = rank.auc();
      if (auc.isEmpty()) {
        return auc;
      }
      sum.add(auc.getAsDouble());
    }
    return MetricList.ratio(sum.value(), ranks.size());
  }

  private static OptionalDouble weightedAuc(List<RankSums> ranks, long rows) {
    ExactSum sum = new ExactSum();
    for (RankSums rank : ranks) {
      OptionalDouble auc = rank.auc();
      if (auc.isPresent()) {
        sum.addProduct(rank.positives(), auc.getAsDouble());
      } else if (rank.positives() > 0) {
        return auc;
      }
    }
    return MetricList.ratio(sum.value(), rows);
  }
}
