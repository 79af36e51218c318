package io.millrace.features;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/** One key of a sweep: its rows that still count, its lanes, and what they last said. */
final class KeyState {

  private final Sweep.Plan plan;
  private final Ring ring = new Ring();
  private final List<Lane> lanes = new ArrayList<>();
  private final SpecificInternalRow results;
  private boolean isNull;
  private long longKey;
  private UTF8String textKey;
  private boolean asked;

  KeyState(Sweep.Plan plan) {
    this.plan = plan;
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
    this.results = row(plan.types());
  }

  /** A row of nulls. */
  static SpecificInternalRow row(DataType[] types) {
    SpecificInternalRow row =
        new SpecificInternalRow(CollectionConverters.asScala(List.of(types)).toSeq());
    for (int i = 0; i < types.length; i++) {
      row.setNullAt(i);
    }
    return row;
  }

  /** Begins with the key of a row, and forgets another one's. */
  void begin(InternalRow row) {
    isNull = row.isNullAt(plan.key());
    if (!isNull && plan.longKey()) {
      longKey = row.getLong(plan.key());
    } else if (!isNull) {
      textKey = row.getUTF8String(plan.key()).clone();
    }
    asked = false;
    ring.clear();
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).clear();
    }
  }

  boolean isOf(InternalRow row) {
    if (isNull || row.isNullAt(plan.key())) {
      return isNull && row.isNullAt(plan.key());
    }
    return plan.longKey()
        ? row.getLong(plan.key()) == longKey
        : row.getUTF8String(plan.key()).equals(textKey);
  }

  /** Takes in an event; a null key has none. */
  void add(InternalRow row, long time) {
    if (isNull) {
      return;
    }
    if (ring.isFull()) {
      makeRoom(time);
    }
    ring.append(row, time);
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

  /** Notes that the results at this instant will be wanted. */
  void ask() {
    asked = true;
  }

  /** The results at a moment, once all rows up to it are in. */
  SpecificInternalRow results(long moment) {
    if (asked) {
      asked = false;
      for (int i = 0; i < lanes.size(); i++) {
        Lane lane = lanes.get(i);
        lane.advance(moment);
        lane.write(results);
      }
    }
    return results;
  }

  int room() {
    return ring.room();
  }
}
