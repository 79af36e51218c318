package io.millrace.jobs.cli;

import io.millrace.SpecException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands for one source of the lake. */
final class RefusedCommands {

  private RefusedCommands() {}

  /** Checks out of profiles. */
  @Command
  static final class Suggest implements Callable<Integer>, SparkCommand {

    private final Context context;

    @Parameters(paramLabel = "SOURCE", description = "Name of a source that was taken in.")
    private String source;

    @Mixin private PlaceOptions options;

    Suggest(Context context) {
      this.context = context;
    }

    @Override
    public Elsewhere.Task task(String word) {
      return new Elsewhere.Task(word, List.of(), options.place(), false);
    }

    @Override
    public Integer call() {
      return context.verbs().get().suggest(source, options.place(), context.console());
    }
  }

  /** Refused rows. */
  @Command
  static final class Quarantine implements Callable<Integer>, SparkCommand {

    private final Context context;

    @Parameters(paramLabel = "SOURCE", description = "Name of a source that was taken in.")
    private String source;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "5",
        description = "At most N rows of each rule (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
        names = "--export",
        paramLabel = "FILE",
        description =
            "Write all refused rows to this CSV, with their row_id and slice_run_id, to mend them there.")
    private Path export;

    @Option(
        names = "--retry",
        paramLabel = "FILE",
        description = "Take the mended rows of this CSV in; each row once, whatever is repeated.")
    private Path retry;

    @Option(
        names = "--date",
        paramLabel = "DATE",
        converter = DateConverter.class,
        description = "Logical date (UTC) of the ingest that --retry is.")
    private LocalDate date;

    @Mixin private PlaceOptions options;

    Quarantine(Context context) {
      this.context = context;
    }

    @Override
    public Elsewhere.Task task(String word) {
      return new Elsewhere.Task(word, List.of(), options.place(), false);
    }

    @Override
    public Integer call() {
      if (limit < 0) {
        throw new SpecException("--limit " + limit + " is less than 0; give 0 or more");
      }
      if (retry != null && export != null) {
        throw new SpecException("--export and --retry together; export, mend the file, then retry");
      }
      if (retry != null && date == null) {
        throw new SpecException(
            "--retry needs --date, the logical date from which the mended rows are known");
      }
      Refused refused =
          new Refused(
              source,
              limit,
              Optional.ofNullable(export),
              Optional.ofNullable(retry),
              Optional.ofNullable(date),
              options.place());
      return context.verbs().get().quarantine(refused, context.console());
    }
  }
}
