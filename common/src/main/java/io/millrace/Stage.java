package io.millrace;

import java.util.Locale;

/**
 * A stage of the flow. Its {@link #word} names the package, the section of the spec, the command,
 * the scheduler's task and the {@code stage} column of every table.
 */
public enum Stage {
  INGEST(1),
  VALIDATE(1),
  LABEL(1),
  FEATURES(1),
  TRAIN(3),
  EVALUATE(1),
  PROMOTE(1),
  SCORE(1),
  MONITOR(1),
  RELEASE(1),
  REPORT(1);

  private final int version;

  Stage(int version) {
    this.version = version;
  }

  /** The word of this stage: {@code ingest}, {@code label}, … */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Raised when the results of this stage change for equal inputs; part of every run id, so that
   * history made by an older version is known to be stale. A new build alone raises nothing.
   */
  public int version() {
    return version;
  }
}
