package io.millrace.train;

import io.millrace.UnavailableException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;

/** How many tasks a cluster can run at once: a barrier stage needs all its slots at one time. */
final class Slots {

  /** An executor that was lost is replaced within seconds, where it can be. */
  private static final long PATIENCE_SECONDS = 60;

  private Slots() {}

  /** Slots of the executors that are there now. */
  static int now(SparkContext context) {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  /**
   * Waits a minute for enough executors; in a local session what is there is all there will be.
   *
   * @throws UnavailableException where they don't come
   */
  static void await(SparkContext context, int workers) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (now(context) < workers) {
      if (context.isLocal() || System.nanoTime() > end) {
        throw tooFew(context, workers);
      }
      pause();
    }
  }

  static UnavailableException tooFew(SparkContext context, int workers) {
    return new UnavailableException(
        String.format(
            "train.workers: %d workers must run at once, but Spark (master %s, %s core(s) per"
                + " task) has %d slot(s); give it more cores, or lower workers (another model)",
            workers, context.master(), context.conf().get("spark.task.cpus", "1"), now(context)));
  }

  static void pause() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for executors", e);
    }
  }

  /** How long a barrier stage may wait for slots. */
  static long patienceSeconds() {
    return PATIENCE_SECONDS;
  }
}
