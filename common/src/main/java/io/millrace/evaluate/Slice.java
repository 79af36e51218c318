package io.millrace.evaluate;

import java.io.Serializable;
import java.util.Comparator;

/**
 * A part of the rows: those with one value in one column.
 *
 * @param column the column; empty for all rows
 * @param value the value as text; empty for all rows
 */
public record Slice(String column, String value) implements Serializable {

  /** What stands for null as a value. */
  public static final String NULL = "(null)";

  static final Comparator<Slice> ORDER =
      Comparator.comparing(Slice::column).thenComparing(Slice::value);

  /** All rows. */
  public static final Slice ALL = new Slice("", "");
}
