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
    @Doc("What each outcome is worth, in the unit of your choice (binary).") Optional<Value> value,
    @Doc("Precision of the top of each day's ranking, as a metric of its own (binary).")
        Optional<Top> top) {

  public EvaluateSpec {
    slices = List.copyOf(slices);
  }

  /**
   * Precision at k (the card precision of the Fraud Detection Handbook): what a team that can look
   * at so many keys a day would find.
   */
  @Doc("Precision among the k keys of a day that have the highest score; mean over days.")
  public record Top(
      @Doc("How many keys a day can be looked at.") @Default("100") @Within("[1, )") int k,
      @Doc("Column of the key, such as a customer's; absent: each row for itself.")
          Optional<String> by,
      @Doc("Leave a key out on the days after the one that found a positive of it.")
          @Default("true")
          boolean dropDetected,
      @Doc("Also a figure for each day, with the slice column day.") @Default("false")
          boolean daily) {}

  /** The cost matrix. */
  @Doc("What each outcome is worth.")
  public record Value(
      @Doc("A positive that was predicted.") @Default("0.0") double truePositive,
      @Doc("A negative that was predicted positive.") @Default("0.0") double falsePositive,
      @Doc("A positive that was missed.") @Default("0.0") double falseNegative,
      @Doc("A negative that was left alone.") @Default("0.0") double trueNegative) {}
}
