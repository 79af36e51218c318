package io.millrace.jobs;

import io.millrace.jobs.ForwardTrace.Reading;
import io.millrace.jobs.ForwardTrace.Scored;
import io.millrace.jobs.ForwardTrace.Trained;
import io.millrace.jobs.console.Console;
import io.millrace.report.Section;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a trace forward found of one pipeline, in order of date. */
final class Reached {

  private final ForwardTrace trace;
  private final String pipeline;
  private final Map<LocalDate, String> held = new TreeMap<>();
  private final Map<LocalDate, String> standing = new TreeMap<>();
  private final Set<String> released = new TreeSet<>();

  Reached(Lake lake, String pipeline, ForwardTrace trace) {
    this.pipeline = pipeline;
    this.trace = trace;
    lake.latest("features/" + pipeline)
        .ifPresent(
            table ->
                table
                    .slices("date")
                    .values()
                    .forEach(
                        slice ->
                            slice
                                .runIds()
                                .forEach(id -> held.put(LocalDate.parse(slice.key()), id))));
    lake.latest("predictions/" + pipeline).ifPresent(this::standing);
    lake.latest(ResultTables.releases().name())
        .map(table -> table.rows("pipeline", pipeline))
        .orElse(List.of())
        .forEach(row -> released.add((String) row.get("score_run_id")));
  }

  private void standing(PinnedTable predictions) {
    predictions
        .files()
        .forEach(
            file ->
                standing.put(
                    LocalDate.parse(file.partition().get("date")),
                    file.minimums().getOrDefault("score_run_id", "")));
  }

  /**
   * One thing that was reached.
   *
   * @param what features, labels, model or predictions
   * @param stands whether it is what the lake holds now; a model always is
   * @param because of what
   * @param entities whose rows; empty for all of the date
   */
  record Found(
      String what,
      LocalDate date,
      String id,
      boolean stands,
      String because,
      Set<String> entities) {}

  /** All that was reached, in the order of the flow, then by date. */
  List<Found> found() {
    List<Found> found = new ArrayList<>();
    for (Reading reading : trace.features().values()) {
      LocalDate date = reading.run().date();
      String id = reading.run().id();
      boolean stands = id.equals(held.get(date));
      found.add(new Found("features", date, id, stands, because(reading), reading.entities()));
    }
    trace
        .labels()
        .forEach((id, date) -> found.add(new Found("labels", date, id, true, "came in", Set.of())));
    for (Trained model : trace.models().values()) {
      found.add(new Found("model", model.date(), model.version(), true, because(model), Set.of()));
    }
    for (Scored scored : trace.scored()) {
      LocalDate date = scored.run().date();
      if (released.contains(scored.run().id())) {
        boolean stands = scored.run().id().equals(standing.get(date));
        found.add(
            new Found(
                "predictions", date, scored.run().id(), stands, because(scored), entities(scored)));
      }
    }
    List<String> order = List.of("features", "labels", "model", "predictions");
    found.sort(
        java.util.Comparator.comparing((Found one) -> order.indexOf(one.what()))
            .thenComparing(Found::date)
            .thenComparing(Found::id));
    return found;
  }

  private static String because(Reading reading) {
    if (reading.read().isEmpty()) {
      return "unsure";
    }
    return reading.whole() && !reading.entities().isEmpty() ? "a check" : "read it";
  }

  private static String because(Trained model) {
    List<String> parts = new ArrayList<>();
    if (!model.dates().isEmpty()) {
      parts.add("features of " + Dates.list(model.dates()));
    }
    if (!model.labels().isEmpty()) {
      parts.add("labels of " + Dates.list(model.labels()));
    }
    return String.join("; ", parts);
  }

  private static String because(Scored scored) {
    String model = "model " + scored.version();
    if (scored.features().isEmpty()) {
      return model;
    }
    return scored.model() ? "features, " + model : "features";
  }

  /** A model reaches all that it scores; features only their entities. */
  private Set<String> entities(Scored scored) {
    return scored.model()
        ? Set.of()
        : scored.features().map(id -> trace.features().get(id).entities()).orElse(Set.of());
  }

  /**
   * Counts and dates; machines are told each thing in a line of its own.
   *
   * @param most rows to show
   */
  Section section(int most, Console console) {
    List<Found> found = found();
    for (Found one : found) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("pipeline", pipeline);
      fields.put("what", one.what());
      fields.put("date", one.date());
      fields.put("id", one.id());
      fields.put("stands", one.stands());
      fields.put("because", one.because());
      fields.put("entities", one.entities().isEmpty() ? null : new TreeSet<>(one.entities()));
      console.event("reached", fields);
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    for (String what : List.of("features", "labels", "model", "predictions")) {
      Set<LocalDate> dates = dates(found, what, true);
      Set<LocalDate> gone = dates(found, what, false);
      gone.removeAll(dates);
      facts.put(
          what,
          (dates.isEmpty() ? "none" : count(dates))
              + (gone.isEmpty() ? "" : "; replaced since: " + count(gone)));
    }
    if (!trace.unsure().isEmpty()) {
      facts.put("unsure", String.join("; ", trace.unsure()));
    }
    List<List<Object>> cells = new ArrayList<>();
    found.stream()
        .filter(Found::stands)
        .filter(one -> one.what().equals("model") || !one.entities().isEmpty())
        .forEach(one -> rows(one, most, cells));
    return new Section(
        pipeline, facts, List.of("reached", "date", "entity or model", "because"), cells);
  }

  private static void rows(Found one, int most, List<List<Object>> cells) {
    if (one.entities().isEmpty()) {
      cells.add(List.of(one.what(), one.date(), one.id(), one.because()));
      return;
    }
    new TreeSet<>(one.entities())
        .stream()
            .limit(most)
            .forEach(entity -> cells.add(List.of(one.what(), one.date(), entity, one.because())));
    if (one.entities().size() > most) {
      String left = "and %,d more".formatted(one.entities().size() - most);
      cells.add(List.of(one.what(), one.date(), left, ""));
    }
  }

  private static Set<LocalDate> dates(Collection<Found> found, String what, boolean stands) {
    Set<LocalDate> dates = new TreeSet<>();
    found.stream()
        .filter(one -> one.what().equals(what) && one.stands() == stands)
        .forEach(one -> dates.add(one.date()));
    return dates;
  }

  private static String count(Set<LocalDate> dates) {
    return "%d date%s: %s".formatted(dates.size(), dates.size() == 1 ? "" : "s", Dates.list(dates));
  }
}
