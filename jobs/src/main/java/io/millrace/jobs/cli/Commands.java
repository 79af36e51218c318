package io.millrace.jobs.cli;

import io.millrace.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The list of all that can be run, in the order of the help page. */
final class Commands {

  /** The headings of the help page. */
  enum Group {
    CHAINS("Chains"),
    STAGES("Stages, one at a time"),
    SPECS("Specs"),
    TABLES("Tables");

    private final String heading;

    Group(String heading) {
      this.heading = heading;
    }

    String heading() {
      return heading;
    }
  }

  /** A command: its word, what it does in one sentence, an example of its arguments. */
  record Entry(
      Group group, String word, String summary, String example, Callable<Integer> command) {}

  private Commands() {}

  static List<Entry> all(Context context) {
    List<Entry> entries = new ArrayList<>(chains(context));
    for (Stage stage : Stage.values()) {
      entries.add(stage(stage, context));
    }
    entries.addAll(others(context));
    return List.copyOf(entries);
  }

  private static List<Entry> chains(Context context) {
    return List.of(
        new Entry(
            Group.CHAINS,
            "run",
            "Train, judge and promote a model as known at a date: ingest to promote.",
            "run churn --date 2026-01-31%n  millrace run --plan plan.json",
            new DateCommands.Run(context)),
        new Entry(
            Group.CHAINS,
            "daily",
            "Score a date and release its predictions: ingest to release.",
            "daily churn --date 2026-01-31",
            new DateCommands.Daily(context)),
        new Entry(
            Group.CHAINS,
            "backfill",
            "Run the daily chain for many dates, oldest first, in one process.",
            "backfill churn --from 2026-01-01 --to 2026-01-31%n"
                + "  millrace backfill churn --stale --dry-run",
            new RangeCommand.Backfill(context)),
        new Entry(
            Group.CHAINS,
            "replay",
            "Backfill, and train anew every few dates, as the past would have had it.",
            "replay churn --from 2025-01-01 --to 2025-12-31 --train-every 30",
            new RangeCommand.Replay(context)),
        new Entry(
            Group.CHAINS,
            "plan",
            "Tell what a chain would do, and because of what; needs no Spark.",
            "plan churn --date 2026-01-31%n"
                + "  millrace plan churn --from 2026-01-01 --to 2026-01-31 --out plan.json",
            new PlanCommand(context)));
  }

  private static Entry stage(Stage stage, Context context) {
    String example = stage.word() + " churn --date 2026-01-31";
    Callable<Integer> command =
        switch (stage) {
          case FEATURES -> new DateCommands.Features(context);
          case PROMOTE -> new DateCommands.Promote(context);
          case RELEASE -> new DateCommands.Release(context);
          default -> new DateCommands.OneStage(context, stage);
        };
    if (stage == Stage.RELEASE) {
      example += "%n  millrace release churn --date 2026-01-31 --override \"campaign, expected\"";
    }
    if (stage == Stage.PROMOTE) {
      example += "%n  millrace promote churn --date 2026-01-31 --to 3f2a9c41d07b";
    }
    return new Entry(Group.STAGES, stage.word(), summary(stage), example, command);
  }

  private static String summary(Stage stage) {
    return switch (stage) {
      case INGEST -> "Take new files into the raw tables, each file exactly once.";
      case VALIDATE -> "Measure and check what came in; rows that break a rule go to quarantine.";
      case LABEL -> "Write the labels that became known, each with the date it was known at.";
      case FEATURES -> "Compute the features of a date from what was known at it.";
      case TRAIN -> "Fit a challenger and a baseline on features and labels known at a date.";
      case EVALUATE -> "Measure challenger, champion and baseline on held-out rows.";
      case PROMOTE -> "Make the challenger champion if it passes every gate.";
      case SCORE -> "Predict a date with the champion in force at it, into staging.";
      case MONITOR -> "Compare a date with training and the dates before; say release, retrain.";
      case REPORT -> "Write the pages of a date and the index of all.";
      case RELEASE -> "Publish the staged predictions of a date in one commit.";
    };
  }

  private static List<Entry> others(Context context) {
    return List.of(
        new Entry(
            Group.SPECS,
            "init",
            "Draft a spec from a data file.",
            "init churn --from data/customers.csv --label Churn",
            new OtherCommands.Init(context)),
        new Entry(
            Group.SPECS,
            "check",
            "Check specs and tell all faults at once; reads no data.",
            "check churn",
            new OtherCommands.Check(context)),
        new Entry(
            Group.SPECS,
            "suggest",
            "Propose checks for a source from what its rows look like.",
            "suggest customers",
            new RefusedCommands.Suggest(context)),
        new Entry(
            Group.TABLES,
            "quarantine",
            "List the refused rows of a source, write them to a file, take mended ones in.",
            "quarantine customers --export refused.csv%n"
                + "  millrace quarantine customers --retry mended.csv --date 2026-01-31",
            new RefusedCommands.Quarantine(context)),
        new Entry(
            Group.TABLES,
            "sql",
            "Query the tables of the lake.",
            "sql \"select date, count(*) from predictions_churn group by date\"",
            new OtherCommands.Sql(context)),
        new Entry(
            Group.TABLES,
            "diff",
            "Tell what changed between two versions of a table: rows, cells, schema.",
            "diff predictions/churn 11 12%n  millrace diff raw/customers --statistics",
            new VersionCommands.Diff(context)),
        new Entry(
            Group.TABLES,
            "trace",
            "Tell where a prediction comes from, or which a file or row reached.",
            "trace churn 7590-VHVEG --date 2026-01-31%n"
                + "  millrace trace --forward visits-2026-01-07.csv --source visits",
            new TraceCommand(context)),
        new Entry(
            Group.TABLES,
            "reproduce",
            "Train a model again from what it was trained on; say whether it is the same.",
            "reproduce 3f2a9c41d07b",
            new VersionCommands.Reproduce(context)),
        new Entry(
            Group.TABLES,
            "erase",
            "Take a person out of all tables, versions and files; shows what and asks.",
            "erase --subject customer_id=C1041 --reason \"request 31\" --dry-run",
            new EraseCommand(context)),
        new Entry(
            Group.TABLES,
            "pin",
            "Keep versions of tables, or what a model came from; list what is kept.",
            "pin add audit-2026 features/churn@12 --until 2027-12-31%n  millrace pin list",
            new RetainCommands.Pin(context)),
        new Entry(
            Group.TABLES,
            "vacuum",
            "Delete the data files that nothing needs, join small ones; shows them first.",
            "vacuum --dry-run%n  millrace vacuum --retain 7d --yes",
            new RetainCommands.Vacuum(context)),
        new Entry(
            Group.TABLES,
            "branch",
            "Make, list, show and drop branches of the lake; every command takes --branch.",
            "branch create relabel --from main%n  millrace branch list",
            new BranchCommands.OfBranch(context)),
        new Entry(
            Group.TABLES,
            "merge",
            "Bring a branch's rows to main by key and cell; conflicts are listed, not guessed.",
            "merge relabel --dry-run --out conflicts.csv%n"
                + "  millrace merge relabel --take conflicts.csv",
            new BranchCommands.Merge(context)),
        new Entry(
            Group.TABLES,
            "runs",
            "List runs, the newest first.",
            "runs churn --limit 5",
            new ListCommand(context, Verbs::runs)),
        new Entry(
            Group.TABLES,
            "models",
            "List model versions and which is champion.",
            "models churn%n  millrace models --horizon",
            new VersionCommands.Models(context)),
        new Entry(
            Group.TABLES,
            "metrics",
            "List the metrics of evaluated models.",
            "metrics churn --date 2026-01-31 --json",
            new ListCommand(context, Verbs::metrics)),
        new Entry(
            Group.TABLES,
            "mirror",
            "Tell the place's MLflow and OpenLineage servers what they lack.",
            "mirror churn --env production",
            new MirrorCommand(context)));
  }
}
