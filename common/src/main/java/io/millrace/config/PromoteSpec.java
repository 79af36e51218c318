package io.millrace.config;

import java.util.List;
import java.util.Optional;

/** What a model must show before it is used. */
@Doc("What a model must show before it is used; a gate that can't be judged blocks.")
public record PromoteSpec(
    @Doc("Gates, all of which must pass. Empty: nothing is ever promoted by itself.") @Default("[]")
        List<Gate> gates) {

  public PromoteSpec {
    gates = List.copyOf(gates);
  }

  /** One condition of promotion. */
  @KindKey("gate")
  @Doc("One condition of promotion.")
  public sealed interface Gate {

    /** The metric, as it is named in the {@code metrics} table. */
    String metric();

    /** A slice column: the gate must hold for each of its values with enough rows. */
    Optional<Slice> slice();
  }

  /** The slices that a gate looks at. */
  @Doc("The slices that a gate looks at.")
  public record Slice(
      @Doc("Column; every value of it is judged.") String column,
      @Doc("Values with fewer rows are passed over, and listed.") @Default("100") @Within("[1, )")
          int minRows) {}

  /** Which other model. */
  public enum Model {
    CHAMPION,
    BASELINE
  }

  /** The metric is at least a value. */
  @Kind("at-least")
  @Doc("The metric is at least a value.")
  public record AtLeast(
      @Doc("Metric.") String metric,
      @Doc("The value.") double value,
      @Doc("Slices.") Optional<Slice> slice)
      implements Gate {}

  /** The metric is at most a value. */
  @Kind("at-most")
  @Doc("The metric is at most a value.")
  public record AtMost(
      @Doc("Metric.") String metric,
      @Doc("The value.") double value,
      @Doc("Slices.") Optional<Slice> slice)
      implements Gate {}

  /** The challenger is better than another model by more than a margin. */
  @Kind("beats")
  @Doc("Better than another model, on the same rows, by more than a margin.")
  public record Beats(
      @Doc("champion or baseline.") Model model,
      @Doc("Metric; the direction in which it is better is known.") String metric,
      @Doc("Margin.") @Default("0.0") @Within("[0, )") double by,
      @Doc("Slices.") Optional<Slice> slice)
      implements Gate {}

  /** The challenger is not worse than another model by more than a tolerance. */
  @Kind("no-worse-than")
  @Doc(
      "Not worse than another model, on the same rows, by more than a tolerance; passes when there"
          + " is no champion yet.")
  public record NoWorseThan(
      @Doc("champion or baseline.") Model model,
      @Doc("Metric; the direction in which it is better is known.") String metric,
      @Doc("Tolerance.") @Default("0.0") @Within("[0, )") double tolerance,
      @Doc("Slices.") Optional<Slice> slice)
      implements Gate {}
}
