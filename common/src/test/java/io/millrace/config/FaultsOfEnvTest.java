package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Places to run that bind but can't be meant: all faults of a file at once. */
class FaultsOfEnvTest {

  @TempDir Path folder;

  private String faults(String yaml) {
    Path file = SpecFiles.write(folder, "x.yaml", yaml);
    return SpecFiles.message(folder, () -> SpecReader.env(file, SpecFiles.NONE));
  }

  private EnvSpec read(String yaml) {
    return SpecReader.env(SpecFiles.write(folder, "x.yaml", yaml), SpecFiles.NONE);
  }

  @Test
  void namesAllFaultsOfSizesAtOnce() {
    String yaml =
        """
        master: spark://head:7077
        cluster: {cores: 2, memory: 300m, driver-memory: 2 GB}
        spark: {spark.task.cpus: 4, spark.executor.memory: 1g, spark.cores.max: 8}
        """;

    assertThat(faults(yaml))
        .isEqualTo(
            """
            x.yaml: cluster.memory: 300m is too little for Spark; give 512m at the least
            x.yaml: cluster.driver-memory: no size: 2 GB; write it like 2g or 1200m
            x.yaml: cluster.cores: 2, but a task takes 4 (spark.task.cpus); raise cores, or no task ever runs
            x.yaml: spark.spark.cores.max: cluster.executors × cluster.cores says it; take this out
            x.yaml: spark.spark.executor.memory: cluster.memory says it; take this out\
            """);
  }

  @Test
  void aCatalogNeedsASchemaAndASparkThatKnowsIt() {
    assertThat(faults("master: local[2]\ncatalog: {schema: my-lake, metastore: 'host:9083'}\n"))
        .isEqualTo(
            """
            x.yaml: catalog.schema: no name of a schema: my-lake; write millrace or catalog.millrace
            x.yaml: catalog.metastore: no metastore: host:9083; write thrift://host:9083
            x.yaml: catalog.metastore: the program's own Spark has no Hive; name a cluster as master, whose Spark has it\
            """);
    assertThat(faults("catalog: {metastore: 'thrift://host:9083'}\n"))
        .startsWith("x.yaml: catalog.schema: ");
    assertThat(faults("spark: {spark.sql.catalogImplementation: hive}\n"))
        .isEqualTo(
            "x.yaml: spark.spark.sql.catalogImplementation: the program's own Spark has no Hive;"
                + " name a cluster as master, whose Spark has it");
    assertThat(faults("master: yarn\nspark: {spark.sql.catalogImplementation: hive}\n"))
        .isEqualTo("no fault");
    String twice =
        """
        master: yarn
        catalog: {schema: millrace, metastore: "thrift://host:9083"}
        spark: {spark.hadoop.hive.metastore.uris: "thrift://host:9083"}
        """;
    assertThat(faults(twice))
        .isEqualTo(
            "x.yaml: spark.spark.hadoop.hive.metastore.uris: catalog.metastore says it; take this"
                + " out");
  }

  @Test
  void aSectionForAClusterNeedsOne() {
    String mend = "add master: spark://host:7077, yarn or k8s://…, or take the section out";

    assertThat(faults("cluster: {deploy-mode: cluster}\n"))
        .isEqualTo("x.yaml: cluster: there is no master; " + mend);
    assertThat(faults("master: local[2]\ncluster: {executors: 3}\n"))
        .isEqualTo("x.yaml: cluster: the master is local[2]; " + mend);
    assertThat(faults("master: yarn\ncluster: {deploy-mode: remote}\n"))
        .startsWith("x.yaml: cluster.deploy-mode: ")
        .contains("client, cluster");
    assertThat(faults("master: yarn\ncluster: {executors: 0}\n"))
        .startsWith("x.yaml: cluster.executors: ");
    assertThat(faults("master: yarn\ncluster: {memry: 2g}\n"))
        .isEqualTo("x.yaml: cluster.memry: unknown key; did you mean memory?");
  }

  @Test
  void knowsMasters() {
    assertThat(faults("master: sprk://head\n"))
        .isEqualTo(
            "x.yaml: master: no Spark master: sprk://head; write local[2], spark://host:7077, yarn"
                + " or k8s://https://host:6443");
    for (String local : new String[] {"local", "local[4]", "\"local[*]\""}) {
      assertThat(read("master: " + local + "\n").onCluster()).as(local).isFalse();
    }
    for (String far : new String[] {"spark://a:7077,b:7077", "yarn", "k8s://https://c:6443"}) {
      assertThat(read("master: " + far + "\n").onCluster()).as(far).isTrue();
    }
  }

  @Test
  void anotherMasterIsCheckedToo() {
    EnvSpec env = read("master: local[2]\n");

    assertThat(env.withMaster("yarn", "MILLRACE_MASTER").onCluster()).isTrue();
    assertThatThrownBy(() -> env.withMaster("yran", "MILLRACE_MASTER"))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "MILLRACE_MASTER: no Spark master: yran; write local[2], spark://host:7077 or yarn");
    assertThat(env.withSpark(Map.of("spark.a", "b")).spark()).isEqualTo(Map.of("spark.a", "b"));
  }

  @Test
  void sizesHaveDefaultsAndSlots() {
    ClusterSpec usual = ClusterSpec.usual();

    assertThat(read("master: yarn\ncluster: {}\n").cluster()).contains(usual);
    assertThat(usual.slots(1)).isEqualTo(2);
    assertThat(usual.slots(2)).isZero();
  }
}
