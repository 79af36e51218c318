package io.millrace.jobs;

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
import io.millrace.table.RunLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

    /** A pipeline of the conf folder, ready to write. */
    Work work(String pipeline) {
      Path file = ConfFolder.find(place.conf(), pipeline);
      Map<String, String> overrides = overrides(place);
      PipelineSpec spec = SpecReader.pipeline(file, variables, overrides);
      String text = SpecText.masked(file, variables, overrides);
      lake.requireWritable();
      Landing.settle(lake).ifPresent(console::warn);
      sessions.expectLittle(() -> DataSize.isLittle(spec, lake));
      new RunLog(lake).mend(spec.pipeline(), tables(spec));
      return new Work(spec, text, lake, console);
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

  /** Tables whose commits hold the runs of a pipeline. */
  private static List<String> tables(PipelineSpec spec) {
    List<String> tables = new ArrayList<>();
    spec.sources().keySet().stream().sorted().forEach(source -> tables.add("raw/" + source));
    List.of("labels/", "features/", "scored/", "predictions/")
        .forEach(folder -> tables.add(folder + spec.pipeline()));
    return tables;
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
    EnvSpec environment = ConfFolder.env(place.conf(), place.env(), variables);
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
