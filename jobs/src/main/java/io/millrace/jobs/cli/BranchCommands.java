package io.millrace.jobs.cli;

import io.millrace.Nearest;
import io.millrace.SpecException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands over branches. */
final class BranchCommands {

  private static final String MAIN = "main";

  private BranchCommands() {}

  /** A place on main: what makes and merges branches works there. */
  private static Place main(PlaceOptions options, String command) {
    if (options.branch != null) {
      throw new SpecException(
          command + " works on main; leave --branch " + options.branch + " out");
    }
    return options.place();
  }

  /** Makes, lists, shows and drops branches. */
  @Command
  static final class OfBranch implements Callable<Integer> {

    private final Context context;

    @Parameters(
        index = "0",
        paramLabel = "ACTION",
        description = "One of create, list, show, clone, drop.")
    private String word;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "NAME",
        description = "Name of the branch: lower case, digits and hyphens.")
    private String name;

    @Parameters(
        index = "2",
        arity = "0..1",
        paramLabel = "TABLE",
        description = "To clone: a table that another tool is to write, such as raw/customers.")
    private String table;

    @Option(
        names = "--from",
        paramLabel = "BRANCH",
        defaultValue = MAIN,
        description = "What it leaves from: main (default: ${DEFAULT-VALUE}).")
    private String from;

    @Mixin private PlaceOptions options;

    OfBranch(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Branched.Action action = action();
      boolean list = action == Branched.Action.LIST;
      if (list == (name != null)) {
        throw new SpecException(
            list
                ? "branch list takes no name; `branch show " + name + "` tells of one"
                : "branch " + word + ": NAME is missing");
      }
      if ((action == Branched.Action.CLONE) == (table == null)) {
        throw new SpecException(
            table == null
                ? "branch clone " + name + ": TABLE is missing, such as raw/customers"
                : "branch " + word + " takes no table; leave " + table + " out");
      }
      if (!from.equals(MAIN)) {
        throw new SpecException(
            "--from " + from + ": a branch can only leave from main; merge " + from + " first");
      }
      Branched asked =
          new Branched(
              action,
              Optional.ofNullable(name),
              Optional.ofNullable(table),
              main(options, "branch " + word));
      return context.verbs().get().branch(asked, context.console());
    }

    private Branched.Action action() {
      List<String> known = new ArrayList<>();
      for (Branched.Action action : Branched.Action.values()) {
        known.add(action.name().toLowerCase(Locale.ROOT));
      }
      if (!known.contains(word)) {
        throw new SpecException(
            "branch " + word + ": is none of its actions; " + Nearest.mend(word, known, "actions"));
      }
      return Branched.Action.valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** Brings a branch's rows to main. */
  @Command
  static final class Merge implements Callable<Integer>, SparkCommand {

    private final Context context;

    @Parameters(paramLabel = "NAME", description = "Name of the branch.")
    private String name;

    @Option(
        names = "--dry-run",
        description = "Tell what would come to main and its conflicts; change nothing.")
    private boolean dryRun;

    @Option(
        names = "--take",
        paramLabel = "SIDE",
        description =
            "Of each conflict: ours (main's), theirs (the branch's), or the FILE of --out with its"
                + " column take filled in.")
    private String take;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        description = "Write the conflicts to this CSV, to say there which side is taken.")
    private Path out;

    @Mixin private PlaceOptions options;

    Merge(Context context) {
      this.context = context;
    }

    @Override
    public Elsewhere.Task task(String word) {
      return new Elsewhere.Task(word, List.of(), options.place(), false);
    }

    @Override
    public Integer call() {
      Merged asked =
          new Merged(
              name,
              dryRun,
              Optional.ofNullable(take),
              Optional.ofNullable(out),
              main(options, "merge"));
      return context.verbs().get().merge(asked, context.console());
    }
  }
}
