package io.millrace.evaluate;

import java.util.OptionalDouble;

/**
 * One figure of a model, as it stands in the table {@code metrics}.
 *
 * @param metric name, see {@link KnownMetric}
 * @param sliceColumn the slice's column; empty for all rows
 * @param sliceValue the slice's value as text; {@code (null)} for null, empty for all rows
 * @param low lower end of the 95% interval, where there is a sound one
 * @param high upper end of the 95% interval, where there is a sound one
 * @param value the figure, finite
 * @param rows how many rows it was computed from
 */
public record Metric(
    String metric,
    String sliceColumn,
    String sliceValue,
    OptionalDouble low,
    OptionalDouble high,
    double value,
    long rows) {

  /**
   * A figure that is a number.
   *
   * @throws IllegalArgumentException if the value isn't finite: what is undefined is left out
   */
  public Metric {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(metric + " is " + value + "; leave it out");
    }
  }
}
