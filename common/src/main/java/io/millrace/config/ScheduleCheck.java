package io.millrace.config;

import java.time.Duration;
import java.util.Optional;

/** What can be wrong in when a pipeline is run. */
final class ScheduleCheck {

  /** What Airflow can add to the moment of a run. */
  private static final Duration LONGEST_SPAN = Duration.ofDays(366);

  private static final Duration LONGEST_DELAY = Duration.ofHours(1);

  private final Faults faults;
  private final KeyPath path;

  ScheduleCheck(Faults faults, KeyPath path) {
    this.faults = faults;
    this.path = path;
  }

  void check(ScheduleSpec schedule) {
    schedule.daily().ifPresent(cron -> cron(cron, "daily"));
    cron(schedule.train(), "train");
    if (schedule.start().isPresent()
        && schedule.end().map(end -> end.isBefore(schedule.start().get())).orElse(false)) {
      faults.add(path.then("end"), "before start, " + schedule.start().get() + "; swap them");
    }
    if (schedule.catchup() && schedule.start().isEmpty()) {
      faults.add(
          path.then("catchup"), "true, but nothing says from when on; add schedule.start, a date");
    }
    if (schedule.retryDelay().compareTo(LONGEST_DELAY) > 0) {
      faults.add(path.then("retry-delay"), "longer than 1h, the longest wait; shorten it");
    }
    if (schedule.deadline().map(Duration::isZero).orElse(false)) {
      faults.add(path.then("deadline"), "no time at all; give more, such as 4h, or take it away");
    }
    if (schedule.deadline().filter(span -> span.compareTo(LONGEST_SPAN) > 0).isPresent()) {
      faults.add(path.then("deadline"), "longer than 366d; give less, such as 4h, or take it away");
    }
    if (schedule.pool().map(String::isBlank).orElse(false)) {
      faults.add(path.then("pool"), "an empty name; name a pool of Airflow's or take it away");
    }
  }

  private void cron(String text, String key) {
    Optional<String> fault = text.equals(ScheduleSpec.NONE) ? Optional.empty() : Cron.fault(text);
    fault.ifPresent(
        wrong ->
            faults.add(
                path.then(key), wrong + "; write it like 0 6 * * * (daily at 06:00 UTC) or none"));
  }

  /** A chain that the pipeline hasn't got can't be scheduled. */
  static void pipeline(PipelineSpec spec, Faults faults) {
    if (spec.train().isEmpty() && !spec.schedule().train().equals(ScheduleSpec.NONE)) {
      faults.add(KeyPath.of("schedule", "train"), "nothing is trained; add train or take it away");
    }
  }
}
