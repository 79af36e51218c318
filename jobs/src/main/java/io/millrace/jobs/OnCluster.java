package io.millrace.jobs;

import io.millrace.SpecException;
import io.millrace.config.AlgorithmSpec;
import io.millrace.config.ClusterSpec;
import io.millrace.config.ClusterSpec.DeployMode;
import io.millrace.config.ConfFolder;
import io.millrace.config.EnvSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.TrainSpec;
import io.millrace.config.Variables;
import io.millrace.jobs.cli.Elsewhere;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.session.Sessions;
import io.millrace.jobs.submit.Submitter;
import io.millrace.table.Lake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs commands on the cluster that their place names, and says early what can't work there. */
final class OnCluster implements Elsewhere {

  private final Console console;
  private final Path log;

  OnCluster(Console console, Path log) {
    this.console = console;
    this.log = log;
  }

  @Override
  public OptionalInt run(Task task, Supplier<List<String>> arguments) {
    if (System.getProperty("spark.submit.deployMode") != null) {
      return OptionalInt.empty(); // this is the driver
    }
    Variables variables = Places.variables(task.place());
    EnvSpec sized = sized(Places.environment(task.place(), variables));
    if (!sized.onCluster()) {
      return OptionalInt.empty();
    }
    List<String> faults = new ArrayList<>();
    for (String name : task.pipelines()) {
      Path file = ConfFolder.find(task.place().conf(), name);
      PipelineSpec spec =
          SpecReader.pipeline(file, variables.with(sized), Places.overrides(task.place()));
      faults.addAll(faults(sized, file, spec));
    }
    if (!faults.isEmpty()) {
      throw new SpecException(String.join("\n", faults));
    }
    List<String> line = arguments.get();
    Lake lake =
        Lake.open(
            Places.lake(task.place(), sized),
            new Sessions(sized, console).hadoop(),
            OnCluster::noSession);
    boolean detached = task.detachable() && mode(sized) == DeployMode.CLUSTER;
    Submitter submitter = new Submitter(console, root(), log);
    return OptionalInt.of(submitter.run(sized, task, detached ? withoutPlace(line) : line, lake));
  }

  /** The place with its sizes, where it is a cluster. */
  static EnvSpec sized(EnvSpec environment) {
    return environment.onCluster()
        ? environment.withCluster(environment.cluster().orElseGet(ClusterSpec::usual))
        : environment;
  }

  /** The command line of a submission, one option a line, for people to read; no secret in it. */
  static String shown(Place place, Console console) {
    EnvSpec environment = sized(Places.printable(place, Places.variables(place)));
    List<String> arguments = List.of("daily", "PIPELINE", "--date", "DATE", "--env", place.env());
    StringBuilder text = new StringBuilder();
    for (String word :
        new Submitter(console, root(), Path.of("log")).shown(environment, arguments)) {
      boolean option = word.startsWith("--") && !arguments.contains(word) || word.endsWith(".jar");
      String shell =
          word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
      text.append(text.isEmpty() ? "" : option ? " \\\n  " : " ").append(shell);
    }
    return text.toString();
  }

  private static org.apache.spark.sql.SparkSession noSession() {
    throw new IllegalStateException("a launcher has no session");
  }

  private static DeployMode mode(EnvSpec environment) {
    return environment.cluster().orElseThrow().deployMode();
  }

  /** The project's folder, as the launcher tells; without it that of the process. */
  static Path root() {
    return Path.of(System.getProperty("millrace.root", "")).toAbsolutePath();
  }

  /** What of a spec can't work in a place, each with its mend. */
  static List<String> faults(EnvSpec environment, Path file, PipelineSpec spec) {
    List<String> faults = new ArrayList<>();
    Optional<ClusterSpec> cluster = environment.cluster().filter(sizes -> environment.onCluster());
    if (cluster.isEmpty()) {
      return faults;
    }
    spec.train()
        .filter(OnCluster::boosts)
        .ifPresent(train -> boosting(environment, file, train, faults));
    if (cluster.get().deployMode() == DeployMode.CLUSTER) {
      spec.sources()
          .forEach(
              (name, source) -> {
                if (!source.path().matches("(/|[a-zA-Z][a-zA-Z0-9+.-]*:).*")) {
                  faults.add(
                      file
                          + ": sources."
                          + name
                          + ".path: "
                          + source.path()
                          + " is relative, but the driver runs on the cluster; write a URI or a"
                          + " path from /");
                }
              });
    }
    return faults;
  }

  private static void boosting(
      EnvSpec environment, Path file, TrainSpec train, List<String> faults) {
    ClusterSpec cluster = environment.cluster().orElseThrow();
    int cpus = Integer.parseInt(environment.spark().getOrDefault("spark.task.cpus", "1"));
    if (cluster.slots(cpus) < train.workers()) {
      faults.add(
          String.format(
              "%s: train.workers: %d workers must run at once, but %d executor(s) of %d core(s) have"
                  + " %d slot(s); raise cluster.executors or cores, or lower workers (another"
                  + " model)",
              file, train.workers(), cluster.executors(), cluster.cores(), cluster.slots(cpus)));
    }
    if (Boolean.parseBoolean(environment.spark().get("spark.dynamicAllocation.enabled"))) {
      faults.add(
          file
              + ": train: XGBoost needs all its workers at once, which dynamic allocation can't"
              + " promise; take spark.dynamicAllocation.enabled out of the place");
    }
  }

  private static boolean boosts(TrainSpec train) {
    return Stream.concat(Stream.of(train.algorithm()), train.baseline().stream())
        .anyMatch(algorithm -> algorithm instanceof AlgorithmSpec.Xgboost);
  }

  /** Arguments without {@code --lake} and {@code --conf}, which are others on the cluster. */
  private static List<String> withoutPlace(List<String> arguments) {
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--lake") || argument.equals("--conf")) {
        i++;
      } else if (!argument.startsWith("--lake=") && !argument.startsWith("--conf=")) {
        kept.add(argument);
      }
    }
    return kept;
  }
}
