package io.millrace.config;

import java.util.List;

/** When staged predictions are kept back. */
@Doc("When staged predictions are kept back from analysts.")
public record ReleaseSpec(
    @Doc(
            "Findings that keep a date back, exit 10, until a person says `release --override WHY`."
                + " Empty: drift is told and keeps nothing back.")
        @Default("[]")
        List<Finding> holdWhen) {

  public ReleaseSpec {
    holdWhen = List.copyOf(holdWhen);
  }

  /** What monitor can find of a date. */
  public enum Finding {
    /** A feature over its limit of a warning. */
    FEATURE_WARN,
    /** A feature over the limit that stops. */
    FEATURE_STOP,
    /** The predictions over their limit of a warning. */
    PREDICTION_WARN,
    /** The predictions over the limit that stops. */
    PREDICTION_STOP,
    /** A check of the date's sources that failed with a warning. */
    CHECK_WARN
  }
}
