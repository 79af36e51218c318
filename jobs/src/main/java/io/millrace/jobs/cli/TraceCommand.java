package io.millrace.jobs.cli;

import io.millrace.SpecException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a prediction comes from, or where a file or row went. */
@Command
final class TraceCommand implements Callable<Integer>, SparkCommand {

  private final Context context;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PIPELINE",
      description = "Whose prediction; with --forward only this pipeline (default: all).")
  private String pipeline;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "KEY",
      description = "The entity: column=value for each of its columns, or the value of the one.")
  private List<String> key = new ArrayList<>();

  @Option(
      names = "--date",
      paramLabel = "DATE",
      converter = DateConverter.class,
      description = "Logical date of the prediction.")
  private LocalDate date;

  @Option(
      names = "--forward",
      paramLabel = "FILE|ROW",
      description =
          "Trace a file as `files` names it, a raw row by its _row_id, or rows by column=value.")
  private String forward;

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description = "With --forward: the source of the file or row.")
  private String source;

  @Option(
      names = "--rows",
      converter = CountConverter.class,
      paramLabel = "N",
      defaultValue = "5",
      description = "Raw rows of each sort to show (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a page of it too.")
  private Path html;

  @Mixin private PlaceOptions options;

  TraceCommand(Context context) {
    this.context = context;
  }

  @Override
  public Elsewhere.Task task(String word) {
    return new Elsewhere.Task(word, List.of(), options.place(), false);
  }

  @Override
  public Integer call() {
    if (forward == null && (pipeline == null || key.isEmpty() || date == null)) {
      throw new SpecException(
          "trace needs PIPELINE, KEY and --date, or --forward FILE|ROW with --source SOURCE");
    }
    if (forward != null && (source == null || !key.isEmpty() || date != null)) {
      throw new SpecException("--forward needs --source, and takes neither KEY nor --date");
    }
    Traced traced =
        new Traced(
            Optional.ofNullable(pipeline),
            key,
            Optional.ofNullable(date),
            Optional.ofNullable(forward),
            Optional.ofNullable(source),
            rows,
            Optional.ofNullable(html),
            options.place());
    return context.verbs().get().trace(traced, context.console());
  }
}
