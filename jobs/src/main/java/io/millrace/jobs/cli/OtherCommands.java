package io.millrace.jobs.cli;

import io.millrace.SpecException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
  static final class Init implements Callable<Integer>, SparkCommand {

    private final Context context;

    @Parameters(
        paramLabel = "NAME",
        description = "Name of the pipeline: lower case, digits and hyphens.")
    private String pipeline;

    @Option(
        names = "--from",
        paramLabel = "FILE",
        required = true,
        description = "Data file or glob: CSV, TSV, JSON lines, Parquet or ORC; may be gzipped.")
    private String from;

    @Option(
        names = "--label",
        paramLabel = "COLUMN",
        required = true,
        description = "Column to be predicted.")
    private String label;

    @Option(
        names = "--columns",
        paramLabel = "NAME",
        split = ",",
        description = "Column names of files without a header, with commas between.")
    private List<String> columns = new ArrayList<>();

    @Option(
        names = "--test-files",
        paramLabel = "GLOB",
        description = "Names of files that are a published hold-out.")
    private String testFiles;

    @Mixin private PlaceOptions options;

    Init(Context context) {
      this.context = context;
    }

    @Override
    public Elsewhere.Task task(String word) {
      return new Elsewhere.Task(word, List.of(), options.place(), false);
    }

    @Override
    public Integer call() {
      Draft draft =
          new Draft(
              pipeline, from, label, columns, Optional.ofNullable(testFiles), options.place());
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
  static final class Sql implements Callable<Integer>, SparkCommand {

    private final Context context;

    @Parameters(paramLabel = "QUERY", description = "The query; - reads it from standard input.")
    private String query;

    @Mixin private PlaceOptions options;

    Sql(Context context) {
      this.context = context;
    }

    @Override
    public Elsewhere.Task task(String word) {
      return new Elsewhere.Task(word, List.of(), options.place(), false);
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
