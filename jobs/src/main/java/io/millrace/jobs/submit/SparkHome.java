package io.millrace.jobs.submit;

import io.millrace.UnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where Spark's own programs are. */
final class SparkHome {

  private static final String VERSION = "4.1";
  private static final String CORE = "spark-core_2.13-";

  private SparkHome() {}

  /**
   * {@code spark-submit} of {@code SPARK_HOME}, else of the {@code PATH}, else of the project's own
   * Python environment {@code spark}.
   *
   * @param root the project's folder
   * @throws UnavailableException where there is none, or one of another version
   */
  static Path submit(Map<String, String> environment, Path root) {
    Path submit = find(environment, root);
    version(submit)
        .filter(found -> !found.startsWith(VERSION + "."))
        .ifPresent(
            found -> {
              throw new UnavailableException(
                  "Spark at "
                      + submit.getParent().getParent()
                      + " is "
                      + found
                      + ", and "
                      + VERSION
                      + " with Scala 2.13 is needed; set SPARK_HOME to one");
            });
    return submit;
  }

  private static Path find(Map<String, String> environment, Path root) {
    String told = environment.getOrDefault("SPARK_HOME", "");
    if (!told.isEmpty()) {
      Path submit = Path.of(told, "bin", "spark-submit");
      if (!Files.isExecutable(submit)) {
        throw new UnavailableException(
            "SPARK_HOME is " + told + ", which has no bin/spark-submit; mend it or unset it");
      }
      return submit;
    }
    return onPath(environment.getOrDefault("PATH", ""))
        .or(() -> ofVenv(root.resolve(".millrace/venvs/spark/lib")))
        .orElseThrow(
            () ->
                new UnavailableException(
                    "a cluster needs Spark's own spark-submit, and none is on the PATH; set"
                        + " SPARK_HOME, or make the project's: bin/venv spark"));
  }

  private static Optional<Path> onPath(String path) {
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "spark-submit"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<Path> ofVenv(Path lib) {
    if (!Files.isDirectory(lib)) {
      return Optional.empty();
    }
    try (Stream<Path> pythons = Files.list(lib)) {
      return pythons
          .map(python -> python.resolve("site-packages/pyspark/bin/spark-submit"))
          .filter(Files::isExecutable)
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The version by the name of Spark's core jar; empty where it can't be told. */
  private static Optional<String> version(Path submit) {
    try (Stream<Path> jars = Files.list(submit.toRealPath().getParent().resolveSibling("jars"))) {
      return jars.map(jar -> jar.getFileName().toString())
          .filter(name -> name.startsWith("spark-core_") && name.endsWith(".jar"))
          .map(name -> name.replace(CORE, "").replace(".jar", ""))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
