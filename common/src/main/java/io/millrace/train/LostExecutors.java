package io.millrace.train;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/**
 * Counts the executors that a cluster has lost since this was made. It counts events: who compared
 * lists of executors would miss one that was lost while it still arrived.
 */
final class LostExecutors extends SparkListener implements AutoCloseable {

  private final SparkContext context;
  private final AtomicInteger count = new AtomicInteger();

  LostExecutors(SparkContext context) {
    this.context = context;
    context.addSparkListener(this);
  }

  /** How many so far; an event may arrive some seconds after the failure that it caused. */
  int count() {
    return count.get();
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    count.incrementAndGet();
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
  }
}
