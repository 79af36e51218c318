package io.millrace.config;

import java.time.LocalDate;
import java.util.Optional;

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

  /** By periods of days: rows of neither are left out. */
  @Kind("by-period")
  @Doc("By periods of days; rows of neither period are left out.")
  record ByPeriod(
      @Doc("Days whose rows train and tune.") Period train,
      @Doc("Days whose rows test; they come after those that train.") Period test,
      @Doc("Share of the train period's rows that tunes, by a hash of the entity's key.")
          @Default("0.15")
          @Within("[0, 1)")
          double tune,
      @Doc(
              "Column of a key, such as a customer's. A test row is left out if the key had a"
                  + " positive label since the train period began whose label.after had passed"
                  + " when the row's day began: it would have been acted on already.")
          Optional<String> withoutKnown)
      implements SplitSpec {

    /** The days that the split looks at, from the first that trains to the last that tests. */
    public Period span() {
      return new Period(train.from(), test.to());
    }
  }

  /** Days, both ends included. */
  @Doc("Days in UTC, both ends included: of the event, else the logical date.")
  record Period(@Doc("First day.") LocalDate from, @Doc("Last day.") LocalDate to) {}
}
