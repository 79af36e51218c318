package io.millrace.config;

import io.millrace.SpecException;
import java.util.Map;
import java.util.Optional;

/** A place to run: {@code conf/env/<name>.yaml}. */
@Doc("A place to run.")
public record EnvSpec(
    @Doc("Root of the lake; --lake and MILLRACE_LAKE win over it.") @Default("lake") String lake,
    @Doc(
            "Spark master: local[N], spark://host:port, yarn or k8s://https://host:port;"
                + " MILLRACE_MASTER wins over it. Absent: as spark-submit says, or all cores of"
                + " this machine.")
        Optional<String> master,
    @Doc("Java heap of a local run, such as 6g; absent: sized from the machine.")
        Optional<String> heap,
    @Doc("How spark-submit is called; only where the master is a cluster.")
        Optional<ClusterSpec> cluster,
    @Doc("A catalog in which the tables are to be found by name.") Optional<CatalogSpec> catalog,
    @Doc("Values of ${NAME} in specs; the process environment wins.") @Default("{}")
        Map<String, String> variables,
    @Doc("Spark settings.") @Default("{}") Map<String, String> spark,
    @Doc("An MLflow server that is told of models; absent: none.") Optional<MlflowSpec> mlflow,
    @Doc("A receiver of OpenLineage events that is told of runs; absent: none.")
        Optional<OpenLineageSpec> openLineage) {

  public EnvSpec {
    variables = SortedMaps.copyOf(variables);
    spark = SortedMaps.copyOf(spark);
  }

  /** A place that tells nobody of what was done. */
  public EnvSpec(
      String lake,
      Optional<String> master,
      Optional<String> heap,
      Optional<ClusterSpec> cluster,
      Map<String, String> variables,
      Map<String, String> spark) {
    this(
        lake,
        master,
        heap,
        cluster,
        Optional.empty(),
        variables,
        spark,
        Optional.empty(),
        Optional.empty());
  }

  /** Whether Spark runs elsewhere than in the program's own process. */
  public boolean onCluster() {
    return master.filter(told -> !told.startsWith("local")).isPresent();
  }

  /** The same place with these sizes. */
  public EnvSpec withCluster(ClusterSpec other) {
    return new EnvSpec(
        lake, master, heap, Optional.of(other), catalog, variables, spark, mlflow, openLineage);
  }

  /** The same place with more Spark settings. */
  public EnvSpec withSpark(Map<String, String> more) {
    Map<String, String> all = new java.util.HashMap<>(spark);
    all.putAll(more);
    return new EnvSpec(lake, master, heap, cluster, catalog, variables, all, mlflow, openLineage);
  }

  /**
   * The same place with another master.
   *
   * @param origin where that was told
   * @throws SpecException where it is no Spark master
   */
  public EnvSpec withMaster(String other, String origin) {
    if (!other.matches(EnvCheck.MASTER)) {
      throw new SpecException(
          origin + ": no Spark master: " + other + "; write local[2], spark://host:7077 or yarn");
    }
    return new EnvSpec(
        lake, Optional.of(other), heap, cluster, catalog, variables, spark, mlflow, openLineage);
  }
}
