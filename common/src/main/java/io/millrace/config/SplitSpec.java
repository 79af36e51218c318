package io.millrace.config;

/** Which labelled rows train, tune (early stopping, trials) and test. */
@Doc("Which labelled rows train, tune and test.")
public sealed interface SplitSpec {

  /** By a hash of the entity: an entity is always on the same side. */
  @Kind("by-hash")
  @Doc("By a hash of the entity's key, so that an entity is always on the same side.")
  record ByHash(
      @Doc("Share that trains.") @Default("0.7") @Within("(0, 1)") double train,
      @Doc("Share that tunes.") @Default("0.15") @Within("(0, 1)") double tune,
      @Doc("Share that tests.") @Default("0.15") @Within("(0, 1)") double test)
      implements SplitSpec {}

  /** By time: the last rows test. Rows of one moment are never parted. */
  @Kind("by-time")
  @Doc("By time: the last rows test, those before them tune.")
  record ByTime(
      @Doc("Share that trains.") @Default("0.7") @Within("(0, 1)") double train,
      @Doc("Share that tunes.") @Default("0.15") @Within("(0, 1)") double tune,
      @Doc("Share that tests.") @Default("0.15") @Within("(0, 1)") double test)
      implements SplitSpec {}

  /** By the file that a row came from: a published hold-out. */
  @Kind("by-file")
  @Doc("By the file that a row came from: a published hold-out.")
  record ByFile(
      @Doc("Glob of the file names that test.") String test,
      @Doc("Share of the other rows that tunes, by a hash of the entity's key.")
          @Default("0.15")
          @Within("[0, 1)")
          double tune)
      implements SplitSpec {}
}
