package io.millrace.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a person out of the lake. */
@Command
final class EraseCommand implements Callable<Integer>, SparkCommand {

  private final Context context;

  @Option(
      names = "--subject",
      required = true,
      paramLabel = "COLUMN=VALUE",
      description = "Who; repeat it for a key of several columns.")
  private List<String> subject = new ArrayList<>();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why, for the receipt; must not name the person.")
  private String reason;

  @Option(
      names = "--except",
      paramLabel = "TABLE",
      split = ",",
      description = "Leave this table alone: its column of that name means something else.")
  private List<String> except = new ArrayList<>();

  @Option(
      names = "--mention",
      paramLabel = "TABLE",
      split = ",",
      description =
          "Write (erased) where this table, which lacks the key's column, has the value in a cell of its own: it only mentions the person.")
  private List<String> mention = new ArrayList<>();

  @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Do it without asking.")
  private boolean yes;

  @Mixin private PlaceOptions options;

  EraseCommand(Context context) {
    this.context = context;
  }

  @Override
  public Elsewhere.Task task(String word) {
    return new Elsewhere.Task(word, List.of(), options.place(), false);
  }

  @Override
  public Integer call() {
    Erased erased = new Erased(subject, reason, except, mention, dryRun, yes, options.place());
    return context.verbs().get().erase(erased, context.console());
  }
}
