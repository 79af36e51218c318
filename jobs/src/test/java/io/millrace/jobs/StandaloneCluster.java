package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.TestSpark;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A Spark standalone cluster of real processes on free ports of the loopback, by bin/cluster. */
final class StandaloneCluster implements AutoCloseable {

  /** What the one jar holds beside the project's own classes. */
  private static final String SHADED =
      ".*/(io/delta|io/unitycatalog|ml/dmlc|com/google/re2j|gg/jte|info/picocli|org/yaml)/.*"
          + "|.*/jackson-(dataformat-yaml|datatype-jdk8)/.*";

  /** For a small lake: what is made for large ones takes most of the time. */
  static final String[] LITTLE = {
    "spark.sql.shuffle.partitions: 2",
    "spark.sql.codegen.wholeStage: false",
    "spark.sql.codegen.factoryMode: NO_CODEGEN",
    "spark.sql.debug.maxToStringFields: 2"
  };

  private final Path state = TestSpark.temporary("cluster").resolve("state");

  /** Two workers of two slots, so that a driver fits beside an executor. */
  StandaloneCluster() {
    run("start", "--workers", "2", "--cores", "2", "--memory", "2g");
  }

  String master() {
    return Shop.read(state.resolve("url")).strip();
  }

  /** An environment of this cluster: sizes, and Spark settings as lines of YAML. */
  String environment(String sizes, String... settings) {
    StringBuilder yaml = new StringBuilder("master: " + master() + "\ncluster:\n");
    yaml.append("  {").append(sizes).append(", memory: 1g, driver-memory: 1g,\n");
    yaml.append("   jar: ")
        .append(ProgramJar.jar())
        .append(", jars: [")
        .append(jars())
        .append("]}\nspark:\n");
    for (String jvm : List.of("driver", "executor")) {
      yaml.append("  spark.").append(jvm).append(".extraJavaOptions: ");
      yaml.append(jvm()).append('\n');
    }
    Stream.of(settings).forEach(setting -> yaml.append("  ").append(setting).append('\n'));
    return yaml.toString();
  }

  private static String jvm() {
    return String.join(" ", Program.QUICK) + " -XX:+UseSerialGC";
  }

  private static String jars() {
    return String.join(
        ", ",
        Stream.of(Program.classPath().split(File.pathSeparator))
            .filter(path -> path.matches(SHADED))
            .toList());
  }

  /** What Spark's own shell answers to statements, with Delta and nothing else of ours. */
  String sparkSql(List<String> settings, String statements) {
    List<String> line = new ArrayList<>(List.of("bash", "-c"));
    line.add("PATH=\"$(bin/venv spark)/bin:$PATH\" exec spark-sql \"$@\" 2>/dev/null");
    line.addAll(List.of("spark-sql", "--master", "local[1]", "--driver-java-options"));
    line.add(jvm());
    line.add("--jars");
    line.add(jars().replace(", ", ","));
    List<String> all = new ArrayList<>(settings);
    all.add("spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension");
    all.add("spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog");
    all.add("spark.databricks.delta.snapshotPartitions=1");
    Stream.of(LITTLE).map(setting -> setting.replace(": ", "=")).forEach(all::add);
    all.forEach(setting -> line.addAll(List.of("--conf", setting)));
    line.addAll(List.of("-e", statements));
    return run(line);
  }

  /** What the master's page knows: {@code activeapps}, {@code activedrivers} and more. */
  JsonNode told() {
    try (InputStream page =
        URI.create(Shop.read(state.resolve("ui")).strip() + "/json/").toURL().openStream()) {
      return new ObjectMapper().readTree(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(String... arguments) {
    List<String> line = new ArrayList<>(List.of("bash", "bin/cluster"));
    line.addAll(List.of(arguments));
    run(line);
  }

  private String run(List<String> line) {
    Path said = state.resolveSibling("said.txt");
    try {
      ProcessBuilder builder = new ProcessBuilder(line).directory(Program.root().toFile());
      builder.environment().put("MILLRACE_CLUSTER", state.toString());
      Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", line) + ": " + Shop.read(said));
      }
      return Shop.read(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    run("stop");
  }
}
