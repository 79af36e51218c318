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

/** What a chain would do, and why. */
@Command
final class PlanCommand implements Callable<Integer> {

  private final Context context;

  @Parameters(
      arity = "0..*",
      paramLabel = "PIPELINE",
      description = "Names or paths (default: all of the conf folder).")
  private List<String> pipelines = new ArrayList<>();

  @Option(
      names = "--date",
      paramLabel = "DATE",
      converter = DateConverter.class,
      description = "What `daily` would do for this date; at a terminal it defaults to today.")
  private LocalDate date;

  @Option(
      names = "--from",
      paramLabel = "DATE",
      converter = DateConverter.class,
      description = "What `backfill` would do, from this date on.")
  private LocalDate from;

  @Option(
      names = "--to",
      paramLabel = "DATE",
      converter = DateConverter.class,
      description = "The last date of --from, inclusive.")
  private LocalDate to;

  @Option(names = "--train", description = "With --date: what `run` would do.")
  private boolean train;

  @Option(names = "--all", description = "Tell steps too that find all there.")
  private boolean all;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the plan of one pipeline for `run --plan FILE`.")
  private Path out;

  @Mixin private PlaceOptions options;

  PlanCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    boolean range = from != null || to != null;
    if (range && (date != null || train)) {
      throw new SpecException(
          "--from and --to go with neither --date nor --train; leave one or the other out");
    }
    if (range && (from == null || to == null)) {
      throw new SpecException("--from and --to go together; give both, or --date");
    }
    if (range && from.isAfter(to)) {
      throw new SpecException(
          "--from " + from + " is later than --to " + to + "; give the earlier date first");
    }
    if (out != null && pipelines.size() != 1) {
      throw new SpecException("--out: a plan file is of one pipeline; name it");
    }
    LocalDate day = range ? to : date == null ? DateCommand.today(context) : date;
    Planned planned =
        new Planned(
            pipelines,
            range ? from : day,
            day,
            range,
            train,
            all,
            Optional.ofNullable(out),
            options.place());
    return context.verbs().get().plan(planned, context.console());
  }
}
