package io.millrace.jobs.submit;

import io.millrace.config.ClusterSpec;
import io.millrace.config.ClusterSpec.DeployMode;
import io.millrace.config.EnvSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * What spark-submit is told.
 *
 * @param environment the place, whose master is a cluster
 * @param mode where the driver runs
 * @param name of the application in Spark's pages
 * @param jar the program, as a file or URI
 * @param driverOptions more options of the driver's JVM
 * @param returned where the driver tells how it ended
 * @param arguments the command and its arguments
 */
record Submission(
    EnvSpec environment,
    DeployMode mode,
    String name,
    String jar,
    List<String> driverOptions,
    String returned,
    List<String> arguments) {

  /** Names the file in which the driver tells how it ended; a Spark setting, so that it travels. */
  static final String RETURNED = "spark.millrace.returned";

  private static final String MAIN = "io.millrace.jobs.Main";
  private static final int TASKS_PER_SLOT = 3;

  /** Both must be the same on all machines: dates and texts enter results. */
  private static final String SAME_EVERYWHERE = "-Duser.timezone=UTC -Dfile.encoding=UTF-8";

  Submission {
    driverOptions = List.copyOf(driverOptions);
    arguments = List.copyOf(arguments);
  }

  ClusterSpec cluster() {
    return environment.cluster().orElseThrow();
  }

  String master() {
    return environment.master().orElseThrow();
  }

  /** The command line, the program's arguments last. */
  List<String> command(String submit) {
    ClusterSpec cluster = cluster();
    List<String> line = new ArrayList<>(List.of(submit, "--master", master()));
    line.addAll(List.of("--deploy-mode", mode == DeployMode.CLUSTER ? "cluster" : "client"));
    line.addAll(List.of("--name", name, "--class", MAIN));
    line.addAll(List.of("--driver-memory", cluster.driverMemory()));
    line.addAll(List.of("--executor-memory", cluster.memory()));
    line.addAll(List.of("--executor-cores", Integer.toString(cluster.cores())));
    if (mode == DeployMode.CLUSTER && !isKubernetes()) {
      line.addAll(List.of("--driver-cores", Integer.toString(cluster.driverCores())));
    }
    if (!cluster.jars().isEmpty()) {
      line.addAll(List.of("--jars", String.join(",", cluster.jars())));
    }
    if (!cluster.packages().isEmpty()) {
      line.addAll(List.of("--packages", String.join(",", cluster.packages())));
    }
    settings().forEach((key, value) -> line.addAll(List.of("--conf", key + "=" + value)));
    line.add(jar);
    line.addAll(arguments);
    return line;
  }

  private boolean isStandalone() {
    return master().startsWith("spark://");
  }

  private boolean isKubernetes() {
    return master().startsWith("k8s://");
  }

  /** Ours, then those of the place, which win. */
  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    sizes(settings);
    waiting(settings);
    Map<String, String> told = environment.spark();
    settings.putAll(told);
    String driver = String.join(" ", driverOptions);
    // A standalone worker starts drivers without them, and Spark can't read a date.
    String modules =
        isStandalone() && mode == DeployMode.CLUSTER
            ? JavaModuleOptions.defaultModuleOptions() + " "
            : "";
    join(settings, "spark.driver.extraJavaOptions", modules + SAME_EVERYWHERE, driver);
    join(settings, "spark.executor.extraJavaOptions", SAME_EVERYWHERE, "");
    settings.put(RETURNED, returned);
    return settings;
  }

  private static void join(Map<String, String> settings, String key, String first, String last) {
    String middle = settings.getOrDefault(key, "");
    settings.put(key, (first + " " + middle + " " + last).replaceAll(" +", " ").trim());
  }

  private void sizes(Map<String, String> settings) {
    ClusterSpec cluster = cluster();
    if (isStandalone()) {
      settings.put("spark.cores.max", Integer.toString(cluster.executors() * cluster.cores()));
    } else {
      settings.put("spark.executor.instances", Integer.toString(cluster.executors()));
    }
    if (isKubernetes() && mode == DeployMode.CLUSTER) {
      settings.put("spark.kubernetes.driver.request.cores", cluster.driverCores() + "");
    }
    int cpus = Integer.parseInt(environment.spark().getOrDefault("spark.task.cpus", "1"));
    int slots = cluster.slots(cpus);
    settings.put("spark.sql.shuffle.partitions", Integer.toString(TASKS_PER_SLOT * slots));
    settings.put("spark.dynamicAllocation.enabled", "false");
  }

  /** Nothing starts before all executors are there; nothing waits without end. */
  private void waiting(Map<String, String> settings) {
    settings.put("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    settings.put("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s");
    settings.put("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "5s");
    settings.put("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "24");
    // A task in native code can't be interrupted: its executor is ended, and another one comes.
    settings.put("spark.task.reaper.enabled", "true");
    settings.put("spark.task.reaper.killTimeout", "60s");
    settings.put("spark.ui.showConsoleProgress", "false");
    if (isStandalone() && mode == DeployMode.CLUSTER) {
      settings.put("spark.master.rest.enabled", "false");
      settings.put("spark.standalone.submit.waitAppCompletion", "true");
    } else if (isKubernetes()) {
      settings.put("spark.kubernetes.submission.waitAppCompletion", "true");
    } else if (mode == DeployMode.CLUSTER) {
      settings.put("spark.yarn.submit.waitAppCompletion", "true");
      // The same command again is what a retry is, and whoever called it decides on that.
      settings.put("spark.yarn.maxAppAttempts", "1");
    }
  }
}
