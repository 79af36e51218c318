package io.millrace.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program in a JVM of its own, as a launcher starts it. */
final class Program implements AutoCloseable {

  /** For a JVM that is over before the optimising compiler could pay. */
  static final List<String> QUICK =
      List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m");

  private final Process process;
  private final Path said;

  /** Starts a command of a shop's pipeline; places and variables are added to it. */
  Program(Shop shop, Path lake, String... command) {
    this(shop, Map.of(), List.of("--lake", lake.toString()), command);
  }

  /** Starts a command in an environment that has these variables too. */
  Program(Shop shop, Map<String, String> environment, List<String> place, String... command) {
    this.said = shop.folder.resolve("said-" + System.nanoTime() + ".txt");
    List<String> line = new ArrayList<>(java());
    line.addAll(ProgramJar.jvm());
    line.add(Main.class.getName());
    line.addAll(List.of(command));
    line.addAll(place);
    line.addAll(List.of("--set", "data=" + shop.data));
    ProcessBuilder builder = new ProcessBuilder(line).directory(shop.folder.toFile());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(said.toFile());
    try {
      this.process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Java with the options of a short command, but without a class path. */
  static List<String> java() {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(line::add);
    line.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC"));
    line.addAll(QUICK);
    line.addAll(List.of("-Duser.timezone=UTC", "-Dspark.master=local[2]"));
    line.add("-Dmillrace.root=" + root());
    return line;
  }

  /** The project's folder; tests run in that of their module. */
  static Path root() {
    return Path.of("").toAbsolutePath().getParent();
  }

  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** SIGKILL, and the end of the process. */
  void kill() {
    process.destroyForcibly();
    end();
  }

  /** SIGINT, as of Ctrl-C. */
  void interrupt() {
    signal("INT");
  }

  /** Sends a signal by its name, such as {@code TERM}. */
  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits for the end and yields the exit code. */
  int end() {
    try {
      if (!process.waitFor(10, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the program hangs: " + said());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Both streams so far. */
  String said() {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
