package io.millrace.jobs.cli;

import io.millrace.Stage;
import io.millrace.jobs.console.Console;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands for one date: each stage, and the two chains. */
final class DateCommands {

  private DateCommands() {}

  /** One stage by its word. */
  @Command
  static final class OneStage extends DateCommand {

    private final Stage stage;

    OneStage(Context context, Stage stage) {
      super(context);
      this.stage = stage;
    }

    @Override
    int run(Verbs verbs, Request request, Console console) {
      return verbs.stage(stage, request, console);
    }
  }

  /** Features of the date, or of all dates that a training at it reads. */
  @Command
  static final class Features extends DateCommand {

    @Option(
        names = "--for-training",
        description = "Of all dates that a model trained at the date learns from, as `run` does.")
    private boolean forTraining;

    Features(Context context) {
      super(context);
    }

    @Override
    int run(Verbs verbs, Request request, Console console) {
      return forTraining
          ? verbs.featuresForTraining(request, console)
          : verbs.stage(Stage.FEATURES, request, console);
    }
  }

  /** Promotion by the gates, or by a person who names the version. */
  @Command
  static final class Promote extends DateCommand {

    @Option(
        names = "--to",
        paramLabel = "VERSION",
        description = "Make this version champion from the date on, whatever the gates say.")
    private String version;

    Promote(Context context) {
      super(context);
    }

    @Override
    int run(Verbs verbs, Request request, Console console) {
      return verbs.promote(request, Optional.ofNullable(version), console);
    }
  }

  /** Release, also of what monitor keeps back. */
  @Command
  static final class Release extends DateCommand {

    @Option(
        names = "--override",
        paramLabel = "WHY",
        description = "Release what monitor keeps back; the reason is recorded in releases.")
    private String why;

    Release(Context context) {
      super(context);
    }

    @Override
    int run(Verbs verbs, Request request, Console console) {
      if (why != null && why.isBlank()) {
        throw new io.millrace.SpecException("--override is empty; say why, it is recorded");
      }
      return verbs.release(request, Optional.ofNullable(why), console);
    }
  }

  /** The train chain. */
  @Command
  static final class Run implements Callable<Integer>, SparkCommand {

    private final Context context;

    @Parameters(
        arity = "0..1",
        paramLabel = "PIPELINE",
        description = "A name in the conf folder, or a path to a YAML file.")
    private String pipeline;

    @Option(
        names = "--date",
        paramLabel = "DATE",
        converter = DateConverter.class,
        description = "Logical date (UTC); at a terminal it defaults to today.")
    private LocalDate date;

    @Option(
        names = "--plan",
        paramLabel = "FILE",
        description =
            "In place of pipeline and date: do what `plan --out FILE` wrote, of whichever chain it"
                + " is, or say what has moved since.")
    private Path plan;

    @Mixin private PlaceOptions options;

    @Spec private CommandSpec command;

    Run(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Verbs verbs = context.verbs().get();
      if (plan != null) {
        requireAlone();
        return verbs.runPlan(plan, options.place(), context.console());
      }
      if (pipeline == null) {
        throw new MissingParameterException(
            command.commandLine(), command.positionalParameters().get(0), "");
      }
      LocalDate day = date == null ? DateCommand.today(context) : date;
      return verbs.run(new Request(pipeline, day, day, options.place()), context.console());
    }

    private void requireAlone() {
      if (pipeline != null || date != null) {
        throw new io.millrace.SpecException(
            "--plan: the file says which pipeline and dates; leave these out");
      }
    }

    @Override
    public List<String> settled() {
      return plan == null && date == null
          ? List.of("--date", DateCommand.today(context).toString())
          : List.of();
    }

    @Override
    public Elsewhere.Task task(String word) {
      return plan == null && pipeline != null
          ? new Elsewhere.Task(word + " " + pipeline, List.of(pipeline), options.place(), true)
          : new Elsewhere.Task(word + " --plan", List.of(), options.place(), false);
    }
  }

  /** The score chain. */
  @Command
  static final class Daily extends DateCommand {

    Daily(Context context) {
      super(context);
    }

    @Override
    int run(Verbs verbs, Request request, Console console) {
      return verbs.daily(request, console);
    }
  }
}
