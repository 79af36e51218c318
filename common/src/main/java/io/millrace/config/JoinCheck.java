package io.millrace.config;

import java.time.Duration;

/** What can be wrong within one join. */
final class JoinCheck {

  private final Faults faults;
  private final KeyPath path;

  JoinCheck(Faults faults, KeyPath path) {
    this.faults = faults;
    this.path = path;
  }

  void check(JoinSpec join) {
    if (join.on().isEmpty()) {
      faults.add(
          path.then("on"), "empty; say which columns are equal: {<its key>: <the population's>}");
    }
    RecordChecks.unique(join.columns(), path.then("columns"), faults);
    if (join.columns().isEmpty()) {
      faults.add(path.then("columns"), "empty; name the columns to be joined");
    }
    String moment = "only with as-of; name the time column there, or take it away";
    if (join.asOf().isEmpty() && join.within().isPresent()) {
      faults.add(path.then("within"), moment);
    }
    if (join.asOf().isEmpty() && !join.delay().isZero()) {
      faults.add(path.then("delay"), moment);
    }
    join.within().ifPresent(within -> within(join, within));
  }

  private void within(JoinSpec join, Duration within) {
    if (within.compareTo(join.delay()) < 0) {
      String fault = "no row is known before it is " + Spans.text(join.delay()) + " old (delay)";
      faults.add(path.then("within"), fault + "; make it longer");
    }
  }
}
