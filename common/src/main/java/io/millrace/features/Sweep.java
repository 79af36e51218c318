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

/**
 * One pass over the rows of a partition, sorted by bucket and time, that gives each row of the
 * population what windows and joins know of its key at its moment. Holds the rows of the widest
 * window of the keys of one bucket, which is one key as a rule, and the rows of one instant.
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
   * @param order ordinal of a long by which rows are sorted; -1 where they are by key and time
   * @param timeBits the lower bits of that long, which grow with time; the others are the bucket
   * @param types of the results, lane by lane
   */
  record Plan(
      int key,
      boolean longKey,
      int time,
      int role,
      int order,
      int timeBits,
      List<LanePlan> lanes,
      DataType[] types)
      implements Serializable {
    Plan {
      lanes = List.copyOf(lanes);
    }
  }

  private final Plan plan;
  private final Iterator<InternalRow> rows;
  private final List<KeyState> bucket = new ArrayList<>();
  private final List<KeyState> free = new ArrayList<>();
  private final List<InternalRow> instant = new ArrayList<>();
  private final List<KeyState> states = new ArrayList<>();
  private final SpecificInternalRow none;
  private final JoinedRow joined = new JoinedRow();
  private InternalRow ahead;
  private long bucketNumber;
  private long time = Long.MIN_VALUE;
  private int given;

  Sweep(Plan plan, Iterator<InternalRow> rows) {
    this.plan = plan;
    this.rows = rows;
    this.none = KeyState.row(plan.types());
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
    InternalRow row = instant.get(given);
    boolean asked = (row.getInt(plan.role()) & ASKED) != 0;
    SpecificInternalRow results = asked ? states.get(given).results(time) : none;
    given++;
    return joined.apply(row, results);
  }

  /** Reads all rows of one bucket and instant, since each of them may know of all of its key. */
  private boolean takeInstant() {
    instant.clear();
    states.clear();
    given = 0;
    if (ahead == null) {
      if (!rows.hasNext()) {
        return false;
      }
      ahead = rows.next();
    }
    long before = time;
    time = ahead.getLong(plan.time());
    if (!isInBucket(ahead)) {
      begin(ahead);
    } else if (time < before) {
      throw new IllegalStateException("rows of a sweep go back in time");
    }
    do {
      take(ahead);
      ahead = rows.hasNext() ? rows.next() : null;
    } while (ahead != null && ahead.getLong(plan.time()) == time && isInBucket(ahead));
    return true;
  }

  private void take(InternalRow row) {
    KeyState state = state(row);
    int role = row.getInt(plan.role());
    if ((role & EVENT) != 0) {
      state.add(row, time);
    }
    if ((role & EMITTED) != 0) {
      instant.add(row.copy());
      states.add(state);
    }
    if ((role & ASKED) != 0) {
      state.ask();
    }
  }

  private boolean isInBucket(InternalRow row) {
    if (bucket.isEmpty()) {
      return false;
    }
    return plan.order() < 0
        ? bucket.get(0).isOf(row)
        : row.getLong(plan.order()) >> plan.timeBits() == bucketNumber;
  }

  private void begin(InternalRow row) {
    free.addAll(bucket);
    bucket.clear();
    bucketNumber = plan.order() < 0 ? 0 : row.getLong(plan.order()) >> plan.timeBits();
  }

  /** The state of a row's key; buckets are so many that nearly all have one key. */
  private KeyState state(InternalRow row) {
    for (int i = 0; i < bucket.size(); i++) {
      if (bucket.get(i).isOf(row)) {
        return bucket.get(i);
      }
    }
    KeyState state = free.isEmpty() ? new KeyState(plan) : free.remove(free.size() - 1);
    state.begin(row);
    bucket.add(state);
    return state;
  }

  /** How many rows there is room for, for tests. */
  int room() {
    return bucket.stream().mapToInt(KeyState::room).max().orElse(0);
  }
}
