package io.millrace.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Random search with a bounded number of trials. */
@Doc("Random search over the algorithm's settings.")
public record TuneSpec(
    @Doc("Trials.") @Within("[1, )") int trials,
    @Doc("Metric on the tune rows that decides; absent: the task's default.")
        Optional<String> metric,
    @Doc("Settings to draw, by the algorithm's key: {depth: {values: [3, 4, 6]}}.")
        Map<String, Range> space) {

  public TuneSpec {
    space = SortedMaps.copyOf(space);
  }

  /** Values to draw from: a list, or an interval. */
  @Doc("Values to draw from: a list, or an interval.")
  public record Range(
      @Doc("The values, each as likely.") @Default("[]") List<Double> values,
      @Doc("Lower end.") Optional<Double> min,
      @Doc("Upper end.") Optional<Double> max,
      @Doc("Draw the logarithm evenly.") @Default("false") boolean log) {

    public Range {
      values = List.copyOf(values);
    }
  }
}
