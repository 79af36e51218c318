package io.millrace.jobs.session;

import io.millrace.UnavailableException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;

/**
 * Sees to it that a job ends where no executor is left: Spark itself would wait for one without
 * end.
 */
final class ExecutorWatch extends Thread {

  private static final String WAIT = "spark.scheduler.maxRegisteredResourcesWaitingTime";

  private final SparkContext context;
  private final long patience;

  private ExecutorWatch(SparkContext context, long patienceSeconds) {
    super("millrace-executors");
    this.context = context;
    this.patience = TimeUnit.SECONDS.toNanos(patienceSeconds);
    setDaemon(true);
  }

  /**
   * Watches a session on a cluster from its beginning, when Spark has waited for executors already.
   * With dynamic allocation a session without executors is as it should be.
   *
   * @throws UnavailableException where none has come
   */
  static void start(SparkContext context) {
    if (context.conf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      return;
    }
    long seconds = context.conf().getTimeAsSeconds(WAIT, "30s");
    if (executors(context) == 0) {
      String master = context.master();
      context.stop();
      throw new UnavailableException(
          "no executor came within "
              + seconds
              + " s: "
              + master
              + " has no worker with so many free cores and so much memory; wait for others to"
              + " end, or lower cluster.cores or memory in conf/env/<env>.yaml");
    }
    new ExecutorWatch(context, seconds).start();
  }

  private static int executors(SparkContext context) {
    return context.getExecutorMemoryStatus().size() - 1; // the driver stands in it, too
  }

  @Override
  public void run() {
    long seen = System.nanoTime();
    while (!context.isStopped()) {
      try {
        Thread.sleep(1000);
        if (executors(context) > 0) {
          seen = System.nanoTime();
        } else if (System.nanoTime() - seen > patience) {
          context.cancelAllJobs();
          return;
        }
      } catch (InterruptedException | IllegalStateException stopping) {
        return;
      }
    }
  }
}
