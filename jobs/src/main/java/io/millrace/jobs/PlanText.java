package io.millrace.jobs;

import io.millrace.jobs.PlanStep.Amount;
import io.millrace.jobs.console.Console;
import io.millrace.table.TableVersion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Plans as people read them. */
final class PlanText {

  private static final int MOST_PAGES = 3;

  private PlanText() {}

  /** The steps of one pipeline; those that find all there only where they are asked for. */
  static void one(PipelinePlan plan, boolean all, Console console) {
    if (console.isJson()) {
      return; // events have told it
    }
    console.print("%s, %s: %s".formatted(plan.pipeline(), chain(plan), counted(plan)));
    List<List<Object>> cells = new ArrayList<>();
    for (PlanStep step : plan.steps()) {
      if (all || step.would() != Would.SKIP) {
        cells.add(
            List.of(
                step.date(),
                step.stage().word(),
                step.would().word(),
                step.because(),
                reads(step),
                amount(step.reads()),
                amount(step.replaces())));
      }
    }
    if (cells.isEmpty()) {
      return;
    }
    console.table(List.of("date", "stage", "would", "because", "of", "reads", "replaces"), cells);
    gates(plan).forEach((stage, gates) -> console.print("gates  " + stage + ": " + gates));
    if (!plan.pages().isEmpty()) {
      console.print("pages  " + listed(plan.pages()));
    }
    if (!plan.pins().isEmpty()) {
      console.print("pins   " + String.join(", ", plan.pins()));
    }
  }

  private static String chain(PipelinePlan plan) {
    int last = plan.dates().size() - 1;
    return plan.chain().word()
        + " "
        + plan.dates().get(0)
        + (last > 0 ? " to " + plan.dates().get(last) : "");
  }

  private static String counted(PipelinePlan plan) {
    return plan.counts().entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(entry -> "%,d %s".formatted(entry.getValue(), entry.getKey().word()))
        .collect(Collectors.joining(", "));
  }

  /** The cells of a pipeline among others. */
  static List<Object> counts(PipelinePlan plan) {
    List<Object> cells = new ArrayList<>(List.of(plan.pipeline(), chain(plan)));
    cells.addAll(plan.counts().values());
    return cells;
  }

  static void many(List<List<Object>> cells, Console console) {
    if (!console.isJson()) {
      List<String> headers = new ArrayList<>(List.of("pipeline", "chain"));
      for (Would would : Would.values()) {
        headers.add(would.word());
      }
      console.table(headers, cells);
    }
  }

  private static String reads(PlanStep step) {
    return step.inputs().stream()
        .filter(input -> step.stage() != io.millrace.Stage.INGEST)
        .map(PlanText::version)
        .collect(Collectors.joining(", "));
  }

  private static String version(TableVersion input) {
    return input.version() < 0 ? input.table() : input.table() + "@" + input.version();
  }

  private static String amount(Amount amount) {
    if (amount.equals(Amount.NOTHING)) {
      return "";
    }
    return (amount.rows() < 0 ? "" : "%,d rows, ".formatted(amount.rows())) + bytes(amount.bytes());
  }

  private static String bytes(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }

  private static Map<String, String> gates(PipelinePlan plan) {
    Map<String, Set<String>> gates = new TreeMap<>();
    plan.steps().stream()
        .filter(step -> step.would() != Would.SKIP && !step.gates().isEmpty())
        .forEach(
            step ->
                gates
                    .computeIfAbsent(step.stage().word(), stage -> new LinkedHashSet<>())
                    .addAll(step.gates()));
    Map<String, String> told = new TreeMap<>();
    gates.forEach((stage, rules) -> told.put(stage, String.join("; ", rules)));
    return told;
  }

  private static String listed(List<String> pages) {
    String first = pages.stream().limit(MOST_PAGES).collect(Collectors.joining(", "));
    return pages.size() > MOST_PAGES
        ? first + " and " + (pages.size() - MOST_PAGES) + " more"
        : first;
  }
}
