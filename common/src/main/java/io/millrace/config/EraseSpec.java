package io.millrace.config;

/** What becomes of models when a person is erased that they learned from. */
@Doc("What becomes of models when a person is erased that they learned from.")
public record EraseSpec(
    @Doc(
            "accept: they stay in force, though they can't be reproduced. retrain: the next training of"
                + " any date is another run, that learns from what is left.")
        @Default("accept")
        Models models) {

  /** Whether a model that saw an erased person may stay. */
  public enum Models {
    /** It may. */
    ACCEPT,
    /** The next training makes another. */
    RETRAIN
  }
}
