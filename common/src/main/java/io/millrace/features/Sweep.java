package io.millrace.features;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One pass over the rows of a partition, sorted by key and time, that gives each row of the
 * population what windows and joins know of its key at its moment. Holds the rows of the widest
 * window of one key, and those of one instant.
 */
final class Sweep implements Iterator<InternalRow> {

  /** Bits of a row's role. */
  static final int EVENT = 1;

  static final int EMITTED = 2;
  static final int ASKED = 4;

  /**
   * Where a sweep finds what it needs.
   *
   * @param longKey whether keys are longs; else texts
   * @param role ordinal of the bits that say what a row is: an event, a row of the population that
   *     is given back, one that is asked for results
   * @param types of the results, lane by lane
   */
  record Plan(int key, boolean longKey, int time, int role, List<LanePlan> lanes, DataType[] types)
      implements Serializable {
    Plan {
      lanes = List.copyOf(lanes);
    }
  }

  private final Plan plan;
  private final Iterator<InternalRow> rows;
  private final Ring ring = new Ring();
  private final List<Lane> lanes = new ArrayList<>();
  private final List<InternalRow> instant = new ArrayList<>();
  private final SpecificInternalRow results;
  private final SpecificInternalRow none;
  private final JoinedRow joined = new JoinedRow();
  private InternalRow ahead;
  private boolean started;
  private boolean nullKey;
  private long longKey;
  private UTF8String textKey;
  private int given;

  Sweep(Plan plan, Iterator<InternalRow> rows) {
    this.plan = plan;
    this.rows = rows;
    int ordinal = 0;
    for (LanePlan lane : plan.lanes()) {
      if (lane instanceof LanePlan.Window window) {
        lanes.add(new WindowLane(ring, window, ordinal));
        ordinal += window.outputs().size();
      } else {
        lanes.add(new JoinLane(ring, (LanePlan.Join) lane, ordinal));
        ordinal++;
      }
    }
    var types = CollectionConverters.asScala(List.of(plan.types())).toSeq();
    this.results = new SpecificInternalRow(types);
    this.none = new SpecificInternalRow(types);
    for (int i = 0; i < plan.types().length; i++) {
      none.setNullAt(i);
    }
  }

  @Override
  public boolean hasNext() {
    while (given == instant.size()) {
      if (!takeInstant()) {
        return false;
      }
    }
    return true;
  }

  /** A row and its results; the row object is used again by the next call. */
  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    InternalRow row = instant.get(given++);
    boolean asked = (row.getInt(plan.role()) & ASKED) != 0;
    return joined.apply(row, asked ? results : none);
  }

  /** Reads all rows of one key and instant, since each of them may know of all. */
  private boolean takeInstant() {
    instant.clear();
    given = 0;
    if (ahead == null) {
      if (!rows.hasNext()) {
        return false;
      }
      ahead = rows.next();
    }
    if (!started || !isSameKey(ahead)) {
      begin(ahead);
    }
    long time = ahead.getLong(plan.time());
    boolean asked = false;
    do {
      asked |= take(ahead, time);
      ahead = rows.hasNext() ? rows.next() : null;
    } while (ahead != null && isSameKey(ahead) && ahead.getLong(plan.time()) == time);
    if (asked) {
      answer(time);
    }
    return true;
  }

  private boolean take(InternalRow row, long time) {
    int role = row.getInt(plan.role());
    if ((role & EVENT) != 0 && !nullKey) {
      if (ring.isFull()) {
        makeRoom(time);
      }
      ring.append(row, time);
    }
    if ((role & EMITTED) != 0) {
      instant.add(row.copy());
    }
    return (role & ASKED) != 0;
  }

  private void answer(long moment) {
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      lane.advance(moment);
      lane.write(results);
    }
  }

  /** Rows that no moment from now on can need go; only else more room is taken. */
  private void makeRoom(long now) {
    long oldest = ring.end();
    for (Lane lane : lanes) {
      lane.advance(now);
      oldest = Math.min(oldest, lane.oldest());
    }
    ring.dropBefore(oldest);
    if (ring.isHalfFull()) {
      ring.grow();
    }
  }

  private boolean isSameKey(InternalRow row) {
    if (nullKey || row.isNullAt(plan.key())) {
      return nullKey && row.isNullAt(plan.key());
    }
    return plan.longKey()
        ? row.getLong(plan.key()) == longKey
        : row.getUTF8String(plan.key()).equals(textKey);
  }

  /** How many rows there is room for, for tests. */
  int room() {
    return ring.room();
  }

  private void begin(InternalRow row) {
    started = true;
    nullKey = row.isNullAt(plan.key());
    if (!nullKey && plan.longKey()) {
      longKey = row.getLong(plan.key());
    } else if (!nullKey) {
      textKey = row.getUTF8String(plan.key()).clone();
    }
    ring.clear();
    lanes.forEach(Lane::clear);
  }
}
