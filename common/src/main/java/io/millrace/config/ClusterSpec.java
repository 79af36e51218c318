package io.millrace.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the program is given to a Spark cluster. */
@Doc("How the program is given to a Spark cluster: what spark-submit is told.")
public record ClusterSpec(
    @Doc(
            "Where the driver runs: client, in the launcher's place, or cluster, on the cluster."
                + " sql, init, suggest and quarantine always run as client.")
        @Default("client")
        DeployMode deployMode,
    @Doc("Executors; with XGBoost executors × cores must be train.workers at the least.")
        @Default("2")
        @Within("[1, )")
        int executors,
    @Doc("Cores of an executor.") @Default("1") @Within("[1, )") int cores,
    @Doc("Java heap of an executor, 512m at the least.") @Default("2g") String memory,
    @Doc("Java heap of the driver, 512m at the least.") @Default("1g") String driverMemory,
    @Doc("Cores of the driver, where it runs on the cluster.") @Default("1") @Within("[1, )")
        int driverCores,
    @Doc(
            "The program's jar, where the cluster can't read this machine's: a URI such as"
                + " hdfs://…/millrace.jar or local:///opt/millrace.jar.")
        Optional<String> jar,
    @Doc("More jars, as files or URIs; the program's own holds Delta and XGBoost.") @Default("[]")
        List<String> jars,
    @Doc("More jars by Maven coordinates, for a cluster that reaches a repository.") @Default("[]")
        List<String> packages) {

  public ClusterSpec {
    jars = List.copyOf(jars);
    packages = List.copyOf(packages);
  }

  /** All keys with their defaults. */
  public static ClusterSpec usual() {
    return Binder.bind(
            ClusterSpec.class, new Tree.Fields(Map.of(), "cluster"), new Faults("cluster"))
        .orElseThrow();
  }

  /** Where the driver runs. */
  public enum DeployMode {
    /** In the launcher's place. */
    CLIENT,
    /** On the cluster. */
    CLUSTER
  }

  /** Tasks that run at once, each of so many cores. */
  public int slots(int coresOfTask) {
    return executors * (cores / coresOfTask);
  }
}
