package io.millrace.config;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;

/**
 * When Airflow runs the two chains of a pipeline. No run's id holds any of it: when and how often a
 * date is run changes nothing of what it is.
 */
@Doc("When Airflow runs the chains of the pipeline; all times are UTC.")
public record ScheduleSpec(
    @Doc(
            "When dates are scored: five fields of cron, or `none`. Absent: at midnight, when the"
                + " period of `every` has ended.")
        Optional<String> daily,
    @Doc(
            "When a challenger is trained: five fields of cron, or `none`, which leaves it to"
                + " people and to monitor.retrain.")
        @Default("none")
        String train,
    @Doc(
            "Which date a run is of. ended: the last period that has ended when the run is due;"
                + " running: the one that holds that moment, where its files come before its end.")
        @Default("ended")
        Period period,
    @Doc("chain: one task for all stages, which starts Spark once; stages: a task for each.")
        @Default("chain")
        Tasks tasks,
    @Doc("How often a task is tried again where that may help (exit 4, or a worker that is lost).")
        @Default("2")
        @Within("[0, )")
        int retries,
    @Doc("How long to wait before the first retry; each later wait is twice as long, at most 1h.")
        @Default("5m")
        Duration retryDelay,
    @Doc("First logical date. Absent: the one that is due when the DAG is switched on.")
        Optional<LocalDate> start,
    @Doc("Last logical date.") Optional<LocalDate> end,
    @Doc("Whether dates between start and now that haven't run yet are run, oldest first.")
        @Default("false")
        boolean catchup,
    @Doc("Airflow pool whose slots the tasks take; it must exist there. Absent: Airflow's default.")
        Optional<String> pool,
    @Doc("How long a run may take before someone is told; it goes on.") Optional<Duration> deadline,
    @Doc("How many dates may run at once.") @Default("1") @Within("[1, )") int maxActive) {

  /** The word for a chain without a schedule. */
  static final String NONE = "none";

  /** Which date a run is of. */
  public enum Period {
    /** The last one that has ended when the run is due. */
    ENDED,
    /** The one that holds the moment at which the run is due. */
    RUNNING
  }

  /** How many tasks a run is made of. */
  public enum Tasks {
    /** One for the whole chain. */
    CHAIN,
    /** One for each stage. */
    STAGES
  }
}
