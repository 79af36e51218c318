package io.millrace.jobs;

import io.millrace.jobs.cli.Cleaning;
import io.millrace.jobs.console.Console;
import io.millrace.retain.Rules;
import io.millrace.retain.TablePlan;
import io.millrace.retain.TablePlan.Size;
import io.millrace.retain.Vacuum;
import io.millrace.table.Lake;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Shows what a vacuum would delete, and deletes it if it may. */
final class VacuumVerb {

  private VacuumVerb() {}

  /**
   * One vacuum.
   *
   * @param agrees asks the person at the terminal; not called where there is none
   */
  static int run(Cleaning asked, Lake lake, Console console, BooleanSupplier agrees) {
    Rules rules =
        new Rules(
            asked.retain().orElse(Rules.USUAL.retain()), asked.grace().orElse(Rules.USUAL.grace()));
    Vacuum vacuum = new Vacuum(lake, rules, new Retention(lake));
    Vacuum.Plan plan = vacuum.plan();
    show(plan, console);
    if (plan.deletable().files() == 0) {
      console.print("nothing to delete; " + said(plan.kept()) + " stay");
      return 0;
    }
    String found = said(plan.deletable());
    if (asked.dryRun()) {
      console.print("would delete %s; %s stay".formatted(found, said(plan.kept())));
      return 0;
    }
    if (!asked.yes() && !console.terminal().interactive()) {
      console.print(
          "would delete %s; %s stay. Nothing was deleted: --yes does it"
              .formatted(found, said(plan.kept())));
      return 0;
    }
    if (!asked.yes()) {
      console.info("delete %s? [y/N]".formatted(found));
      if (!agrees.getAsBoolean()) {
        console.print("nothing was deleted");
        return 0;
      }
    }
    lake.requireWritable();
    Map<String, Size> deleted = vacuum.delete(plan);
    long files = deleted.values().stream().mapToLong(Size::files).sum();
    long bytes = deleted.values().stream().mapToLong(Size::bytes).sum();
    console.event("vacuumed", Map.of("files", files, "bytes", bytes));
    console.print("deleted %s; %s stay".formatted(said(new Size(files, bytes)), said(plan.kept())));
    return 0;
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

  private static void show(Vacuum.Plan plan, Console console) {
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
