package io.millrace.jobs.cli;

import io.millrace.SpecException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that take neither one date nor a range. */
final class OtherCommands {

  private OtherCommands() {}

  /** A spec out of a data file. */
  @Command
  static final class Init implements Callable<Integer> {

    private final Context context;

    @Parameters(paramLabel = "FILE", description = "A data file: CSV, JSON lines or Parquet.")
    private Path data;

    @Option(
        names = "--label",
        paramLabel = "COLUMN",
        required = true,
        description = "Column to be predicted.")
    private String label;

    @Option(
        names = "--key",
        paramLabel = "COLUMN",
        description = "Column that identifies a row. Repeatable.")
    private List<String> key = new ArrayList<>();

    @Option(
        names = "--name",
        paramLabel = "PIPELINE",
        description = "Name of the pipeline (default: the file's).")
    private String pipeline;

    @Mixin private PlaceOptions options;

    Init(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Draft draft = new Draft(data, label, key, Optional.ofNullable(pipeline), options.place());
      return context.verbs().get().init(draft, context.console());
    }
  }

  /** Specs are read and nothing else. */
  @Command
  static final class Check implements Callable<Integer> {

    private final Context context;

    @Parameters(
        arity = "0..*",
        paramLabel = "PIPELINE",
        description = "Names or paths (default: all of the conf folder).")
    private List<String> pipelines = new ArrayList<>();

    @Mixin private PlaceOptions options;

    Check(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return context.verbs().get().check(pipelines, options.place(), context.console());
    }
  }

  /** A query over the lake. */
  @Command
  static final class Sql implements Callable<Integer> {

    private final Context context;

    @Parameters(paramLabel = "QUERY", description = "The query; - reads it from standard input.")
    private String query;

    @Mixin private PlaceOptions options;

    Sql(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      String text = query.equals("-") ? standardInput() : query;
      if (text.isBlank()) {
        throw new SpecException("the query is empty; write one, such as \"show tables\"");
      }
      return context.verbs().get().sql(text, options.place(), context.console());
    }

    private static String standardInput() {
      try {
        return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
