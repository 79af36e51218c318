package io.millrace.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.S3Server;
import io.millrace.UnavailableException;
import io.millrace.config.ClusterSpec.DeployMode;
import io.millrace.config.ConfFolder;
import io.millrace.config.EnvSpec;
import io.millrace.config.Variables;
import io.millrace.table.HadoopSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command lines of the project's own places; those of YARN and Kubernetes run nowhere here. */
class SubmissionTest {

  private static final String OPTIONS = "-Duser.timezone=UTC -Dfile.encoding=UTF-8";

  @TempDir Path folder;

  private static EnvSpec place(String name) {
    Path conf = Path.of("").toAbsolutePath().getParent().resolve("conf");
    return ConfFolder.env(conf, name, Variables.of(Map.of(), Map.of()));
  }

  private static List<String> command(EnvSpec place, String jar) {
    return new Submission(
            place,
            place.cluster().orElseThrow().deployMode(),
            "millrace daily bank",
            jar,
            List.of(),
            "hdfs:///r.json",
            List.of("daily", "bank"))
        .command("spark-submit");
  }

  /** The values behind {@code --conf}. */
  private static List<String> settings(List<String> command) {
    List<String> settings = new ArrayList<>();
    for (int i = 0; i < command.size(); i++) {
      if (command.get(i).equals("--conf")) {
        settings.add(command.get(i + 1));
      }
    }
    return settings;
  }

  private static String line(List<String> command) {
    return String.join(" ", command);
  }

  @Test
  void yarn() {
    List<String> command = command(place("yarn"), "/opt/millrace.jar");

    assertThat(line(command))
        .startsWith(
            "spark-submit --master yarn --deploy-mode cluster --name millrace daily bank --class"
                + " io.millrace.jobs.Main --driver-memory 4g --executor-memory 8g --executor-cores"
                + " 4 --driver-cores 2 --conf ")
        .endsWith(" /opt/millrace.jar daily bank");
    assertThat(settings(command))
        .contains(
            "spark.executor.instances=4",
            "spark.yarn.maxAppAttempts=1",
            "spark.yarn.submit.waitAppCompletion=true",
            "spark.dynamicAllocation.enabled=false",
            "spark.executor.memoryOverhead=2g",
            "spark.sql.shuffle.partitions=48",
            "spark.executor.extraJavaOptions=" + OPTIONS,
            "spark.driver.extraJavaOptions=" + OPTIONS,
            "spark.millrace.returned=hdfs:///r.json")
        .noneMatch(setting -> setting.matches("spark\\.(cores\\.max|kubernetes|standalone).*"));
  }

  @Test
  void kubernetes() {
    EnvSpec place = place("kubernetes");
    String jar = place.cluster().orElseThrow().jar().orElseThrow();

    List<String> command = command(place, jar);

    assertThat(line(command))
        .startsWith(
            "spark-submit --master k8s://https://kubernetes.default.svc:443 --deploy-mode cluster")
        .doesNotContain("--driver-cores")
        .endsWith(" local:///opt/millrace/millrace.jar daily bank");
    assertThat(settings(command))
        .contains(
            "spark.executor.instances=4",
            "spark.kubernetes.driver.request.cores=2",
            "spark.kubernetes.container.image=millrace/spark:4.1.0",
            "spark.kubernetes.submission.waitAppCompletion=true")
        .noneMatch(setting -> setting.matches("spark\\.(cores\\.max|yarn|standalone).*"));
  }

  @Test
  void standaloneAndWhatThePlaceTellsWins() {
    Map<String, String> told =
        Map.of(
            "spark.sql.shuffle.partitions", "7",
            "spark.driver.extraJavaOptions", "-Xint");

    List<String> command = command(place("standalone").withSpark(told), "m.jar");

    assertThat(settings(command))
        .contains(
            "spark.cores.max=2",
            "spark.sql.shuffle.partitions=7",
            "spark.driver.extraJavaOptions=" + OPTIONS + " -Xint",
            "spark.task.reaper.enabled=true")
        .noneMatch(setting -> setting.startsWith("spark.executor.instances"));
  }

  @Test
  void aDriverOnAStandaloneClusterGetsTheModulesThatSparkNeeds() {
    EnvSpec place = place("standalone");

    List<String> command =
        new Submission(place, DeployMode.CLUSTER, "name", "m.jar", List.of(), "r.json", List.of())
            .command("spark-submit");

    assertThat(settings(command))
        .filteredOn(setting -> setting.startsWith("spark.driver.extraJavaOptions="))
        .singleElement()
        .asString()
        .contains("--add-opens=java.base/sun.util.calendar=ALL-UNNAMED")
        .endsWith(OPTIONS);
  }

  @Test
  void findsSparkAndRefusesAnotherVersion() throws IOException {
    Path home = spark("home", "4.1.3");
    Path venv = spark(".millrace/venvs/spark/lib/python3.11/site-packages/pyspark", "4.1.0");
    Path old = spark("old", "3.5.1");

    assertThat(SparkHome.submit(Map.of("SPARK_HOME", home.toString()), folder))
        .isEqualTo(home.resolve("bin/spark-submit"));
    assertThat(SparkHome.submit(Map.of("PATH", "/nowhere:" + home.resolve("bin")), folder))
        .isEqualTo(home.resolve("bin/spark-submit"));
    assertThat(SparkHome.submit(Map.of(), folder)).isEqualTo(venv.resolve("bin/spark-submit"));
    assertThatThrownBy(() -> SparkHome.submit(Map.of("SPARK_HOME", old.toString()), folder))
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "Spark at "
                + old
                + " is 3.5.1, and 4.1 with Scala 2.13 is needed; set SPARK_HOME to"
                + " one");
    assertThatThrownBy(() -> SparkHome.submit(Map.of("SPARK_HOME", "/nowhere"), folder))
        .hasMessage("SPARK_HOME is /nowhere, which has no bin/spark-submit; mend it or unset it");
    assertThatThrownBy(() -> SparkHome.submit(Map.of(), home))
        .hasMessageEndingWith("set SPARK_HOME, or make the project's: bin/venv spark");
  }

  private Path spark(String name, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.createDirectories(home.resolve("jars"));
    Files.createFile(home.resolve("jars/spark-core_2.13-" + version + ".jar"));
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    assertThat(Files.createFile(submit).toFile().setExecutable(true)).isTrue();
    return home;
  }

  @Test
  void oneOfSeveralMastersIsEnough() throws IOException {
    int dead = S3Server.freePort();
    try (ServerSocket master = new ServerSocket(0)) {
      MasterProbe.check("spark://127.0.0.1:" + dead + ",127.0.0.1:" + master.getLocalPort());
    }
    assertThatThrownBy(() -> MasterProbe.check("spark://127.0.0.1:" + dead))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no Spark master answers at spark://127.0.0.1:" + dead + " (Conn");
    assertThat(MasterProbe.isLoopback("spark://127.0.0.1:1,localhost:2")).isTrue();
    assertThat(MasterProbe.isLoopback("spark://192.0.2.1:7077")).isFalse();
    assertThat(MasterProbe.isLoopback("yarn")).isFalse();
  }

  @Test
  void anEndIsToldByAFileOrNotAtAll() throws IOException {
    String uri = folder.resolve("r.json").toUri().toString();

    assertThat(Returned.read(uri, HadoopSettings.ours())).isEqualTo(Optional.empty());
    Returned told = new Returned(10, "a\n", "millrace: “no”\n");
    told.write(uri);
    assertThat(Returned.read(uri, HadoopSettings.ours())).contains(told);
  }
}
