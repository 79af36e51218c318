package io.millrace.config;

import java.util.List;
import java.util.Optional;

/** How models are judged. */
@Doc("How models are judged.")
public record EvaluateSpec(
    @Doc("Columns whose every value gets metrics of its own.") @Default("[]") List<String> slices,
    @Doc("Probability from which a row counts as predicted positive.")
        @Default("0.5")
        @Within("[0, 1]")
        double threshold,
    @Doc("What each outcome is worth, in the unit of your choice (binary).")
        Optional<Value> value) {

  public EvaluateSpec {
    slices = List.copyOf(slices);
  }

  /** The cost matrix. */
  @Doc("What each outcome is worth.")
  public record Value(
      @Doc("A positive that was predicted.") @Default("0.0") double truePositive,
      @Doc("A negative that was predicted positive.") @Default("0.0") double falsePositive,
      @Doc("A positive that was missed.") @Default("0.0") double falseNegative,
      @Doc("A negative that was left alone.") @Default("0.0") double trueNegative) {}
}
