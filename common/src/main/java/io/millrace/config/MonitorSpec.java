package io.millrace.config;

import java.util.Map;
import java.util.Optional;

/** How features, predictions and labels are watched. */
@Doc("How features, predictions and labels are watched.")
public record MonitorSpec(
    @Doc("When a column counts as changed.") @Default("{}") Drift drift,
    @Doc("With how many dates before it a date is compared, beside the training rows.")
        @Default("4")
        @Within("[0, )")
        int last,
    @Doc("When to say that the model should be trained again.") Optional<Retrain> retrain) {

  /** A measure of how far two distributions are apart. */
  public enum Distance {
    /** Population stability index. */
    PSI,
    /** Jensen-Shannon distance, base 2. */
    JENSEN_SHANNON,
    /** Largest difference of the distribution functions; numbers only. */
    KOLMOGOROV_SMIRNOV,
    /** Wasserstein distance over the reference's standard deviation; numbers only. */
    WASSERSTEIN
  }

  /** When a column counts as changed. */
  @Doc(
      "When a column counts as changed: its distance, less what chance alone gives at that size and"
          + " number of categories, is over a limit, and chance over all columns doesn't explain"
          + " it.")
  public record Drift(
      @Doc("The measure; for categories, psi in place of those for numbers only.") @Default("psi")
          Distance metric,
      @Doc("Limit of a warning.") @Default("0.1") @Within("(0, )") double warn,
      @Doc("Limit that stops.") @Default("0.25") @Within("(0, )") double stop,
      @Doc("Columns with limits of their own.") @Default("{}") Map<String, Limits> columns,
      @Doc("Share of false alarms among the columns that are called changed.")
          @Default("1%")
          @Share
          @Within("(0, 1)")
          double falseAlarms) {

    public Drift {
      columns = SortedMaps.copyOf(columns);
    }
  }

  /** Limits of one column. */
  @Doc("Limits of one column.")
  public record Limits(
      @Doc("Limit of a warning.") @Within("(0, )") double warn,
      @Doc("Limit that stops.") @Within("(0, )") double stop) {}

  /** When to train again. */
  @Doc("When to say that the model should be trained again.")
  public record Retrain(
      @Doc("A rule over dates: 3 of last 5 dates over warn (or: over stop).") String when) {}
}
