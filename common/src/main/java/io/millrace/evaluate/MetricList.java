package io.millrace.evaluate;

import io.millrace.stats.Interval;
import io.millrace.stats.Moments;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The metrics of one slice in the making; what is undefined is left out. */
final class MetricList {

  private final Slice slice;
  private final long rows;
  private final List<Metric> metrics = new ArrayList<>();

  MetricList(Slice slice, long rows) {
    this.slice = slice;
    this.rows = rows;
    add("rows", rows);
  }

  void add(String name, double value) {
    add(name, OptionalDouble.of(value), Optional.empty());
  }

  void add(String name, OptionalDouble value) {
    add(name, value, Optional.empty());
  }

  void add(String name, OptionalDouble value, Optional<Interval> interval) {
    if (value.isEmpty() || !Double.isFinite(value.getAsDouble())) {
      return;
    }
    metrics.add(
        new Metric(
            name,
            slice.column(),
            slice.value(),
            end(interval.map(Interval::low)),
            end(interval.map(Interval::high)),
            value.getAsDouble(),
            rows));
  }

  /** A share, with Wilson's interval; undefined out of nothing. */
  void rate(String name, long part, long whole) {
    add(name, ratio(part, whole), Interval.wilson(part, whole));
  }

  /** A mean, with the normal interval, cut off below the least that is possible. */
  void mean(String name, Moments moments, double least) {
    Optional<Interval> interval = Interval.ofMean(moments);
    add(name, moments.mean(), interval.map(i -> i.within(least, Double.POSITIVE_INFINITY)));
  }

  List<Metric> toList() {
    return List.copyOf(metrics);
  }

  static OptionalDouble ratio(double part, double whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of(part / whole);
  }

  private static OptionalDouble end(Optional<Double> end) {
    return end.filter(x -> !x.isNaN() && !x.isInfinite())
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }
}
