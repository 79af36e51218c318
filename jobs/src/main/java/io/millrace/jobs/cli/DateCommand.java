package io.millrace.jobs.cli;

import io.millrace.SpecException;
import io.millrace.jobs.console.Console;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that takes a pipeline and one logical date. */
@Command
abstract class DateCommand implements Callable<Integer>, SparkCommand {

  private final Context context;

  @Parameters(
      paramLabel = "PIPELINE",
      description = "A name in the conf folder, or a path to a YAML file.")
  private String pipeline;

  @Option(
      names = "--date",
      paramLabel = "DATE",
      converter = DateConverter.class,
      description = "Logical date (UTC); at a terminal it defaults to today.")
  private LocalDate date;

  @Mixin private PlaceOptions options;

  DateCommand(Context context) {
    this.context = context;
  }

  /** The verb behind the command. */
  abstract int run(Verbs verbs, Request request, Console console);

  @Override
  public Integer call() {
    LocalDate day = date == null ? today(context) : date;
    Request request = new Request(pipeline, day, day, options.place());
    return run(context.verbs().get(), request, context.console());
  }

  @Override
  public List<String> settled() {
    return date == null ? List.of("--date", today(context).toString()) : List.of();
  }

  @Override
  public Elsewhere.Task task(String word) {
    return new Elsewhere.Task(word + " " + pipeline, List.of(pipeline), options.place(), true);
  }

  /** Today, said, where somebody sits at a terminal. */
  static LocalDate today(Context context) {
    if (!context.console().terminal().interactive()) {
      throw new SpecException(
          "--date is missing; give the logical date, such as --date 2026-01-31"
              + System.lineSeparator()
              + "(only at a terminal it defaults to today)");
    }
    LocalDate today = LocalDate.now(context.clock());
    context.console().info("date: " + today + " (today, UTC; --date gives another)");
    return today;
  }
}
