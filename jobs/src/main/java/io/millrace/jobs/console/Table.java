package io.millrace.jobs.console;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Rows laid out in aligned columns: numbers to the right, text to the left, two blanks between. */
final class Table {

  private static final int GAP = 2;
  private static final int NARROWEST = 6;
  private static final MathContext DIGITS = new MathContext(6);

  private Table() {}

  /**
   * The lines of the table, its header first. Where {@code columns} is given and the table is
   * wider, its widest columns are cut and end in {@code …}.
   */
  static List<String> lines(
      List<String> headers, List<? extends List<?>> rows, OptionalInt columns) {
    List<String[]> cells = new ArrayList<>();
    cells.add(headers.toArray(String[]::new));
    boolean[] numeric = new boolean[headers.size()];
    Arrays.fill(numeric, true);
    for (List<?> row : rows) {
      String[] line = new String[headers.size()];
      for (int i = 0; i < line.length; i++) {
        Object value = row.get(i);
        line[i] = text(value);
        numeric[i] &= value == null || value instanceof Number;
      }
      cells.add(line);
    }
    int[] widths = widths(cells, headers.size());
    columns.ifPresent(limit -> narrow(widths, limit));
    return cells.stream().map(line -> line(line, widths, numeric)).toList();
  }

  /** A value as one line of text; real numbers to six significant digits, nested ones as JSON. */
  static String text(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (!Double.isFinite(number)) {
        return String.valueOf(number);
      }
      BigDecimal rounded = new BigDecimal(number).round(DIGITS).stripTrailingZeros();
      return Math.abs(rounded.scale()) > 12 ? rounded.toString() : rounded.toPlainString();
    }
    boolean nested = value instanceof Map || value instanceof Iterable;
    return (nested ? JsonLines.text(value) : value.toString()).replaceAll("\\R", " ");
  }

  private static int[] widths(List<String[]> cells, int columns) {
    int[] widths = new int[columns];
    for (String[] line : cells) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], length(line[i]));
      }
    }
    return widths;
  }

  private static void narrow(int[] widths, int limit) {
    int excess = Arrays.stream(widths).sum() + GAP * (widths.length - 1) - limit;
    while (excess > 0) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        return;
      }
      widths[widest]--;
      excess--;
    }
  }

  private static String line(String[] cells, int[] widths, boolean[] numeric) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String cell = cut(cells[i], widths[i]);
      String blanks = " ".repeat(widths[i] - length(cell));
      line.append(numeric[i] ? blanks + cell : cell + blanks);
      line.append(" ".repeat(GAP));
    }
    return line.toString().stripTrailing();
  }

  /** The text, or its beginning and {@code …} where it is longer than the width. */
  static String cut(String text, int width) {
    return length(text) <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
