package io.millrace.jobs;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.jobs.cli.Cleaning;
import io.millrace.jobs.console.Console;
import io.millrace.retain.Rules;
import io.millrace.retain.TablePlan;
import io.millrace.retain.TablePlan.Size;
import io.millrace.retain.Vacuum;
import io.millrace.table.Compaction;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Shows what a vacuum would delete and join, and does it if it may. */
final class VacuumVerb {

  private static final int ATTEMPTS = 3;

  private VacuumVerb() {}

  /**
   * One vacuum.
   *
   * @param agrees asks the person at the terminal; not called where there is none
   */
  static int run(Cleaning asked, Lake lake, Console console, BooleanSupplier agrees) {
    if (asked.yes() && !asked.dryRun()) {
      settle(lake, console);
    }
    Rules rules =
        new Rules(
            asked.retain().orElse(Rules.USUAL.retain()), asked.grace().orElse(Rules.USUAL.grace()));
    Vacuum vacuum = new Vacuum(lake, rules, new Retention(lake));
    Vacuum.Plan plan = vacuum.plan();
    List<Compaction> small =
        lake.tables().stream().flatMap(table -> small(lake, table).stream()).toList();
    show(plan, small, console);
    String stay = said(plan.kept()) + " stay";
    if (plan.deletable().files() == 0 && small.isEmpty()) {
      console.print("nothing to delete; " + stay);
      return 0;
    }
    String wanted = wanted(plan, small);
    if (asked.dryRun()) {
      console.print("would %s; %s".formatted(wanted, stay));
      return 0;
    }
    if (!asked.yes() && !console.terminal().interactive()) {
      console.print("would %s; %s. Nothing was done: --yes does it".formatted(wanted, stay));
      return 0;
    }
    if (!asked.yes()) {
      console.info(wanted + "? [y/N]");
      if (!agrees.getAsBoolean()) {
        console.print("nothing was done");
        return 0;
      }
      // All is looked at again before it is deleted.
      settle(lake, console);
    }
    if (plan.deletable().files() > 0) {
      Map<String, Size> deleted = vacuum.delete(plan);
      long files = deleted.values().stream().mapToLong(Size::files).sum();
      long bytes = deleted.values().stream().mapToLong(Size::bytes).sum();
      console.event("vacuumed", Map.of("files", files, "bytes", bytes));
      console.print("deleted %s; %s".formatted(said(new Size(files, bytes)), stay));
    }
    join(small, lake, console);
    return 0;
  }

  private static void settle(Lake lake, Console console) {
    lake.requireWritable();
    Landing.settle(lake).ifPresent(console::warn);
  }

  private static String wanted(Vacuum.Plan plan, List<Compaction> small) {
    List<String> all = new ArrayList<>();
    if (plan.deletable().files() > 0) {
      all.add("delete " + said(plan.deletable()));
    }
    if (!small.isEmpty()) {
      all.add("join " + joined(small));
    }
    return String.join(" and ", all);
  }

  private static String joined(List<Compaction> tables) {
    return "%,d small files of %d table%s to %,d"
        .formatted(
            tables.stream().mapToInt(Compaction::files).sum(),
            tables.size(),
            tables.size() == 1 ? "" : "s",
            tables.stream().mapToInt(Compaction::become).sum());
  }

  /** A table that nobody can open is left alone here too. */
  private static Optional<Compaction> small(Lake lake, String table) {
    try {
      return Compaction.of(lake, table);
    } catch (KernelException e) {
      return Optional.empty();
    }
  }

  private static void join(List<Compaction> shown, Lake lake, Console console) {
    List<Compaction> done =
        shown.stream().flatMap(table -> committed(table, lake).stream()).toList();
    if (!done.isEmpty()) {
      console.print(
          "joined "
              + joined(done)
              + "; the old ones go with a later vacuum, when nothing needs them");
    }
    if (done.size() < shown.size()) {
      console.print("others wrote the rest at the same time; a later vacuum joins what is left");
    }
  }

  /** What was joined of a table, as it was shown or as others have left it since. */
  private static Optional<Compaction> committed(Compaction shown, Lake lake) {
    Optional<Compaction> now = Optional.of(shown);
    for (int attempt = 0; attempt < ATTEMPTS && now.isPresent(); attempt++) {
      if (now.get().commit()) {
        return now;
      }
      now = small(lake, shown.table());
    }
    return Optional.empty();
  }

  /** Whether the person at the terminal says yes. */
  static boolean agreed() {
    try {
      BufferedReader answers =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String answer = answers.readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } catch (IOException e) {
      return false;
    }
  }

  private static void show(Vacuum.Plan plan, List<Compaction> small, Console console) {
    List<List<Object>> cells = new ArrayList<>();
    for (TablePlan table : plan.tables()) {
      cells.add(
          List.of(
              table.table(),
              "%d of %d".formatted(table.versions(), table.of()),
              table.why(),
              table.deletable().files(),
              table.deletable().bytes(),
              table.kept().files(),
              table.kept().bytes()));
    }
    if (!cells.isEmpty()) {
      console.table(
          List.of("table", "versions", "kept for", "delete", "bytes", "keep", "bytes kept"), cells);
    }
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("delete_files", plan.deletable().files());
    event.put("delete_bytes", plan.deletable().bytes());
    event.put("keep_files", plan.kept().files());
    event.put("keep_bytes", plan.kept().bytes());
    event.put("join_files", small.stream().mapToInt(Compaction::files).sum());
    event.put("joined_files", small.stream().mapToInt(Compaction::become).sum());
    console.event("vacuum", event);
  }

  private static String said(Size size) {
    return "%,d file%s (%s)"
        .formatted(size.files(), size.files() == 1 ? "" : "s", megabytes(size.bytes()));
  }

  private static String megabytes(long bytes) {
    return bytes < 1_000_000
        ? "%,.1f kB".formatted(bytes / 1e3)
        : bytes < 1e9 ? "%,.1f MB".formatted(bytes / 1e6) : "%,.1f GB".formatted(bytes / 1e9);
  }
}
