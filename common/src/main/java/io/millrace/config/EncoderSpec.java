package io.millrace.config;

/** How a feature becomes float slots. */
@Doc("How a feature becomes numbers.")
public sealed interface EncoderSpec {

  /** A number. */
  @Kind("numeric")
  @Doc("A number as it is, imputed, clipped or scaled.")
  record Numeric(
      @Doc("What stands for a missing number: none (stays missing), mean, median or zero.")
          @Default("none")
          Impute impute,
      @Doc("Clip to the 0.1% and 99.9% quantiles of the training rows.") @Default("false")
          boolean clip,
      @Doc("Subtract the mean and divide by the standard deviation.") @Default("false")
          boolean scale)
      implements EncoderSpec {

    /** What stands for a missing number. */
    public enum Impute {
      NONE,
      MEAN,
      MEDIAN,
      ZERO
    }
  }

  /** One slot per level. */
  @Kind("one-hot")
  @Doc("One slot per level.")
  record OneHot(
      @Doc("Levels kept, the most frequent first; the rest share one slot.")
          @Default("64")
          @Within("[1, )")
          int maxLevels)
      implements EncoderSpec {}

  /** A code per level, for native categorical splits. */
  @Kind("ordinal")
  @Doc("One code per level, for learners with categorical splits.")
  record Ordinal(
      @Doc("Levels kept, the most frequent first.") @Default("4096") @Within("[1, )") int maxLevels)
      implements EncoderSpec {}

  /** The share of training rows with the level. */
  @Kind("frequency")
  @Doc("The share of training rows with that level.")
  record Frequency() implements EncoderSpec {}

  /** Out-of-fold mean of the target. */
  @Kind("target")
  @Doc("The smoothed mean of the label per level, out of fold in training.")
  record Target(
      @Doc("Folds.") @Default("5") @Within("[2, )") int folds,
      @Doc("Rows that the overall mean weighs.") @Default("20") @Within("[0, )") double smoothing)
      implements EncoderSpec {}
}
