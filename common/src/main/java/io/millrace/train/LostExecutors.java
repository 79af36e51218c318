package io.millrace.train;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/**
 * Counts the executors that a cluster has lost since this was made. It counts events: who compared
 * lists of executors would miss one that was lost while it still arrived.
 */
final class LostExecutors extends SparkListener implements AutoCloseable {

  private static final long NEWS_SECONDS = 15;

  private final SparkContext context;
  private final AtomicInteger count = new AtomicInteger();

  LostExecutors(SparkContext context) {
    this.context = context;
    context.addSparkListener(this);
  }

  /** How many so far. */
  int count() {
    return count.get();
  }

  /**
   * Whether more were lost than a count of before; it waits for news, which may come some seconds
   * after the failure that the loss caused in another worker.
   */
  boolean isMoreThan(int before) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(NEWS_SECONDS);
    while (count() == before && System.nanoTime() < end) {
      Slots.pause();
    }
    return count() > before;
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
