package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The program on a cluster of real processes: what is in the lake in the end is what a local run
 * makes, whatever runs where and whatever dies; and who calls it sees its exit code and messages.
 */
@Order(1)
class StandaloneClusterTest {

  private static final String DATE = Shop.FIRST.plusDays(2).toString();
  private static final String[] CHAINS = {
    "replay", "shop.yaml", "--from", DATE, "--to", DATE, "--train-every", "1"
  };
  private static final Shop SHOP = new Shop().days(0, 3);
  private static final Path HERE = SHOP.lakeFolder;
  private static StandaloneCluster cluster;
  private static Map<String, List<String>> expected;

  @BeforeAll
  static void runHere() {
    cluster = new StandaloneCluster();
    // Enough rounds for an executor to be killed in their midst.
    Shop.write(SHOP.spec, Shop.SPEC.replace("rounds: 10, depth: 3", "rounds: 600, depth: 2"));
    environment("local", "lake: lake\n");
    // Compiled queries here, interpreted ones in the others: the same rows.
    environment("client", cluster.environment("executors: 2, cores: 1"));
    environment("cluster", little("deploy-mode: cluster, executors: 1, cores: 2"));
    try (Program program = new Program(SHOP, HERE, CHAINS)) {
      assertThat(program.end()).as(program::said).isZero();
    }
    expected = LakeRows.of(HERE);
    assertThat(expected.keySet()).contains("predictions/shop", "metrics", "model files");
    assertThat(expected.get("predictions/shop")).hasSize(120);
    assertThat(expected.get("model files")).hasSize(4);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void twoExecutorsMakeWhatALocalRunMakes() {
    Path lake = SHOP.folder.resolve("client");

    String said = run(0, lake, "client", CHAINS);

    assertThat(said).doesNotContain("WARN", "Exception");
    assertSame(lake);
  }

  @Test
  void aDriverOnTheClusterMakesWhatALocalRunMakesAndItsEndComesBack() {
    Path lake = SHOP.folder.resolve("cluster");

    String said = run(0, lake, "cluster", CHAINS);

    assertThat(said)
        .contains("submitted to " + cluster.master())
        .contains(DATE + "  trained on all that was known");
    assertSame(lake);
    assertThat(lake.resolve("_submitted")).doesNotExist();
    String[] wrong = {"promote", "shop.yaml", "--date", DATE, "--to", "000000000000"};
    String refused = run(2, lake, "local", wrong);
    assertThat(refused).startsWith("millrace: ").contains("000000000000");
    assertThat(run(2, lake, "client", wrong)).isEqualTo(refused);
    assertThat(run(2, lake, "cluster", wrong)).endsWith(refused);
  }

  /** As Airflow ends a task that a person has marked as failed. */
  @Test
  void aLauncherThatIsEndedEndsItsDriverOnTheCluster() throws InterruptedException {
    Path lake = SHOP.folder.resolve("ended");
    String[] line =
        Stream.concat(Stream.of(CHAINS), Stream.of("--env", "cluster")).toArray(String[]::new);
    try (Program program = new Program(SHOP, lake, line)) {
      waitUntil(() -> !apps().isEmpty(), program);
      program.signal("TERM");
      assertThat(program.end()).as(program::said).isEqualTo(143);
    }
    waitUntil(() -> apps().isEmpty() && cluster.told().path("activedrivers").isEmpty(), null);

    assertThat(cluster.told().path("completeddrivers"))
        .extracting(driver -> driver.path("state").asText())
        .contains("FAILED");
    assertThat(lake.resolve("_submitted")).doesNotExist();
    assertThat(lake.resolve("predictions")).as("it was far from done").doesNotExist();
    // The same command again does all of it.
    run(0, lake, "cluster", CHAINS);
    assertSame(lake);
  }

  private static JsonNode apps() {
    return cluster.told().path("activeapps");
  }

  private static void waitUntil(BooleanSupplier there, Program program)
      throws InterruptedException {
    for (int i = 0; i < 600 && !there.getAsBoolean(); i++) {
      assertThat(program == null || program.isRunning()).as("the program").isTrue();
      Thread.sleep(500);
    }
    assertThat(there.getAsBoolean()).isTrue();
  }

  @Test
  void aCatalogTellsTablesViewsAndCommentsToEveryone() throws Exception {
    String metastore = "jdbc:derby:;databaseName=" + SHOP.folder.resolve("metastore");
    String url = "spark.hadoop.javax.jdo.option.ConnectionURL";
    String place =
        little(
            "executors: 1, cores: 1",
            "spark.sql.catalogImplementation: hive",
            url + ": " + metastore + ";create=true");
    environment("named", place + "catalog: {schema: millrace}\n");
    environment("mute", place + "catalog: {schema: millrace, metastore: 'thrift://127.0.0.1:1'}\n");

    assertThat(run(0, HERE, "named", "sql", "select 1 one")).doesNotContain("warning");
    assertThat(run(0, SHOP.folder.resolve("other"), "named", "sql", "select 1 one"))
        .contains("warning: catalog.schema millrace: not brought up to date: its tables are those");
    assertThat(run(0, HERE, "mute", "sql", "select 1 one"))
        .contains("one\n  1\n", "warning: catalog.schema millrace: not brought up to date: ");

    String found =
        cluster.sparkSql(
            List.of(url + "=" + metastore),
            "describe extended millrace.predictions_shop; describe millrace.releases;"
                + " select count(*) from millrace.champions;"
                + " select count(*) from millrace.predictions_shop");
    assertThat(found)
        .contains("Probability of the positive label", "Exactly one row per entity and date")
        .contains("Version of the predictions table")
        .endsWith("\n1\n120\n");
  }

  @Test
  void executorsThatAreKilledChangeNothing() {
    Path lake = SHOP.folder.resolve("killed");
    Path killed = SHOP.folder.resolve("killed.txt");
    environment("boosting", little("executors: 2, cores: 1", killer("boosting", killed)));
    environment("scoring", little("executors: 2, cores: 1", killer("2", killed)));

    boost(lake, killed);
    run(0, lake, "scoring", "daily", "shop.yaml", "--date", DATE);

    assertThat(Shop.read(killed)).contains("killed in task 2\n");
    assertSame(lake);
  }

  @Test
  void whatCantWorkIsSaidBeforeAnythingIsStarted() throws IOException {
    Path lake = SHOP.folder.resolve("nothing");
    int port = S3Server.freePort();
    environment("absent", "master: spark://127.0.0.1:" + port + "\n");
    environment("small", cluster.environment("executors: 1, cores: 1"));

    assertThat(run(4, lake, "absent", "run", "shop.yaml", "--date", DATE))
        .isEqualTo(
            "millrace: no Spark master answers at spark://127.0.0.1:"
                + port
                + " (Connection refused); start it (here: bin/cluster start), or mend master: in"
                + " conf/env/<env>.yaml\n");
    assertThat(run(2, lake, "small", "run", "shop.yaml", "--date", DATE))
        .isEqualTo(
            "millrace: shop.yaml: train.workers: 2 workers must run at once, but 1 executor(s) of 1"
                + " core(s) have 1 slot(s); raise cluster.executors or cores, or lower workers"
                + " (another model)\n");
    assertThat(lake).doesNotExist();
  }

  private static String little(String sizes, String... settings) {
    return cluster.environment(
        sizes,
        Stream.of(StandaloneCluster.LITTLE, settings).flatMap(Stream::of).toArray(String[]::new));
  }

  private static String[] killer(String when, Path told) {
    return new String[] {
      "spark.extraListeners: " + ExecutorKiller.class.getName(),
      "spark.millrace.test.kill: \"" + when + "\"",
      "spark.millrace.test.killed: " + told
    };
  }

  private static void environment(String name, String yaml) {
    Shop.write(SHOP.folder.resolve("conf/env/" + name + ".yaml"), yaml);
  }

  /** Runs a command in a place, and yields all that it said. */
  private static String run(int code, Path lake, String environment, String... command) {
    String[] line =
        Stream.concat(Stream.of(command), Stream.of("--env", environment)).toArray(String[]::new);
    try (Program program = new Program(SHOP, lake, line)) {
      assertThat(program.end()).as(program::said).isEqualTo(code);
      return program.said();
    }
  }

  /**
   * A training that loses executors ends well; or XGBoost's tracker, native code, takes the driver
   * with it as a worker goes while the others talk to it. That is exit 4, with a word of what to
   * do, and the same command ends well.
   */
  private static void boost(Path lake, Path killed) {
    String[] command = {"run", "shop.yaml", "--date", DATE};
    String[] line =
        Stream.concat(Stream.of(command), Stream.of("--env", "boosting")).toArray(String[]::new);
    try (Program program = new Program(SHOP, lake, line)) {
      int code = program.end();
      String first = "killed in barrier stage 1\n";
      if (code == 4) {
        assertThat(program.said())
            .contains("the driver was ended by signal 6", "the same command again does the rest");
        assertThat(Shop.read(killed)).contains(first);
        run(0, lake, "client", command);
      } else {
        assertThat(code).as(program::said).isZero();
        assertThat(Shop.read(killed))
            .contains(first, "killed in barrier stage 2\n", "failed stage");
      }
    }
  }

  private static void assertSame(Path lake) {
    Map<String, List<String>> found = LakeRows.of(lake);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((table, rows) -> assertThat(found.get(table)).as(table).isEqualTo(rows));
    assertThat(Files.exists(lake.resolve("_submitted"))).isFalse();
  }
}
