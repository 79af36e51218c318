package io.millrace.jobs.submit;

import io.millrace.table.HadoopSettings;
import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.fs.Path;

/**
 * Ends a driver on the cluster when its launcher was ended: no signal reaches it there. A launcher
 * that goes takes its parcel away, and the driver looks for it now and then. One that was killed
 * outright leaves it; its driver goes on, which a second one for the same date bears.
 */
public final class Leash {

  /** Between two looks; Airflow takes an ended task for gone at once and may try it again. */
  private static final Duration EVERY = Duration.ofSeconds(3);

  private Leash() {}

  /**
   * Looks from now on, by a thread that keeps nobody from ending.
   *
   * @param conf as {@link Parcel#asked} tells it
   * @param end is called once, where the parcel is gone
   */
  public static void hold(String conf, Runnable end) {
    Thread looking = new Thread(() -> look(conf, end), "leash");
    looking.setDaemon(true);
    looking.start();
  }

  private static void look(String conf, Runnable end) {
    while (!isGone(conf)) {
      try {
        Thread.sleep(EVERY.toMillis());
      } catch (InterruptedException e) {
        return;
      }
    }
    end.run();
  }

  /** Whether the parcel is gone; a store that doesn't answer says nothing. */
  public static boolean isGone(String conf) {
    Path folder = new Path(conf);
    try {
      return !folder.getFileSystem(HadoopSettings.submitted()).exists(folder);
    } catch (IOException e) {
      return false;
    }
  }
}
