package io.millrace.features;

import io.millrace.config.WindowSpec.Aggregate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** What is known of one column in one span, kept up to date as rows come and go. */
abstract class Running {

  private static final double MICROS = 1e6;

  final Ring ring;
  private long count;
  private long last = -1;

  private Running(Ring ring) {
    this.ring = ring;
  }

  /** Takes in the row at a position; a null changes nothing. */
  abstract void add(long position);

  /** Takes out a row that was taken in; always the earliest. */
  abstract void evict(long position);

  /** The value of the last row, which is there. */
  abstract void writeLast(SpecificInternalRow out, int ordinal, long position);

  abstract double number(Aggregate aggregate);

  void clear() {
    count = 0;
    last = -1;
  }

  final void count(long position) {
    count++;
    last = Math.max(last, position);
  }

  final void discount() {
    count--;
  }

  final long count() {
    return count;
  }

  /**
   * Writes an aggregate.
   *
   * @param instant the moment, as microseconds
   */
  final void write(Aggregate aggregate, SpecificInternalRow out, int ordinal, long instant) {
    if (aggregate == Aggregate.COUNT) {
      out.setDouble(ordinal, count);
    } else if (count == 0 && aggregate != Aggregate.DISTINCT) {
      out.setNullAt(ordinal);
    } else if (aggregate == Aggregate.LAST) {
      writeLast(out, ordinal, last);
    } else {
      double value =
          aggregate == Aggregate.TIME_SINCE
              ? (instant - ring.time(last)) / MICROS
              : number(aggregate);
      if (Double.isNaN(value)) {
        out.setNullAt(ordinal);
      } else {
        out.setDouble(ordinal, value);
      }
    }
  }

  /** Numbers; NaN counts as null. */
  static final class Numbers extends Running {

    private final Ring.Doubles values;
    private final boolean truth;
    private final RunningSum sum;
    private final RunningSquares squares;
    private final Extreme least;
    private final Extreme greatest;
    private long nonZero;

    /**
     * @param truth whether 1 and 0 stand for true and false
     */
    Numbers(Ring ring, Ring.Doubles values, boolean truth, Set<Aggregate> needed) {
      super(ring);
      this.values = values;
      this.truth = truth;
      boolean deviation = needed.contains(Aggregate.STDDEV);
      boolean sums = deviation || needed.contains(Aggregate.SUM) || needed.contains(Aggregate.AVG);
      sum = sums ? new RunningSum() : null;
      squares = deviation ? new RunningSquares() : null;
      least = needed.contains(Aggregate.MIN) ? new Extreme(ring, values, -1) : null;
      greatest = needed.contains(Aggregate.MAX) ? new Extreme(ring, values, 1) : null;
    }

    @Override
    void add(long position) {
      double x = values.at[ring.slot(position)];
      if (Double.isNaN(x)) {
        return;
      }
      count(position);
      nonZero += x == 0 ? 0 : 1;
      if (sum != null) {
        sum.add(x);
      }
      if (squares != null) {
        squares.add(x);
      }
      if (least != null) {
        least.add(position);
      }
      if (greatest != null) {
        greatest.add(position);
      }
    }

    @Override
    void evict(long position) {
      double x = values.at[ring.slot(position)];
      if (Double.isNaN(x)) {
        return;
      }
      discount();
      nonZero -= x == 0 ? 0 : 1;
      if (sum != null) {
        sum.subtract(x);
      }
      if (squares != null) {
        squares.subtract(x);
      }
      if (least != null) {
        least.evict(position);
      }
      if (greatest != null) {
        greatest.evict(position);
      }
    }

    @Override
    double number(Aggregate aggregate) {
      return switch (aggregate) {
        case SUM -> sum.value();
        case AVG -> sum.value() / count();
        case STDDEV -> squares.deviation(sum);
        case MIN -> least.value();
        case MAX -> greatest.value();
        case RATE -> (double) nonZero / count();
        default -> throw new IllegalStateException(aggregate + " of numbers");
      };
    }

    @Override
    void writeLast(SpecificInternalRow out, int ordinal, long position) {
      double x = values.at[ring.slot(position)];
      if (truth) {
        out.setBoolean(ordinal, x != 0);
      } else {
        out.setDouble(ordinal, x);
      }
    }

    @Override
    void clear() {
      super.clear();
      nonZero = 0;
      if (sum != null) {
        sum.clear();
      }
      if (squares != null) {
        squares.clear();
      }
      if (least != null) {
        least.clear();
      }
      if (greatest != null) {
        greatest.clear();
      }
    }
  }

  /** Texts, and what is only counted apart. */
  static final class Texts extends Running {

    private final Ring.Objects values;
    private final Map<UTF8String, int[]> counts;

    Texts(Ring ring, Ring.Objects values, Set<Aggregate> needed) {
      super(ring);
      this.values = values;
      this.counts = needed.contains(Aggregate.DISTINCT) ? new HashMap<>() : null;
    }

    @Override
    void add(long position) {
      UTF8String text = values.text(ring.slot(position));
      if (text == null) {
        return;
      }
      count(position);
      if (counts != null) {
        counts.computeIfAbsent(text, t -> new int[1])[0]++;
      }
    }

    @Override
    void evict(long position) {
      UTF8String text = values.text(ring.slot(position));
      if (text == null) {
        return;
      }
      discount();
      if (counts != null && --counts.get(text)[0] == 0) {
        counts.remove(text);
      }
    }

    @Override
    double number(Aggregate aggregate) {
      if (aggregate != Aggregate.DISTINCT) {
        throw new IllegalStateException(aggregate + " of texts");
      }
      return counts.size();
    }

    @Override
    void writeLast(SpecificInternalRow out, int ordinal, long position) {
      out.update(ordinal, values.text(ring.slot(position)));
    }

    @Override
    void clear() {
      super.clear();
      if (counts != null) {
        counts.clear();
      }
    }
  }
}
