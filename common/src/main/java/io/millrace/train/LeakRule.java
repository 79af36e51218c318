package io.millrace.train;

import java.util.Locale;

/** What the audit looks for before training. */
public enum LeakRule {
  /** One feature tells the label almost without fault. */
  SEPARATES(true),
  /** One feature, or two or three, tell the label far better than all others do. */
  STANDS_OUT(true),
  /** Whether a feature is missing tells the label: it is filled in once the outcome is known. */
  MISSING(true),
  /** A linear combination of features is the label. */
  COMBINATION(true),
  /** A feature has nearly as many values as there are rows. */
  IDENTIFIER(true),
  /** Keys that train and test. */
  SHARED_KEYS(false),
  /** Rows that test and have the features of a row that trains. */
  SHARED_ROWS(false);

  private final boolean stops;

  LeakRule(boolean stops) {
    this.stops = stops;
  }

  /** Whether training stops for it where the spec says so; the others are of the split. */
  public boolean stops() {
    return stops;
  }

  /** The name in the table {@code leaks}, such as {@code stands-out}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
