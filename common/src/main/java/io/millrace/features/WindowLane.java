package io.millrace.features;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;

/**
 * All spans and aggregates of one window. Rows come in where time reaches them and go out at the
 * start of each span, so that a key costs its rows once per span, however long that is.
 */
final class WindowLane extends Lane {

  private static final int FEW = 64;

  private final Ring ring;
  private final LanePlan.Window plan;
  private final int firstOrdinal;
  private final Ring.Longs knownAt;
  private final Span[] spans;

  /** Rows in the window that weren't known when time reached them: known at, position. */
  private final PriorityQueue<long[]> awaited =
      new PriorityQueue<>(
          Comparator.<long[]>comparingLong(row -> row[0]).thenComparingLong(row -> row[1]));

  private long reached;
  private long moment = Long.MIN_VALUE;

  WindowLane(Ring ring, LanePlan.Window plan, int firstOrdinal) {
    this.ring = ring;
    this.plan = plan;
    this.firstOrdinal = firstOrdinal;
    this.knownAt = plan.knownAt() < 0 ? null : ring.add(new Ring.Longs(plan.knownAt()));
    List<Ring.Values> values = new ArrayList<>();
    for (LanePlan.Input input : plan.inputs()) {
      values.add(
          ring.add(
              input.text()
                  ? new Ring.Objects(input.ordinal(), 0)
                  : new Ring.Doubles(input.ordinal())));
    }
    this.spans = new Span[plan.spans().size()];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = new Span(plan.spans().get(i), values);
    }
  }

  /** One span: what it holds starts at the position {@code head}. */
  private final class Span {

    private final long length;
    private final Running[] running;
    private long head;

    Span(long length, List<Ring.Values> values) {
      this.length = length;
      this.running = new Running[values.size()];
      for (int i = 0; i < running.length; i++) {
        LanePlan.Input input = plan.inputs().get(i);
        running[i] =
            input.text()
                ? new Running.Texts(ring, (Ring.Objects) values.get(i), input.aggregates())
                : new Running.Numbers(
                    ring, (Ring.Doubles) values.get(i), input.truth(), input.aggregates());
      }
    }

    /** Takes out what is too old; rows from {@code came} on aren't in yet. */
    void evict(long start, long came, long end) {
      while (head < end && ring.time(head) <= start) {
        if (head < came && isKnown(head)) {
          for (Running one : running) {
            one.evict(head);
          }
        }
        head++;
      }
    }

    void add(long position) {
      if (position >= head) {
        for (Running one : running) {
          one.add(position);
        }
      }
    }
  }

  private boolean isKnown(long position) {
    return knownAt == null || knownAt.at[ring.slot(position)] <= moment;
  }

  @Override
  void advance(long now) {
    long came = reached;
    long last = now - plan.delay() - (plan.strict() ? 1 : 0);
    while (reached < ring.end() && ring.time(reached) <= last) {
      reached++;
    }
    for (Span span : spans) {
      span.evict(now - plan.delay() - span.length, came, reached);
    }
    moment = now;
    for (long position = came; position < reached; position++) {
      enter(position);
    }
    while (!awaited.isEmpty() && awaited.peek()[0] <= now) {
      add(awaited.poll()[1]);
    }
  }

  private void enter(long position) {
    if (isKnown(position)) {
      add(position);
    } else if (knownAt.at[ring.slot(position)] < Long.MAX_VALUE) {
      awaited.add(new long[] {knownAt.at[ring.slot(position)], position});
      if (awaited.size() > 2 * (reached - oldest()) + FEW) {
        long oldest = oldest();
        awaited.removeIf(row -> row[1] < oldest);
      }
    }
  }

  private void add(long position) {
    for (Span span : spans) {
      span.add(position);
    }
  }

  @Override
  long oldest() {
    long oldest = Long.MAX_VALUE;
    for (Span span : spans) {
      oldest = Math.min(oldest, span.head);
    }
    return oldest;
  }

  @Override
  void write(SpecificInternalRow out) {
    for (int i = 0; i < plan.outputs().size(); i++) {
      LanePlan.Output output = plan.outputs().get(i);
      spans[output.span()].running[output.input()].write(
          output.aggregate(), out, firstOrdinal + i, moment + plan.tick());
    }
  }

  @Override
  void clear() {
    reached = 0;
    moment = Long.MIN_VALUE;
    awaited.clear();
    for (Span span : spans) {
      span.head = 0;
      for (Running one : span.running) {
        one.clear();
      }
    }
  }
}
