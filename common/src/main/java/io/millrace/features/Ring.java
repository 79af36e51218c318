package io.millrace.features;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The rows of one key that some lane still needs, in the order of time: a circular buffer whose
 * positions grow by one a row. Times are microseconds since 1970.
 */
final class Ring {

  private static final int FIRST_SIZE = 64;

  private final List<Values> columns = new ArrayList<>();
  private long[] times = new long[FIRST_SIZE];
  private int mask = FIRST_SIZE - 1;
  private long first;
  private long next;

  /** One value a row, copied out of rows that Spark uses again. */
  abstract static class Values {

    final int ordinal;

    Values(int ordinal) {
      this.ordinal = ordinal;
    }

    abstract void load(InternalRow row, int slot);

    /** Moves what stands at the slots {@code from} to the slots {@code to} of a larger array. */
    abstract void resize(int[] from, int[] to, int size);
  }

  /** Numbers; null and NaN are NaN, and no zero has a sign. */
  static final class Doubles extends Values {

    double[] at = new double[FIRST_SIZE];

    Doubles(int ordinal) {
      super(ordinal);
    }

    @Override
    void load(InternalRow row, int slot) {
      at[slot] = row.isNullAt(ordinal) ? Double.NaN : row.getDouble(ordinal) + 0.0;
    }

    @Override
    void resize(int[] from, int[] to, int size) {
      double[] larger = new double[size];
      for (int i = 0; i < from.length; i++) {
        larger[to[i]] = at[from[i]];
      }
      at = larger;
    }
  }

  /** Whole numbers; null is the greatest. */
  static final class Longs extends Values {

    long[] at = new long[FIRST_SIZE];

    Longs(int ordinal) {
      super(ordinal);
    }

    @Override
    void load(InternalRow row, int slot) {
      at[slot] = row.isNullAt(ordinal) ? Long.MAX_VALUE : row.getLong(ordinal);
    }

    @Override
    void resize(int[] from, int[] to, int size) {
      long[] larger = new long[size];
      for (int i = 0; i < from.length; i++) {
        larger[to[i]] = at[from[i]];
      }
      at = larger;
    }
  }

  /** Texts, or structs of {@code fields} columns; null where there is none. */
  static final class Objects extends Values {

    private final int fields;
    Object[] at = new Object[FIRST_SIZE];

    /**
     * @param fields how many columns the struct has; 0 for texts
     */
    Objects(int ordinal, int fields) {
      super(ordinal);
      this.fields = fields;
    }

    @Override
    void load(InternalRow row, int slot) {
      if (row.isNullAt(ordinal)) {
        at[slot] = null;
      } else if (fields == 0) {
        at[slot] = row.getUTF8String(ordinal).clone();
      } else {
        at[slot] = row.getStruct(ordinal, fields).copy();
      }
    }

    UTF8String text(int slot) {
      return (UTF8String) at[slot];
    }

    @Override
    void resize(int[] from, int[] to, int size) {
      Object[] larger = new Object[size];
      for (int i = 0; i < from.length; i++) {
        larger[to[i]] = at[from[i]];
      }
      at = larger;
    }
  }

  <T extends Values> T add(T column) {
    columns.add(column);
    return column;
  }

  /** Forgets all rows; positions start at 0 again. */
  void clear() {
    first = 0;
    next = 0;
  }

  int room() {
    return times.length;
  }

  boolean isFull() {
    return next - first == times.length;
  }

  /** Doubles the room. */
  void grow() {
    int held = (int) (next - first);
    int size = times.length * 2;
    int[] from = new int[held];
    int[] to = new int[held];
    long[] larger = new long[size];
    for (int i = 0; i < held; i++) {
      from[i] = slot(first + i);
      to[i] = (int) (first + i) & (size - 1);
      larger[to[i]] = times[from[i]];
    }
    columns.forEach(column -> column.resize(from, to, size));
    times = larger;
    mask = size - 1;
  }

  /** Whether more than half of the room is taken. */
  boolean isHalfFull() {
    return next - first > times.length / 2;
  }

  void dropBefore(long position) {
    first = Math.max(first, position);
  }

  /** Takes a row in; the ring isn't full. */
  void append(InternalRow row, long time) {
    int slot = slot(next);
    times[slot] = time;
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).load(row, slot);
    }
    next++;
  }

  int slot(long position) {
    return (int) position & mask;
  }

  long time(long position) {
    return times[slot(position)];
  }

  /** The position after the last row. */
  long end() {
    return next;
  }
}
