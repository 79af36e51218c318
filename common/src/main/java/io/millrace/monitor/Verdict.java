package io.millrace.monitor;

import java.util.Locale;

/** What is said of a column at a date. */
public enum Verdict {
  /** Nothing is found. */
  OK,
  /** Over the limit of a warning. */
  WARN,
  /** Over the limit that stops, or of another type than the reference. */
  STOP,
  /**
   * Nothing is found, but there are more categories than are counted, so that these were judged by
   * buckets of hashes, in which changes can cancel.
   */
  CAPPED,
  /** Not judged: there are too few rows here or in the reference. */
  FEW_ROWS;

  /** The verdict as the tables have it: {@code few-rows}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether a limit is passed, the lower one at least. */
  public boolean isChange() {
    return this == WARN || this == STOP;
  }
}
