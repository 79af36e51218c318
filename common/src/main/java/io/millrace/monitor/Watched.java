package io.millrace.monitor;

import io.millrace.validate.ColumnMeasures;
import io.millrace.validate.FlagMeasures;
import io.millrace.validate.NumberMeasures;
import io.millrace.validate.OpaqueMeasures;
import io.millrace.validate.TextMeasures;

/**
 * A column of one date and what it is compared with.
 *
 * @param kind what the column is of
 * @param column its name
 * @param against what the reference was measured on
 * @param reference measures of the reference rows
 * @param current measures of the date's rows
 */
public record Watched(
    Kind kind, String column, Against against, ColumnMeasures reference, ColumnMeasures current) {

  /** What a column is of. */
  public enum Kind {
    FEATURE,
    PREDICTION,
    LABEL
  }

  /** What a date is compared with. */
  public enum Against {
    /** The rows that the model learned from. */
    TRAINING,
    /** The dates before. */
    BEFORE
  }

  /** Sorts of columns that can't be compared with each other. */
  enum Sort {
    NUMBERS("numbers"),
    TIMES("dates or times"),
    TEXTS("texts"),
    FLAGS("truth values"),
    OTHERS("values of another type");

    private final String plural;

    Sort(String plural) {
      this.plural = plural;
    }

    static Sort of(ColumnMeasures measures) {
      if (measures instanceof NumberMeasures numbers) {
        return numbers.isOfTime() ? TIMES : NUMBERS;
      } else if (measures instanceof TextMeasures) {
        return TEXTS;
      } else if (measures instanceof FlagMeasures) {
        return FLAGS;
      } else if (measures instanceof OpaqueMeasures) {
        return OTHERS;
      }
      throw new IllegalArgumentException("no sort of " + measures.getClass());
    }

    @Override
    public String toString() {
      return plural;
    }
  }

  /** Whether reference and current are of one sort; int and double are. */
  boolean isComparable() {
    return Sort.of(reference) == sort();
  }

  Sort sort() {
    return Sort.of(current);
  }

  /** Nulls and NaN of the reference. */
  long referenceMissing() {
    return reference.nulls() + reference.nans();
  }

  /** Nulls and NaN of the current rows. */
  long currentMissing() {
    return current.nulls() + current.nans();
  }
}
