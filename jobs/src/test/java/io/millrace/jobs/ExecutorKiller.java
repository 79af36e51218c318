package io.millrace.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Ends executors by SIGKILL in the midst of work; the driver loads it by {@code
 * spark.extraListeners}. What it did stands in the file that {@code spark.millrace.test.killed}
 * names.
 *
 * <p>{@code spark.millrace.test.kill} says when: {@code boosting} is the first barrier stage at
 * once, so before its tasks have met, and the second one a second later, in the midst of its
 * rounds; a number is the task, counted from 1, whose executor goes as it starts.
 */
public final class ExecutorKiller extends SparkListener {

  private final String when;
  private final Path told;
  private final AtomicInteger barriers = new AtomicInteger();
  private final AtomicInteger tasks = new AtomicInteger();
  private volatile String application = "";

  /** Made by Spark. */
  public ExecutorKiller(SparkConf conf) {
    when = conf.get("spark.millrace.test.kill");
    told = Path.of(conf.get("spark.millrace.test.killed"));
  }

  @Override
  public void onApplicationStart(SparkListenerApplicationStart start) {
    application = start.appId().get();
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    boolean barrier =
        CollectionConverters.asJava(submitted.stageInfo().rddInfos()).stream()
            .anyMatch(rdd -> rdd.isBarrier());
    if (when.equals("boosting") && barrier) {
      int stage = barriers.incrementAndGet();
      if (stage <= 2) {
        long delay = stage == 1 ? 0 : 1000;
        new Thread(() -> kill("barrier stage " + stage, delay)).start();
      }
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart task) {
    int number = tasks.incrementAndGet();
    if (when.equals(Integer.toString(number))) {
      kill("task " + number, 0);
    }
  }

  @Override
  public void onStageCompleted(SparkListenerStageCompleted completed) {
    if (completed.stageInfo().failureReason().isDefined()) {
      tell("failed stage " + completed.stageInfo().stageId());
    }
  }

  private void kill(String moment, long delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    ProcessHandle.allProcesses()
        .filter(process -> isExecutor(process.pid()))
        .findFirst()
        .ifPresent(
            process -> {
              process.destroyForcibly();
              tell("killed in " + moment);
            });
  }

  /** An executor of this very application. */
  private boolean isExecutor(long pid) {
    try {
      Process ps =
          new ProcessBuilder("ps", "-ww", "-o", "command=", "-p", Long.toString(pid)).start();
      String command = new String(ps.getInputStream().readAllBytes());
      return command.contains("CoarseGrainedExecutorBackend") && command.contains(application);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void tell(String line) {
    try {
      Files.writeString(told, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
