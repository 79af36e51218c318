package io.millrace.retain;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What keeps versions of tables.
 *
 * @param name of a person's pin that which the person gave; else the model's version, the date of
 *     the release, or the branch, also of a merge
 * @param until the last day (UTC) on which it holds; empty for one without end
 */
public record Pin(Kind kind, String name, Optional<LocalDate> until, List<Need> needs) {

  /** Where a pin comes from. */
  public enum Kind {
    /** A model that was promoted. */
    MODEL,
    /** Predictions that were released. */
    RELEASE,
    /** A branch, which reads main's files. */
    BRANCH,
    /** A merge that has begun to land, which may have to be undone. */
    MERGE,
    /** A person. */
    PERSON
  }

  public Pin {
    needs = List.copyOf(needs);
  }

  /** Whether it holds on a day. */
  public boolean holdsOn(LocalDate day) {
    return until.map(last -> !day.isAfter(last)).orElse(true);
  }
}
