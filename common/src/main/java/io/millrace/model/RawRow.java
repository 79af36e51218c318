package io.millrace.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One row of raw features, reused for every row of a task: numbers by feature index, and the texts
 * of categories as UTF-8 in one growing buffer, so that no row allocates. Not for use by two
 * threads.
 */
public final class RawRow {

  private final double[] numbers;
  private final int[] starts;
  private final int[] lengths;
  private byte[] text = new byte[256];
  private int used;

  /** A row of {@code features} features, all missing. */
  public RawRow(int features) {
    numbers = new double[features];
    starts = new int[features];
    lengths = new int[features];
    clear();
  }

  /** Makes every feature missing. */
  public void clear() {
    Arrays.fill(numbers, Double.NaN);
    Arrays.fill(lengths, -1);
    used = 0;
  }

  /** Sets a number; NaN is missing. */
  public void setNumber(int feature, double value) {
    numbers[feature] = value;
  }

  /** Sets a boolean. */
  public void setFlag(int feature, boolean value) {
    numbers[feature] = value ? 1 : 0;
  }

  /** Sets a category; null is missing, the empty string is a category of its own. */
  public void setText(int feature, String value) {
    if (value == null) {
      lengths[feature] = -1;
      return;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    int start = reserveText(feature, bytes.length);
    System.arraycopy(bytes, 0, text, start, bytes.length);
  }

  /**
   * Makes room for a category of {@code length} UTF-8 bytes and returns where in {@link #text} the
   * caller must write them.
   */
  public int reserveText(int feature, int length) {
    if (used + length > text.length) {
      text = Arrays.copyOf(text, Math.max(2 * text.length, used + length));
    }
    starts[feature] = used;
    lengths[feature] = length;
    used += length;
    return starts[feature];
  }

  /** The number, 0 or 1 for a boolean; NaN when missing. */
  public double number(int feature) {
    return numbers[feature];
  }

  /** The buffer of all texts; another one after {@link #reserveText}. */
  public byte[] text() {
    return text;
  }

  /** Where the category's bytes start in {@link #text}. */
  public int textStart(int feature) {
    return starts[feature];
  }

  /** Number of the category's bytes; -1 when missing. */
  public int textLength(int feature) {
    return lengths[feature];
  }
}
