package io.millrace.jobs.session;

import io.millrace.jobs.console.Console;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** Tells the console how many tasks of the jobs that are running have ended. */
final class TaskProgress extends SparkListener {

  private final Console console;
  private final Map<Integer, Integer> tasksOfJob = new HashMap<>();
  private int done;
  private int total;

  TaskProgress(Console console) {
    this.console = console;
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart job) {
    int tasks =
        CollectionConverters.asJava(job.stageInfos()).stream()
            .mapToInt(stage -> stage.numTasks())
            .sum();
    tasksOfJob.put(job.jobId(), tasks);
    total += tasks;
    console.tasks(done, total);
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
    done = Math.min(done + 1, total);
    console.tasks(done, total);
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd job) {
    tasksOfJob.remove(job.jobId());
    if (tasksOfJob.isEmpty()) {
      done = 0;
      total = 0;
      console.tasks(done, total);
    }
  }
}
