package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.millrace.MillraceException;
import io.millrace.SpecException;
import io.millrace.diff.SpecLines;
import io.millrace.diff.TableComparison;
import io.millrace.diff.TableDiff;
import io.millrace.jobs.cli.ComparedModels;
import io.millrace.jobs.console.Console;
import io.millrace.label.LabelBuilder;
import io.millrace.model.Encoders;
import io.millrace.model.Model;
import io.millrace.report.Section;
import io.millrace.retain.Histories;
import io.millrace.retain.Losses;
import io.millrace.retain.Need;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Two models of a pipeline: what was told, what they learned from, what they know of features, and
 * how both do on the rows that the newer one held out.
 */
final class ModelDiff {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lake lake;
  private final ComparedModels asked;
  private final Side before;
  private final Side after;

  /**
   * One of the two: its row of {@code models}, the pipeline as its spec has it, what it learned.
   */
  record Side(String version, Map<String, Object> row, Work work, Model model) {}

  ModelDiff(Lake lake, Console console, ComparedModels asked) {
    this.lake = lake;
    this.asked = asked;
    if (asked.before().equals(asked.after())) {
      throw new SpecException(
          "models/%s: %s is compared with itself; name another version"
              .formatted(asked.pipeline(), asked.before()));
    }
    this.before = side(console, asked.before());
    this.after = side(console, asked.after());
    if (before.model().task() != after.model().task()) {
      throw new SpecException(
          "models/%s: %s and %s predict different things (%s, %s), so they can't be compared"
              .formatted(
                  asked.pipeline(),
                  asked.before(),
                  asked.after(),
                  before.row().get("task"),
                  after.row().get("task")));
    }
  }

  private Side side(Console console, String version) {
    Optional<Map<String, Object>> row =
        lake
            .latest(ResultTables.models().name())
            .map(table -> table.rows("pipeline", asked.pipeline()))
            .orElse(List.of())
            .stream()
            .filter(found -> version.equals(found.get("model_version")))
            .findFirst();
    if (row.isEmpty()) {
      throw new SpecException(
          "models/%s: there is no model %s; `millrace models %s` lists them"
              .formatted(asked.pipeline(), version, asked.pipeline()));
    }
    Work work = KeptSpec.work(lake, console, asked.pipeline(), version);
    return new Side(version, row.get(), work, new ModelLibrary(work).load(version).model());
  }

  /** All there is to tell; what can't be opened any more is told as lost. */
  List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(models());
    sections.add(spec());
    List<String> lost = new ArrayList<>();
    for (Side side : List.of(before, after)) {
      Retention.lost(lake, side.row()).ifPresent(why -> lost.add(side.version() + ": " + why));
    }
    sections.add(data());
    sections.add(features());
    if (!entity(before).equals(entity(after))) {
      sections.add(
          Section.of("on the same rows", Map.of("not compared", "they predict other entities")));
    } else if (lost.isEmpty()) {
      sections.addAll(new HeldOutDiff(asked, before, after).sections());
    } else {
      sections.add(Section.of("on the same rows", Map.of("lost", String.join("; ", lost))));
    }
    return sections;
  }

  private Section models() {
    List<List<Object>> cells = new ArrayList<>();
    for (String name :
        List.of(
            "date",
            "algorithm",
            "rows_train",
            "rows_tune",
            "rounds",
            "features_version",
            "code_version",
            "trained_at")) {
      List<Object> line = new ArrayList<>(List.of(name));
      line.add(before.row().get(name));
      line.add(after.row().get(name));
      cells.add(line);
    }
    return new Section(
        "models of " + asked.pipeline(),
        Map.of(),
        List.of("model", before.version(), after.version()),
        cells);
  }

  private Section spec() {
    List<List<Object>> cells = new ArrayList<>();
    SpecLines.between(before.work().spec(), after.work().spec())
        .forEach(l -> cells.add(List.of(l.key(), l.before().orElse(""), l.after().orElse(""))));
    return new Section(
        "spec",
        cells.isEmpty() ? Map.of("changed", "nothing") : Map.of(),
        List.of("changed key", "before", "after"),
        cells);
  }

  /** The tables that they learned from, and what came of them in between. */
  private Section data() {
    List<List<Object>> cells = new ArrayList<>();
    cells.add(line("features", "date"));
    cells.add(line("labels", LabelBuilder.KNOWN_AT));
    return new Section(
        "data",
        Map.of(),
        List.of("table", "before", "after", "rows added", "removed", "changed", "cells"),
        cells);
  }

  /** Of either table the days that the models learned from: nothing keeps others from a vacuum. */
  private List<Object> line(String kind, String day) {
    String name = kind + "/" + asked.pipeline();
    long from = version(before, kind);
    long to = version(after, kind);
    if (from == to && date(before).equals(date(after))) {
      return List.of(name, from, to, 0, 0, 0, "");
    }
    if (!entity(before).equals(entity(after))) {
      String why = "entity was %s, is %s".formatted(entity(before), entity(after));
      return List.of(name, from, to, "not compared", "", "", why);
    }
    Losses losses = new Losses(new Histories(lake));
    Optional<String> lost =
        Stream.of(before, after)
            .map(side -> new Need(name, version(side, kind), new Need.UpTo(day, date(side))))
            .flatMap(need -> losses.of(need).stream())
            .findFirst();
    if (lost.isPresent()) {
      return List.of(name, from, to, "lost", "lost", "lost", lost.get());
    }
    try {
      PinnedTable old = lake.at(name, from).upTo(day, date(before));
      PinnedTable now = lake.at(name, to).upTo(day, date(after));
      TableDiff diff = new TableComparison(old, now, List.of(), false).diff(0);
      Map<String, Long> counts = new TreeMap<>();
      diff.cells().forEach(count -> counts.put(count.column(), count.rows()));
      return List.of(
          name,
          from,
          to,
          diff.added(),
          diff.removed(),
          diff.changed(),
          counts.isEmpty() ? "" : counts.toString());
    } catch (MillraceException | KernelException | KernelEngineException | UncheckedIOException e) {
      // A key that stands twice, or files that went in this moment: the rest is told all the same.
      return List.of(name, from, to, "not compared", "", "", String.valueOf(e.getMessage()));
    }
  }

  private static long version(Side side, String kind) {
    return (Long) side.row().get(kind + "_table_version");
  }

  private static LocalDate date(Side side) {
    return (LocalDate) side.row().get("date");
  }

  private static List<String> entity(Side side) {
    return LabelBuilder.entity(side.work().spec());
  }

  private Section features() {
    Map<String, JsonNode> old = encoders(before.model().encoders());
    Map<String, JsonNode> now = encoders(after.model().encoders());
    TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    List<List<Object>> cells = new ArrayList<>();
    int same = 0;
    for (String name : names) {
      if (!old.containsKey(name) || !now.containsKey(name)) {
        cells.add(List.of(name, kind(old.get(name)), kind(now.get(name)), ""));
      } else if (old.get(name).equals(now.get(name))) {
        same++;
      } else {
        String first = Difference.first(old.get(name), now.get(name)).substring(1);
        cells.add(List.of(name, kind(old.get(name)), kind(now.get(name)), first));
      }
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("encoded alike", same);
    return new Section(
        "features", facts, List.of("feature", "before", "after", "differs first"), cells);
  }

  private static String kind(JsonNode encoder) {
    return encoder == null ? "(none)" : encoder.path("kind").asText();
  }

  private static Map<String, JsonNode> encoders(Encoders encoders) {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    for (int i = 0; i < encoders.encoders().size(); i++) {
      found.put(
          encoders.schema().features().get(i).name(), JSON.valueToTree(encoders.encoders().get(i)));
    }
    return found;
  }
}
