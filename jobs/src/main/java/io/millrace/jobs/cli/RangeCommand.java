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

/** A command that takes a pipeline and a range of days. */
@Command
abstract class RangeCommand implements Callable<Integer>, SparkCommand {

  private final Context context;

  @Parameters(
      paramLabel = "PIPELINE",
      description = "A name in the conf folder, or a path to a YAML file.")
  private String pipeline;

  @Option(
      names = "--from",
      paramLabel = "DATE",
      required = true,
      converter = DateConverter.class,
      description = "First logical date (UTC).")
  private LocalDate from;

  @Option(
      names = "--to",
      paramLabel = "DATE",
      required = true,
      converter = DateConverter.class,
      description = "Last logical date, inclusive.")
  private LocalDate to;

  @Mixin private PlaceOptions options;

  RangeCommand(Context context) {
    this.context = context;
  }

  /** The verb behind the command. */
  abstract int run(Verbs verbs, Request request, Console console);

  @Override
  public Integer call() {
    if (from.isAfter(to)) {
      throw new SpecException(
          "--from " + from + " is later than --to " + to + "; give the earlier date first");
    }
    Request request = new Request(pipeline, from, to, options.place());
    return run(context.verbs().get(), request, context.console());
  }

  @Override
  public Elsewhere.Task task(String word) {
    return new Elsewhere.Task(word + " " + pipeline, List.of(pipeline), options.place(), true);
  }

  /** The score chain, date by date. */
  @Command
  static final class Backfill extends RangeCommand {

    Backfill(Context context) {
      super(context);
    }

    @Override
    int run(Verbs verbs, Request request, Console console) {
      return verbs.backfill(request, console);
    }
  }

  /** A backfill that trains on its way. */
  @Command
  static final class Replay extends RangeCommand {

    @Option(
        names = "--train-every",
        paramLabel = "N",
        required = true,
        description = "Run the train chain at the first date and at every N-th after it.")
    private int trainEvery;

    Replay(Context context) {
      super(context);
    }

    @Override
    int run(Verbs verbs, Request request, Console console) {
      if (trainEvery < 1) {
        throw new SpecException("--train-every " + trainEvery + " is less than 1; give 1 or more");
      }
      return verbs.replay(request, trainEvery, console);
    }
  }
}
