package io.millrace.jobs.submit;

import io.millrace.UnavailableException;
import io.millrace.config.ClusterSpec.DeployMode;
import io.millrace.config.EnvSpec;
import io.millrace.jobs.cli.Elsewhere;
import io.millrace.jobs.console.Console;
import io.millrace.table.HadoopSettings;
import io.millrace.table.Lake;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs a command by spark-submit, and brings its exit code back. */
public final class Submitter {

  /** In arguments of a driver on the cluster: the folder into which it unpacks the specs. */
  public static final String CONF_FOLDER = "specs-of-the-launcher:";

  private static final int UNAVAILABLE = 4;

  private final Console console;
  private final Path root;
  private final Path log;

  /**
   * @param root the project's folder, below which the program's jar and Python environments are
   * @param log of this process; the driver's too, where it runs here
   */
  public Submitter(Console console, Path root, Path log) {
    this.console = console;
    this.root = root;
    this.log = log;
  }

  /** The command line for a command that isn't named yet, for people to read. */
  public List<String> shown(EnvSpec environment, List<String> arguments) {
    DeployMode mode = environment.cluster().orElseThrow().deployMode();
    String returned = mode == DeployMode.CLIENT ? "<file>" : "<lake>/_submitted/<id>/returned.json";
    return new Submission(
            environment, mode, "millrace", jar(environment), List.of(), returned, arguments)
        .command("spark-submit");
  }

  /**
   * Runs a command and waits for its end.
   *
   * @param arguments of the program; for a driver on the cluster without {@code --lake} and {@code
   *     --conf}, which are added here
   * @return the program's exit code
   * @throws UnavailableException where Spark or its master isn't there, or the driver ended without
   *     telling how
   */
  public int run(EnvSpec environment, Elsewhere.Task task, List<String> arguments, Lake lake) {
    String master = environment.master().orElseThrow();
    MasterProbe.check(master);
    Path submit = SparkHome.submit(System.getenv(), root);
    boolean detached =
        task.detachable() && environment.cluster().orElseThrow().deployMode() == DeployMode.CLUSTER;
    try {
      return detached
          ? onCluster(environment, task, arguments, lake, submit)
          : here(environment, task, arguments, submit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int here(EnvSpec environment, Elsewhere.Task task, List<String> arguments, Path submit)
      throws IOException {
    Path folder = Files.createTempDirectory("millrace-returned-");
    Path returned = folder.resolve("returned.json");
    try {
      Submission submission =
          new Submission(
              environment,
              DeployMode.CLIENT,
              "millrace " + task.name(),
              jar(environment),
              driverOptions(),
              returned.toUri().toString(),
              arguments);
      // The driver's own messages go by descriptor 3; the rest is Spark's, and goes to a file.
      List<String> line =
          new ArrayList<>(List.of("bash", "-c", "exec 3>&2 2>>\"$0\" && exec \"$@\""));
      Path noise = noise();
      line.add(noise.toString());
      line.addAll(submission.command(submit.toString()));
      ProcessBuilder builder = process(line, environment).inheritIO();
      int ended = waitFor(builder, () -> {});
      return Returned.read(submission.returned(), HadoopSettings.ours())
          .map(Returned::exitCode)
          .orElseGet(() -> silent(told(ended), noise, ""));
    } finally {
      Files.deleteIfExists(returned);
      Files.deleteIfExists(folder.resolve(".returned.json.crc"));
      Files.deleteIfExists(folder);
    }
  }

  private int onCluster(
      EnvSpec environment, Elsewhere.Task task, List<String> arguments, Lake lake, Path submit)
      throws IOException {
    List<Path> more = new ArrayList<>();
    List<String> line = new ArrayList<>();
    for (String argument : arguments) {
      boolean spec = task.pipelines().contains(argument) && argument.matches(".*(/|\\.ya?ml$).*");
      if (spec) {
        more.add(Path.of(argument));
      }
      line.add(spec ? CONF_FOLDER + "/" + Path.of(argument).getFileName() : argument);
    }
    line.addAll(List.of("--lake", lake.root(), "--conf", CONF_FOLDER));
    try (Parcel parcel = Parcel.pack(lake, task.place().conf(), more)) {
      EnvSpec known = environment.withSpark(Map.of(Parcel.CONF, parcel.conf()));
      Submission submission =
          new Submission(
              known,
              DeployMode.CLUSTER,
              "millrace " + task.name(),
              jar(environment),
              List.of(),
              parcel.returned(),
              line);
      Path noise = noise();
      ProcessBuilder builder = process(submission.command(submit.toString()), environment);
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(noise.toFile()));
      console.info("submitted to " + environment.master().orElseThrow() + "; waiting for its end");
      int ended = waitFor(builder, parcel::close);
      Optional<Returned> returned = Returned.read(submission.returned(), lake.hadoop());
      if (returned.isEmpty()) {
        return silent(
            "the driver ended (" + ended + ")",
            noise,
            "; the driver's own log is with the worker that ran it, which "
                + environment.master().orElseThrow()
                + " names");
      }
      console.relay(returned.get().out(), returned.get().err());
      return returned.get().exitCode();
    }
  }

  /** How a driver in this process' hands ended; a shell adds 128 to the number of a signal. */
  private static String told(int ended) {
    return ended > 128
        ? "the driver was ended by signal " + (ended - 128)
        : "spark-submit ended with " + ended;
  }

  /** Spark ended before the program could tell anything, or the driver was lost. */
  private int silent(String what, Path noise, String more) {
    String reason = "";
    try {
      List<String> said =
          Files.readAllLines(noise).stream()
              .filter(text -> text.matches(".*(ERROR|Exception|rror:|not found|State of driver).*"))
              .filter(text -> !text.matches("\\s+at .*|Caused by.*"))
              .toList();
      reason = said.isEmpty() ? "" : ": " + said.get(said.size() - 1).trim();
    } catch (IOException e) {
      reason = ": " + e.getMessage();
    }
    console.fault(
        UNAVAILABLE,
        what
            + " without a word of the program"
            + (reason.length() > 300 ? reason.substring(0, 300) + " …" : reason)
            + System.lineSeparator()
            + "all that Spark said: "
            + noise
            + more
            + "; the same command again does the rest");
    return UNAVAILABLE;
  }

  /**
   * @param first what is done before the process is ended together with this one
   */
  private int waitFor(ProcessBuilder builder, Runnable first) throws IOException {
    Process process = builder.start();
    console.handOver();
    Thread ending =
        new Thread(
            () -> {
              try {
                first.run();
              } finally {
                end(process);
              }
            });
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      int code = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(ending);
      console.takeBack();
      return code;
    } catch (InterruptedException e) {
      first.run();
      end(process);
      throw new IllegalStateException(e);
    }
  }

  /** Ends spark-submit, and a driver in it, with this process, and waits for its last words. */
  private static void end(Process process) {
    process.destroy();
    try {
      process.waitFor(30, java.util.concurrent.TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }

  private static ProcessBuilder process(List<String> line, EnvSpec environment) {
    ProcessBuilder builder = new ProcessBuilder(line);
    if (MasterProbe.isLoopback(environment.master().orElseThrow())) {
      // Else Spark would offer executors the address of another network card.
      builder.environment().putIfAbsent("SPARK_LOCAL_IP", "127.0.0.1");
    }
    return builder;
  }

  private List<String> driverOptions() throws IOException {
    List<String> options = new ArrayList<>();
    options.add(quoted("-Dlog4j2.configurationFile=" + logSettings().toUri()));
    options.add("-Dlog4j2.disableJmx=true");
    options.add("-Dslf4j.internal.verbosity=ERROR");
    options.add(quoted("-Dmillrace.log=" + log));
    options.add(quoted("-Dmillrace.driver.log=" + log));
    options.add("-Dmillrace.err.descriptor=3");
    for (String stream : List.of("millrace.out.columns", "millrace.err.columns")) {
      Optional.ofNullable(System.getProperty(stream))
          .ifPresent(columns -> options.add("-D" + stream + "=" + columns));
    }
    return options;
  }

  /** Logging is set up before spark-submit adds the program's jar, which holds the settings. */
  private Path logSettings() throws IOException {
    Path settings = log.resolveSibling("log4j2.properties");
    Files.createDirectories(settings.getParent());
    try (InputStream in = Submitter.class.getResourceAsStream("/millrace-log4j2.properties")) {
      Files.write(settings, in.readAllBytes());
    }
    return settings;
  }

  private static String quoted(String option) {
    return option.contains(" ") ? '"' + option + '"' : option;
  }

  private Path noise() throws IOException {
    Files.createDirectories(log.getParent());
    return log.resolveSibling(log.getFileName().toString().replaceFirst("\\.log$", "-spark.log"));
  }

  /** The jar that is told, or the one that this program runs from. */
  private String jar(EnvSpec environment) {
    return environment
        .cluster()
        .flatMap(cluster -> cluster.jar())
        .orElseGet(() -> root.resolve("jobs/target/millrace.jar").toString());
  }
}
