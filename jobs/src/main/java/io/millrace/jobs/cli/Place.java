package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command works and what it changes of the spec for this once.
 *
 * @param conf folder of the specs, which holds {@code env/}
 * @param env name of the file in {@code conf/env}, without its ending
 * @param lake root of the lake, where it isn't the environment's
 * @param branch branch of the lake; empty for main
 * @param overrides dotted key of the spec, such as {@code train.algorithm.rounds}, to YAML value
 */
public record Place(
    Path conf,
    String env,
    Optional<String> lake,
    Optional<String> branch,
    Map<String, String> overrides) {

  public Place {
    overrides = Map.copyOf(overrides);
  }

  /** A place on main. */
  public Place(Path conf, String env, Optional<String> lake, Map<String, String> overrides) {
    this(conf, env, lake, Optional.empty(), overrides);
  }
}
