package io.millrace.evaluate;

import io.millrace.stats.Interval;
import io.millrace.stats.Mergeable;
import io.millrace.stats.Moments;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Metrics of a regression, over rows in any order. Fixed size, about 7 kB. Formulas: {@code
 * docs/metrics.md}.
 */
public final class RegressionMetrics implements Mergeable<RegressionMetrics> {

  private static final long serialVersionUID = 1L;
  private static final double MEDIAN = 0.5;

  private final double quantile;
  private final boolean ofQuantile;
  private final Moments labels = new Moments();
  private final Moments absoluteLabels = new Moments();
  private final Moments errors = new Moments();
  private final Moments absoluteErrors = new Moments();
  private final Moments squaredErrors = new Moments();
  private final Moments pinball = new Moments();
  private long covered;

  /** Nothing yet; the quantile is the one that the model predicts, absent for the mean. */
  public RegressionMetrics(OptionalDouble quantile) {
    this.quantile = quantile.orElse(MEDIAN);
    this.ofQuantile = quantile.isPresent();
  }

  /** The same with a serialisable argument: NaN for the mean. */
  static RegressionMetrics ofQuantileOrMean(double quantile) {
    return new RegressionMetrics(
        Double.isNaN(quantile) ? OptionalDouble.empty() : OptionalDouble.of(quantile));
  }

  /** Adds one row. */
  public void add(double label, double prediction) {
    double error = prediction - label;
    labels.add(label);
    absoluteLabels.add(Math.abs(label));
    errors.add(error);
    absoluteErrors.add(Math.abs(error));
    squaredErrors.add(error * error);
    pinball.add(Losses.pinball(label, prediction, quantile));
    if (label <= prediction) {
      covered++;
    }
  }

  @Override
  public void merge(RegressionMetrics other) {
    labels.merge(other.labels);
    absoluteLabels.merge(other.absoluteLabels);
    errors.merge(other.errors);
    absoluteErrors.merge(other.absoluteErrors);
    squaredErrors.merge(other.squaredErrors);
    pinball.merge(other.pinball);
    covered += other.covered;
  }

  /** The metrics of the rows added so far, as those of a slice; what is undefined is left out. */
  public List<Metric> metrics(Slice slice) {
    long rows = labels.count();
    MetricList list = new MetricList(slice, rows);
    list.add("rmse", rmse(), rmseInterval());
    list.mean("mae", absoluteErrors, 0);
    list.add("wape", MetricList.ratio(absoluteErrors.sum(), absoluteLabels.sum()));
    list.add("r2", r2());
    list.mean("mean-error", errors, Double.NEGATIVE_INFINITY);
    list.mean("pinball", pinball, 0);
    if (ofQuantile) {
      list.rate("coverage", covered, rows);
    }
    return list.toList();
  }

  private OptionalDouble rmse() {
    OptionalDouble mean = squaredErrors.mean();
    return mean.isPresent() ? OptionalDouble.of(Math.sqrt(mean.getAsDouble())) : mean;
  }

  private Optional<Interval> rmseInterval() {
    return Interval.ofMean(squaredErrors)
        .map(i -> new Interval(Math.sqrt(Math.max(0, i.low())), Math.sqrt(i.high())));
  }

  private OptionalDouble r2() {
    OptionalDouble total = labels.squaredDeviations();
    if (total.isEmpty() || total.getAsDouble() == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(1 - squaredErrors.sum() / total.getAsDouble());
  }
}
