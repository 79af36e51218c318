package io.millrace.features;

import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;

/** The last row at or before the moment less the delay, as a struct. */
final class JoinLane extends Lane {

  private final Ring ring;
  private final Ring.Objects rows;
  private final LanePlan.Join plan;
  private final int ordinal;
  private long entered;
  private long moment;

  JoinLane(Ring ring, LanePlan.Join plan, int ordinal) {
    this.ring = ring;
    this.rows = ring.add(new Ring.Objects(plan.input(), plan.fields()));
    this.plan = plan;
    this.ordinal = ordinal;
  }

  @Override
  void advance(long moment) {
    this.moment = moment;
    while (entered < ring.end() && ring.time(entered) <= moment - plan.delay()) {
      entered++;
    }
  }

  @Override
  long oldest() {
    return Math.max(0, entered - 1);
  }

  @Override
  void write(SpecificInternalRow out) {
    boolean found = entered > 0 && moment - ring.time(entered - 1) <= plan.within();
    if (found) {
      out.update(ordinal, rows.at[ring.slot(entered - 1)]);
    } else {
      out.setNullAt(ordinal);
    }
  }

  @Override
  void clear() {
    entered = 0;
  }
}
