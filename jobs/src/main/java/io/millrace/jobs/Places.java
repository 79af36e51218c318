package io.millrace.jobs;

import io.millrace.SpecException;
import io.millrace.branch.Branches;
import io.millrace.config.ConfFolder;
import io.millrace.config.EnvSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.SpecText;
import io.millrace.config.Variables;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.session.Sessions;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Opens the place that a command works in: environment, lake, session. */
final class Places {

  private static final String LAKE_VARIABLE = "MILLRACE_LAKE";
  private static final String MASTER_VARIABLE = "MILLRACE_MASTER";

  private Places() {}

  /** An open place; closing it ends the Spark session, if there is one. */
  static final class Opened implements AutoCloseable {

    private final Place place;
    private final EnvSpec environment;
    private final Variables variables;
    private final Console console;
    private final Sessions sessions;
    private final Lake lake;
    private final Instant opened = Instant.now();

    Opened(Place place, EnvSpec environment, Console console, Sessions sessions, Lake lake) {
      this.place = place;
      this.environment = environment;
      this.variables = Places.variables(place).with(environment);
      this.console = console;
      this.sessions = sessions;
      this.lake = lake;
    }

    /** The servers that are told of what is done here. */
    Mirrors mirrors() {
      return new Mirrors(environment, System.getenv(), lake, console, opened);
    }

    Lake lake() {
      return lake;
    }

    /**
     * The lake, for a command that concerns the branches too.
     *
     * @throws SpecException on a branch
     */
    Lake main(String command) {
      if (lake.isBranch()) {
        throw new SpecException(
            "`" + command + "` works on the whole lake, branches included; leave --branch out");
      }
      return lake;
    }

    /** A pipeline of the conf folder, ready to write. */
    Work work(String pipeline) {
      Work work = looking(pipeline, lake);
      PipelineSpec spec = work.spec();
      lake.requireWritable();
      Landing.settle(lake).ifPresent(console::warn);
      sessions.expectLittle(() -> DataSize.isLittle(spec, lake));
      work.mendIndex();
      return work;
    }

    /** A pipeline of the conf folder, for one who only looks at a lake. */
    Work looking(String pipeline, Lake at) {
      Path file = ConfFolder.find(place.conf(), pipeline);
      Map<String, String> overrides = overrides(place);
      PipelineSpec spec = SpecReader.pipeline(file, variables, overrides);
      return new Work(spec, SpecText.masked(file, variables, overrides), at, console);
    }

    /** A pipeline as the conf folder has it, only to be read; empty where it has none. */
    Optional<Work> toRead(String pipeline) {
      boolean isFile = pipeline.matches(".*\\.ya?ml") || pipeline.contains("/");
      Path file =
          isFile
              ? ConfFolder.find(place.conf(), pipeline)
              : ConfFolder.pipelines(place.conf()).get(pipeline);
      if (file == null) {
        return Optional.empty();
      }
      Map<String, String> overrides = overrides(place);
      PipelineSpec spec = SpecReader.pipeline(file, variables, overrides);
      sessions.expectLittle(() -> DataSize.isLittle(spec, lake));
      return Optional.of(
          new Work(spec, SpecText.masked(file, variables, overrides), lake, console));
    }

    @Override
    public void close() {
      // The catalog's tables are main's.
      if (sessions.started() && !lake.isBranch()) {
        environment.catalog().ifPresent(told -> new Catalog(told, lake, console).register());
      }
      sessions.close();
    }
  }

  /** Opens a place; no session is made before something needs one. */
  static Opened open(Place place, Console console) {
    EnvSpec environment = environment(place, variables(place));
    Sessions sessions = new Sessions(environment, console);
    Lake main = Lake.open(lake(place, environment), sessions.hadoop(), sessions::session);
    Lake lake = place.branch().map(name -> new Branches(main).open(name)).orElse(main);
    return new Opened(place, environment, console, sessions, lake);
  }

  /** The environment that a command names, with the master of the process where that tells one. */
  static EnvSpec environment(Place place, Variables variables) {
    return mastered(ConfFolder.env(place.conf(), place.env(), variables));
  }

  /** The same as it may be printed, without the secrets of {@code spark:}. */
  static EnvSpec printable(Place place, Variables variables) {
    return mastered(ConfFolder.printableEnv(place.conf(), place.env(), variables));
  }

  private static EnvSpec mastered(EnvSpec environment) {
    return Optional.ofNullable(System.getenv(MASTER_VARIABLE))
        .filter(told -> !told.isBlank())
        .map(told -> environment.withMaster(told, MASTER_VARIABLE))
        .orElse(environment);
  }

  /** The root of the lake. */
  static String lake(Place place, EnvSpec environment) {
    return place
        .lake()
        .or(() -> Optional.ofNullable(System.getenv(LAKE_VARIABLE)))
        .orElse(environment.lake());
  }

  /** {@code --set NAME=value} without a dot may name a variable of the spec. */
  static Variables variables(Place place) {
    Map<String, String> set = new HashMap<>();
    place
        .overrides()
        .forEach(
            (key, value) -> {
              if (!key.contains(".")) {
                set.put(key, value);
              }
            });
    return Variables.of(set, System.getenv());
  }

  /** {@code --set} of a key of the spec. */
  static Map<String, String> overrides(Place place) {
    Map<String, String> overrides = new HashMap<>(place.overrides());
    overrides.keySet().removeIf(key -> !key.contains("."));
    return overrides;
  }
}
