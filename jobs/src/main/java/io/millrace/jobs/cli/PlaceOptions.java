package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class PlaceOptions {

  @Option(
      names = "--env",
      paramLabel = "NAME",
      defaultValue = "local",
      description = "Place to run: conf/env/NAME.yaml (default: ${DEFAULT-VALUE}).")
  String env;

  @Option(
      names = "--conf",
      paramLabel = "DIR",
      defaultValue = "conf",
      description = "Folder of the specs (default: ${DEFAULT-VALUE}).")
  Path conf;

  @Option(
      names = "--lake",
      paramLabel = "URI",
      description = "Root of the lake; wins over MILLRACE_LAKE and the environment's.")
  String lake;

  @Option(
      names = "--branch",
      paramLabel = "NAME",
      description = "Work on this branch of the lake; main isn't touched.")
  String branch;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change the spec for this once, such as train.seed=8. Repeatable.")
  Map<String, String> overrides = new LinkedHashMap<>();

  @Option(names = "--json", description = "One JSON object per line on standard output.")
  boolean json;

  @Option(names = "--debug", description = "Show the stack trace of a fault.")
  boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this page.")
  boolean help;

  Place place() {
    return new Place(conf, env, Optional.ofNullable(lake), Optional.ofNullable(branch), overrides);
  }
}
