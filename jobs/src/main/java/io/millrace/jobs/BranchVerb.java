package io.millrace.jobs;

import io.millrace.branch.Branch;
import io.millrace.branch.Branches;
import io.millrace.jobs.cli.Branched;
import io.millrace.jobs.console.Console;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import io.millrace.table.PinnedTable;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Makes, lists, shows and drops branches, and gives them tables. By Kernel alone. */
final class BranchVerb {

  private BranchVerb() {}

  static int run(Branched asked, Lake main, Console console) {
    Branches branches = new Branches(main);
    switch (asked.action()) {
      case CREATE -> create(branches, asked.name().orElseThrow(), main, console);
      case LIST -> list(branches, console);
      case SHOW -> show(branches, asked.name().orElseThrow(), main, console);
      case CLONE ->
          console.info(
              branches
                  .open(asked.name().orElseThrow())
                  .cloned(asked.table().orElseThrow())
                  .toString());
      case DROP -> drop(branches, asked.name().orElseThrow(), main, console);
    }
    return 0;
  }

  private static void create(Branches branches, String name, Lake main, Console console) {
    main.requireWritable();
    Landing.settle(main).ifPresent(console::warn);
    Branch branch = branches.create(name);
    console.info(
        "branch %s: reads %d tables of main as they are now; `--branch %s` works on it"
            .formatted(name, branch.versions().size(), name));
  }

  private static void list(Branches branches, Console console) {
    List<List<Object>> cells = new ArrayList<>();
    for (Branch branch : branches.all()) {
      cells.add(
          List.of(
              branch.name(),
              branch.createdAt().truncatedTo(ChronoUnit.SECONDS),
              branch.versions().size(),
              branches.open(branch).ownTables().size()));
    }
    if (cells.isEmpty()) {
      console.info("there are no branches");
      return;
    }
    console.table(List.of("branch", "created_at", "tables", "written"), cells);
  }

  /** Each table: where the branch left, where both are now. */
  private static void show(Branches branches, String name, Lake main, Console console) {
    Branch branch = branches.named(name);
    Lake lake = branches.open(branch);
    Set<String> own = new TreeSet<>(lake.ownTables());
    List<List<Object>> cells = new ArrayList<>();
    for (String table : lake.tables()) {
      Long left = branch.versions().get(table);
      List<Object> row = new ArrayList<>();
      row.add(table);
      row.add(left == null ? "" : left);
      row.add(own.contains(table) ? version(lake, table) : "");
      row.add(version(main, table));
      cells.add(row);
    }
    console.table(List.of("table", "left_main_at", "branch", "main"), cells);
  }

  private static Object version(Lake lake, String table) {
    return lake.latest(table).map(PinnedTable::version).map(Object.class::cast).orElse("");
  }

  private static void drop(Branches branches, String name, Lake main, Console console) {
    Landing.settle(main).ifPresent(console::warn);
    branches.drop(name);
    console.info("branch " + name + ": dropped, with all that was written on it");
  }
}
