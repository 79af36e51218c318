package io.millrace.jobs.cli;

import io.millrace.SpecException;
import io.millrace.jobs.console.Console;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that takes a pipeline and a range of days. */
@Command
abstract class RangeCommand implements Callable<Integer>, SparkCommand {

  private static final LocalDate EVER_FROM = LocalDate.of(1, 1, 1);
  private static final LocalDate EVER_TO = LocalDate.of(9999, 12, 31);

  private final Context context;

  @Parameters(
      paramLabel = "PIPELINE",
      description = "A name in the conf folder, or a path to a YAML file.")
  private String pipeline;

  @Option(
      names = "--from",
      paramLabel = "DATE",
      converter = DateConverter.class,
      description = "First logical date (UTC).")
  private LocalDate from;

  @Option(
      names = "--to",
      paramLabel = "DATE",
      converter = DateConverter.class,
      description = "Last logical date, inclusive.")
  private LocalDate to;

  @Mixin private PlaceOptions options;

  @Spec private CommandSpec command;

  RangeCommand(Context context) {
    this.context = context;
  }

  /** The verb behind the command. */
  abstract int run(Verbs verbs, Request request, Console console);

  /** Whether dates may be left out, and stand then for all. */
  boolean allDates() {
    return false;
  }

  private void require(LocalDate date, String option) {
    if (date == null) {
      throw new MissingParameterException(command.commandLine(), command.findOption(option), "");
    }
  }

  @Override
  public Integer call() {
    if (!allDates()) {
      require(from, "--from");
      require(to, "--to");
    }
    from = from == null ? EVER_FROM : from;
    to = to == null ? EVER_TO : to;
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

    @Option(
        names = "--stale",
        description =
            "Only dates that were made of what has changed since, all of them or those of --from"
                + " and --to; each is told with its reason.")
    private boolean stale;

    @Option(names = "--dry-run", description = "With --stale: tell the dates and make nothing.")
    private boolean dryRun;

    Backfill(Context context) {
      super(context);
    }

    @Override
    boolean allDates() {
      return stale;
    }

    @Override
    int run(Verbs verbs, Request request, Console console) {
      if (dryRun && !stale) {
        throw new SpecException("--dry-run: it goes with --stale alone; add that, or leave it out");
      }
      return stale
          ? verbs.backfillStale(request, dryRun, console)
          : verbs.backfill(request, console);
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
