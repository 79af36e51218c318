package io.millrace.validate;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.apache.spark.sql.catalyst.InternalRow;

/** The tests of rows, one class for each sort of check. */
final class RowTests {

  private RowTests() {}

  /** Broken by a null in one of some columns. */
  static final class NotNull extends RowTest {

    private static final long serialVersionUID = 1L;

    private final int[] positions;

    NotNull(List<Cell> cells) {
      super(cells);
      positions = cells.stream().mapToInt(Cell::position).toArray();
    }

    @Override
    boolean breaks(InternalRow row) {
      for (int position : positions) {
        if (row.isNullAt(position)) {
          return true;
        }
      }
      return false;
    }

    @Override
    String reason(InternalRow row) {
      return nulls(row) + " null";
    }

    @Override
    Offenders offenders() {
      return new Offenders(null);
    }

    @Override
    void count(InternalRow row, Offenders offenders) {
      offenders.add(nulls(row));
    }

    private String nulls(InternalRow row) {
      StringJoiner names = new StringJoiner(", ");
      for (Cell cell : cells()) {
        if (cell.isNull(row)) {
          names.add(cell.name());
        }
      }
      return names.toString();
    }
  }

  /** Broken by a number outside of limits, and by NaN. */
  static final class InRange extends RowTest {

    private static final long serialVersionUID = 1L;

    private final NumberReader reader;
    private final double min;
    private final double max;

    InRange(Cell cell, double min, double max) {
      super(List.of(cell));
      reader = cell.number();
      this.min = min;
      this.max = max;
    }

    @Override
    boolean breaks(InternalRow row) {
      if (reader.isNull(row)) {
        return false;
      }
      double x = reader.real(row);
      return !(x >= min && x <= max);
    }
  }

  /** Broken by a number that isn't one of some. */
  static final class OneOfNumbers extends RowTest {

    private static final long serialVersionUID = 1L;

    private final NumberReader reader;
    private final double[] ascending;

    OneOfNumbers(Cell cell, double[] values) {
      super(List.of(cell));
      reader = cell.number();
      ascending = Arrays.stream(values).map(x -> x + 0.0).sorted().toArray();
    }

    @Override
    boolean breaks(InternalRow row) {
      return !reader.isNull(row) && Arrays.binarySearch(ascending, reader.real(row) + 0.0) < 0;
    }
  }

  /** Broken by a text that isn't one of some. */
  static final class OneOfTexts extends RowTest {

    private static final long serialVersionUID = 1L;

    private final int position;
    private final TextSet values = new TextSet();
    private final TextBytes bytes = new TextBytes();

    /** Reads the text at {@code position}, which may be that of another type's column. */
    OneOfTexts(Cell cell, int position, List<String> texts) {
      super(List.of(cell));
      this.position = position;
      texts.forEach(text -> values.add(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    boolean breaks(InternalRow row) {
      if (row.isNullAt(position)) {
        return false;
      }
      bytes.set(row.getUTF8String(position));
      return !values.contains(bytes);
    }
  }

  /** Broken by a text that a pattern doesn't match as a whole. */
  static final class Matches extends RowTest {

    private static final long serialVersionUID = 1L;

    private final int position;
    private final Pattern pattern;
    private final TextBytes bytes = new TextBytes();
    private final KnownVerdicts known = new KnownVerdicts();

    /** Reads the text at {@code position}, which may be that of another type's column. */
    Matches(Cell cell, int position, Pattern pattern) {
      super(List.of(cell));
      this.position = position;
      this.pattern = pattern;
    }

    @Override
    boolean breaks(InternalRow row) {
      if (row.isNullAt(position)) {
        return false;
      }
      bytes.set(row.getUTF8String(position));
      return !known.of(bytes, this::matches);
    }

    private boolean matches(TextBytes text) {
      byte[] copy = Arrays.copyOfRange(text.array(), text.offset(), text.offset() + text.length());
      return pattern.matches(copy);
    }
  }

  /** Broken where a column of truth values says so: false, or true; null breaks neither. */
  static final class Flag extends RowTest {

    private static final long serialVersionUID = 1L;

    private final int position;
    private final boolean broken;

    Flag(List<Cell> cells, int position, boolean broken) {
      super(cells);
      this.position = position;
      this.broken = broken;
    }

    @Override
    boolean breaks(InternalRow row) {
      return !row.isNullAt(position) && row.getBoolean(position) == broken;
    }

    @Override
    String reason(InternalRow row) {
      return cells().isEmpty() ? Boolean.toString(broken) : super.reason(row);
    }
  }
}
