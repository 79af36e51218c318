package io.millrace.jobs.cli;

import io.millrace.Stage;
import io.millrace.jobs.console.Console;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
  static final class Run extends DateCommand {

    Run(Context context) {
      super(context);
    }

    @Override
    int run(Verbs verbs, Request request, Console console) {
      return verbs.run(request, console);
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
