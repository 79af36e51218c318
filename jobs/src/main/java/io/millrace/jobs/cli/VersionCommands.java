package io.millrace.jobs.cli;

import io.millrace.SpecException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands over versions of tables. */
final class VersionCommands {

  private VersionCommands() {}

  /** Compares two versions of a table. */
  @Command
  static final class Diff implements Callable<Integer>, SparkCommand {

    private final Context context;

    @Parameters(
        index = "0",
        paramLabel = "TABLE",
        description = "Name in the lake, such as predictions/churn; models/churn for two models.")
    private String table;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "A",
        description = "Version to compare with (default: the one before B).")
    private String before;

    @Parameters(
        index = "2",
        arity = "0..1",
        paramLabel = "B",
        description = "Version to compare (default: the newest).")
    private String after;

    @Option(
        names = "--by",
        paramLabel = "COLUMN",
        split = ",",
        description = "The key, with commas between (default: the table's own).")
    private List<String> by = new ArrayList<>();

    @Option(
        names = "--date",
        paramLabel = "DATE",
        converter = DateConverter.class,
        description =
            "Of predictions: compare the last releases of two dates, or the last two of one.")
    private List<LocalDate> dates = new ArrayList<>();

    @Option(names = "--all-columns", description = "Compare run ids and times of writing too.")
    private boolean allColumns;

    @Option(
        names = "--rows",
        converter = CountConverter.class,
        paramLabel = "N",
        defaultValue = "20",
        description = "Rows to show cell by cell (default: 20).")
    private int rows;

    @Option(
        names = "--statistics",
        description = "Say also whose distributions moved most; reads both versions in full.")
    private boolean statistics;

    @Option(
        names = "--slice",
        paramLabel = "COLUMN",
        description = "With --statistics: also by the values of this column.")
    private String slice;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page of it too.")
    private Path html;

    @Option(
        names = "--into",
        paramLabel = "NAME",
        description = "Write all cells that differ to the table diffs/NAME too, once.")
    private String into;

    @Mixin private PlaceOptions options;

    Diff(Context context) {
      this.context = context;
    }

    @Override
    public Elsewhere.Task task(String word) {
      return new Elsewhere.Task(word, List.of(), options.place(), false);
    }

    @Override
    public Integer call() {
      if (table.startsWith("models/")) {
        return models();
      }
      if (!dates.isEmpty()) {
        return releases();
      }
      if (into != null && !into.matches("[a-z0-9][a-z0-9_-]*")) {
        throw new SpecException(
            "--into: '" + into + "' is no name of a table; write lower case, digits and hyphens");
      }
      Compared compared =
          new Compared(
              table,
              version(before),
              version(after),
              by,
              allColumns,
              rows,
              statistics || slice != null,
              Optional.ofNullable(slice),
              Optional.ofNullable(html),
              Optional.ofNullable(into),
              options.place());
      return context.verbs().get().diff(compared, context.console());
    }

    /** Two models rather than two versions of a table. */
    private int models() {
      if (before == null || after == null) {
        throw new SpecException(
            table + ": name two models, as `millrace models` lists them, the older one first");
      }
      ComparedModels compared =
          new ComparedModels(
              table.substring("models/".length()),
              before,
              after,
              rows,
              Optional.ofNullable(html),
              options.place());
      return context.verbs().get().diffModels(compared, context.console());
    }

    /** Two releases rather than two versions of the table. */
    private int releases() {
      if (!table.startsWith("predictions/") || before != null || dates.size() > 2) {
        throw new SpecException(
            "--date compares releases: diff predictions/PIPELINE --date DATE [--date DATE]");
      }
      ComparedReleases compared =
          new ComparedReleases(
              table.substring("predictions/".length()),
              dates,
              rows,
              Optional.ofNullable(html),
              options.place());
      return context.verbs().get().diffReleases(compared, context.console());
    }

    private OptionalLong version(String told) {
      if (told == null) {
        return OptionalLong.empty();
      }
      if (!told.matches("[0-9]{1,18}")) {
        throw new SpecException(
            "'" + told + "' is no version of " + table + "; a version is a number from 0 on");
      }
      return OptionalLong.of(Long.parseLong(told));
    }
  }

  /** Trains a model again. */
  @Command
  static final class Reproduce implements Callable<Integer>, SparkCommand {

    private final Context context;

    @Parameters(paramLabel = "MODEL", description = "Version of the model, as `models` lists it.")
    private String version;

    @Mixin private PlaceOptions options;

    Reproduce(Context context) {
      this.context = context;
    }

    @Override
    public Elsewhere.Task task(String word) {
      return new Elsewhere.Task(word, List.of(), options.place(), false);
    }

    @Override
    public Integer call() {
      return context.verbs().get().reproduce(version, options.place(), context.console());
    }
  }

  /** Lists models, also whether each can be trained again. */
  @Command
  static final class Models extends ListCommand {

    @Option(
        names = "--horizon",
        description = "Say of each whether it can be trained again, or what is lost.")
    private boolean horizon;

    Models(Context context) {
      super(context, Verbs::models);
    }

    @Override
    public Integer call() {
      Verbs verbs = context().verbs().get();
      return horizon ? verbs.horizon(listing(), context().console()) : super.call();
    }
  }
}
