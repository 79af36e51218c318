package io.millrace.jobs;

import io.millrace.DataException;
import io.millrace.diff.SpecLines;
import io.millrace.jobs.console.Console;
import io.millrace.report.Section;
import io.millrace.table.Lake;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is kept of a model: how it was trained, what its gates said, when it was in force. */
final class ModelTrace {

  private final Lake lake;
  private final String pipeline;
  private final String version;
  private final Optional<Map<String, Object>> row;
  private final Optional<Work> kept;
  private final Optional<Work> present;
  private String lost = "";

  ModelTrace(Lake lake, Console console, String pipeline, String version, Optional<Work> present) {
    this.lake = lake;
    this.pipeline = pipeline;
    this.version = version;
    this.present = present;
    this.row = rows("models").stream().filter(this::isOurs).findFirst();
    this.kept = kept(console);
  }

  private Optional<Work> kept(Console console) {
    try {
      return Optional.of(KeptSpec.work(lake, console, pipeline, version));
    } catch (DataException e) {
      lost = e.getMessage();
      return Optional.empty();
    }
  }

  /** The pipeline as the model's own spec has it; empty where its manifest is lost. */
  Optional<Work> kept() {
    return kept;
  }

  /** The run that trained it. */
  Optional<String> runId() {
    return row.map(found -> (String) found.get("run_id"));
  }

  private boolean isOurs(Map<String, Object> found) {
    return version.equals(found.get("model_version"));
  }

  private List<Map<String, Object>> rows(String table) {
    return lake.latest(table).map(found -> found.rows("pipeline", pipeline)).orElse(List.of());
  }

  /**
   * Model, gates and spec.
   *
   * @param date the date that it scored
   */
  List<Section> sections(LocalDate date) {
    List<Section> sections = new ArrayList<>();
    sections.add(model(date));
    gates().ifPresent(sections::add);
    spec().ifPresent(sections::add);
    return sections;
  }

  private Section model(LocalDate date) {
    Map<String, Object> facts = new LinkedHashMap<>();
    if (!lost.isEmpty()) {
      facts.put("lost", lost);
    }
    row.ifPresent(
        found -> {
          for (String name :
              List.of("date", "task", "algorithm", "rows_train", "trained_at", "code_version")) {
            facts.put(name, found.get(name));
          }
          facts.put(
              "learned from",
              "features/%s@%s, labels/%s@%s"
                  .formatted(
                      pipeline,
                      found.get("features_table_version"),
                      pipeline,
                      found.get("labels_table_version")));
          Optional<String> gone = Retention.lost(lake, found).map(why -> "lost: " + why);
          if (gone.isPresent() || lost.isEmpty()) {
            facts.put("horizon", gone.orElse("reproducible"));
          }
        });
    List<Map<String, Object>> promotions = rows("promotions");
    promotions.stream()
        .filter(promotion -> !((LocalDate) promotion.get("effective_from")).isAfter(date))
        .max(
            Comparator.comparing((Map<String, Object> p) -> (LocalDate) p.get("effective_from"))
                .thenComparing(p -> (Long) p.get("position")))
        .filter(promotion -> !isOurs(promotion))
        .ifPresent(
            promotion -> facts.put("in force at the date by now", promotion.get("model_version")));
    List<List<Object>> cells = new ArrayList<>();
    promotions.stream()
        .filter(this::isOurs)
        .sorted(Comparator.comparing(promotion -> (Long) promotion.get("position")))
        .forEach(
            promotion -> {
              List<Object> line = new ArrayList<>();
              List.of("effective_from", "kind", "reason", "promoted_at")
                  .forEach(name -> line.add(promotion.get(name)));
              cells.add(line);
            });
    return new Section(
        "model: " + version, facts, List.of("champion from", "by", "reason", "written"), cells);
  }

  /** What the gates said last. */
  private Optional<Section> gates() {
    List<Map<String, Object>> said = rows("gates").stream().filter(this::isOurs).toList();
    Map<String, Instant> ended = new LinkedHashMap<>();
    RunGraph runs = RunGraph.of(lake, pipeline);
    said.forEach(
        gate -> {
          String id = (String) gate.get("run_id");
          ended.put(id, runs.run(id).map(RunGraph.Run::ended).orElse(Instant.EPOCH));
        });
    Optional<String> last = ended.keySet().stream().max(Comparator.comparing(ended::get));
    List<List<Object>> cells = new ArrayList<>();
    for (Map<String, Object> gate : said) {
      if (last.equals(Optional.of(gate.get("run_id")))) {
        List<Object> line = new ArrayList<>();
        List.of("gate", "metric", "slice_value", "value", "against", "passed", "reason")
            .forEach(name -> line.add(gate.get(name)));
        cells.add(line);
      }
    }
    return cells.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "gates",
                Map.of(),
                List.of("gate", "metric", "slice", "value", "against", "passed", "reason"),
                cells));
  }

  /** The lines of the spec that have changed since. */
  private Optional<Section> spec() {
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("hash", kept.get().specHash());
    if (present.isEmpty()) {
      facts.put("now", "the conf folder has no spec of " + pipeline);
      return Optional.of(Section.of("spec of the model", facts));
    }
    facts.put("hash now", present.get().specHash());
    List<List<Object>> cells = new ArrayList<>();
    for (SpecLines.Line line : SpecLines.between(kept.get().spec(), present.get().spec())) {
      cells.add(List.of(line.key(), line.before().orElse(""), line.after().orElse("")));
    }
    if (cells.isEmpty()) {
      facts.put("changed since", "nothing");
    }
    return Optional.of(
        new Section("spec of the model", facts, List.of("changed key", "then", "now"), cells));
  }
}
