package io.millrace.jobs.cli;

import io.millrace.SpecException;
import io.millrace.jobs.console.Console;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that lists the rows of a small table. */
@Command
class ListCommand implements Callable<Integer> {

  /** The verb behind such a command. */
  interface Action {
    int run(Verbs verbs, Listing listing, Console console);
  }

  private final Context context;
  private final Action action;

  @Parameters(
      arity = "0..1",
      paramLabel = "PIPELINE",
      description = "Only this pipeline (default: all).")
  private String pipeline;

  @Option(
      names = "--date",
      paramLabel = "DATE",
      converter = DateConverter.class,
      description = "Only this logical date.")
  private LocalDate date;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most N rows, the newest (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Mixin private PlaceOptions options;

  ListCommand(Context context, Action action) {
    this.context = context;
    this.action = action;
  }

  Context context() {
    return context;
  }

  /** What is asked for. */
  Listing listing() {
    if (limit < 1) {
      throw new SpecException("--limit " + limit + " is less than 1; give 1 or more");
    }
    return new Listing(
        Optional.ofNullable(pipeline), Optional.ofNullable(date), limit, options.place());
  }

  @Override
  public Integer call() {
    return action.run(context.verbs().get(), listing(), context.console());
  }
}
