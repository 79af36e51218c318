package io.millrace.train;

import io.millrace.UnavailableException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.rdd.RDD;
import scala.reflect.ClassTag$;

/**
 * One boosting as a barrier stage. Spark never repeats such a stage by itself, and its tasks meet
 * at a tracker that serves one attempt; so an attempt that lost an executor is repeated here, from
 * its first round and with a new tracker. It gives the same model, since each worker holds the same
 * rows.
 */
final class BarrierJob {

  private static final int ATTEMPTS = 3;

  private final RDD<Block> blocks;
  private final SparkContext context;
  private final int workers;

  BarrierJob(RDD<Block> blocks) {
    this.blocks = blocks;
    this.context = blocks.sparkContext();
    this.workers = blocks.getNumPartitions();
  }

  /**
   * Boosts.
   *
   * @throws UnavailableException where executors were lost in three attempts, or don't come back
   */
  Boosted run(BoostSettings settings) {
    try (LostExecutors lost = new LostExecutors(context)) {
      for (int attempt = 1; ; attempt++) {
        Slots.await(context, workers);
        int before = lost.count();
        try {
          return once(settings);
        } catch (ExecutionException e) {
          if (context.isLocal() || !lost.isMoreThan(before)) {
            throw new IllegalStateException("XGBoost's stage failed", e.getCause());
          }
          if (attempt == ATTEMPTS) {
            throw new UnavailableException(
                "train: an executor was lost in each of "
                    + ATTEMPTS
                    + " attempts; see its log for the reason (memory?), then run this again",
                e.getCause());
          }
        }
      }
    }
  }

  private Boosted once(BoostSettings settings) throws ExecutionException {
    try (RankedTracker tracker = new RankedTracker(workers, driverAddress())) {
      RDD<Boosted> results =
          blocks
              .barrier()
              .mapPartitions(
                  new BoostWorker(settings, tracker.workerArguments()),
                  false,
                  ClassTag$.MODULE$.apply(Boosted.class));
      return watched(results.toJavaRDD().collectAsync()).get(0);
    }
  }

  /** A barrier stage waits for slots without end and without a word, where an executor is lost. */
  private List<Boosted> watched(JavaFutureAction<List<Boosted>> stage) throws ExecutionException {
    long enough = System.nanoTime();
    while (true) {
      try {
        return stage.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException running) {
        if (context.isLocal() || Slots.now(context) >= workers) {
          enough = System.nanoTime();
        } else if (System.nanoTime() - enough > TimeUnit.SECONDS.toNanos(Slots.patienceSeconds())) {
          UnavailableException tooFew = Slots.tooFew(context, workers);
          stage.cancel(true);
          throw tooFew;
        }
      } catch (InterruptedException e) {
        stage.cancel(true);
        throw new IllegalStateException("interrupted while boosting", e);
      }
    }
  }

  private String driverAddress() {
    if (context.isLocal()) {
      return "127.0.0.1";
    }
    String host = context.conf().get("spark.driver.host");
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw new UnavailableException(
          "train: the driver's host " + host + " has no address; set spark.driver.host", e);
    }
  }
}
