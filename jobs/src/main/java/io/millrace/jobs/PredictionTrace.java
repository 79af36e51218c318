package io.millrace.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.jobs.RunGraph.Run;
import io.millrace.jobs.cli.Traced;
import io.millrace.jobs.console.Console;
import io.millrace.label.LabelBuilder;
import io.millrace.report.Section;
import io.millrace.table.Columns;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a released prediction comes from: release, model, features, rows, files, checks. */
final class PredictionTrace {

  private static final int MOST_DATES = 5;

  private final Lake lake;
  private final Console console;
  private final String pipeline;
  private final Optional<Work> present;
  private final Traced asked;
  private final RunGraph runs;

  /**
   * @param present the pipeline as its spec is now, where there is one
   */
  PredictionTrace(Lake lake, Console console, Optional<Work> present, Traced asked) {
    this.lake = lake;
    this.console = console;
    this.pipeline = present.map(Work::name).orElse(asked.pipeline().orElseThrow());
    this.present = present;
    this.asked = asked;
    this.runs = RunGraph.of(lake, pipeline);
  }

  /**
   * All there is to tell.
   *
   * @throws SpecException where there is no such prediction
   */
  List<Section> sections() {
    PinnedTable predictions =
        lake.latest("predictions/" + pipeline).orElseThrow(this::noPredictions);
    EntityKey key = EntityKey.of(pipeline, predictions.schema(), asked.key());
    LocalDate told = asked.date().orElseThrow();
    LocalDate date = present.map(work -> work.spec().every().start(told)).orElse(told);
    Map<String, Object> row = prediction(predictions, key, date);
    String version = (String) row.get("model_version");
    Optional<Run> score = runs.run((String) row.get("score_run_id"));
    ModelTrace model = new ModelTrace(lake, console, pipeline, version, present);
    RowTrace rows = new RowTrace(lake, runs, model.kept(), present, score, key, date, asked.rows());
    List<Section> sections = new ArrayList<>();
    sections.add(
        Section.of("prediction: " + predictions.name() + "@" + predictions.version(), row));
    sections.add(release(row, date));
    sections.addAll(model.sections(date));
    List<Section> found = rows.sections();
    sections.add(steps(row, rows, model));
    sections.addAll(found);
    labels(key).ifPresent(sections::add);
    return sections;
  }

  private SpecException noPredictions() {
    List<String> known =
        lake.tables().stream()
            .filter(name -> name.startsWith("predictions/"))
            .map(name -> name.substring(name.indexOf('/') + 1))
            .toList();
    return new SpecException(
        pipeline
            + ": nothing has been released yet; "
            + Nearest.mend(pipeline, known, "pipelines with predictions"));
  }

  private Map<String, Object> prediction(PinnedTable table, EntityKey key, LocalDate date) {
    List<Map<String, Object>> found =
        Shown.first(table.read().where(col("date").equalTo(lit(date))).where(key.is()), 1);
    if (!found.isEmpty()) {
      return found.get(0);
    }
    List<String> others =
        table
            .read()
            .where(key.is())
            .select("date")
            .distinct()
            .orderBy(col("date").desc())
            .limit(MOST_DATES)
            .collectAsList()
            .stream()
            .map(row -> row.get(0).toString())
            .toList();
    throw new SpecException(
        "%s: no prediction of %s at %s; %s"
            .formatted(
                table.name(),
                key,
                date,
                others.isEmpty()
                    ? "there is none at any date, so look at the key"
                    : "there are some at " + String.join(", ", others)));
  }

  /** Who let it out: monitor or a person. */
  private Section release(Map<String, Object> row, LocalDate date) {
    List<Map<String, Object>> releases =
        rows(ResultTables.releases().name()).stream()
            .filter(release -> date.equals(release.get("date")))
            .sorted(Comparator.comparing(release -> (Instant) release.get("released_at")))
            .toList();
    Map<String, Object> facts = new LinkedHashMap<>();
    releases.stream()
        .filter(release -> release.get("run_id").equals(row.get("run_id")))
        .findFirst()
        .ifPresent(
            release -> {
              facts.put("released_at", release.get("released_at"));
              facts.put("override", release.get("override"));
            });
    rows(ResultTables.verdicts().name()).stream()
        .filter(verdict -> verdict.get("score_run_id").equals(row.get("score_run_id")))
        .max(Comparator.comparing(verdict -> (Instant) verdict.get("judged_at")))
        .ifPresentOrElse(
            verdict -> {
              facts.put("monitor", (Boolean) verdict.get("release") ? "release" : "hold");
              facts.put("retrain", verdict.get("retrain"));
              facts.put("reasons", verdict.get("reasons"));
            },
            () -> facts.put("monitor", "no verdict is kept"));
    List<List<Object>> cells = new ArrayList<>();
    for (Map<String, Object> release : releases) {
      List<Object> line = new ArrayList<>();
      for (String name : List.of("released_at", "model_version", "rows", "override", "run_id")) {
        line.add(release.get(name));
      }
      cells.add(line);
    }
    return new Section(
        "release",
        facts,
        List.of("releases of the date", "model", "rows", "override", "run"),
        cells);
  }

  private List<Map<String, Object>> rows(String table) {
    return lake.latest(table).map(found -> found.rows("pipeline", pipeline)).orElse(List.of());
  }

  /** The runs that led to the prediction, the last first. */
  private Section steps(Map<String, Object> row, RowTrace rows, ModelTrace model) {
    List<List<Object>> cells = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    ids.add((String) row.get("run_id"));
    ids.add((String) row.get("score_run_id"));
    rows.featuresRun().ifPresent(ids::add);
    model.runId().ifPresent(ids::add);
    List<String> unknown = new ArrayList<>();
    for (String id : ids) {
      Optional<Run> run = runs.run(id);
      run.ifPresentOrElse(
          found ->
              cells.add(
                  List.of(
                      found.stage(),
                      found.date(),
                      id,
                      found.ended(),
                      found.text("code_version"),
                      found.text("spec_hash"),
                      found.read())),
          () -> unknown.add(id));
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    if (!unknown.isEmpty()) {
      facts.put("not in the index of runs", String.join(", ", unknown));
    }
    return new Section(
        "runs", facts, List.of("stage", "date", "run", "ended", "build", "spec", "read"), cells);
  }

  /** What came true, as far as it is known by now. */
  private Optional<Section> labels(EntityKey key) {
    return lake.latest("labels/" + pipeline)
        .map(
            table -> {
              List<Map<String, Object>> found =
                  Shown.first(
                      table
                          .read()
                          .where(key.is())
                          .orderBy(Columns.named(LabelBuilder.KNOWN_AT))
                          .select(LabelBuilder.KNOWN_AT, LabelBuilder.TEXT, "run_id"),
                      MOST_DATES);
              return new Section(
                  "label: labels/" + pipeline + "@" + table.version(),
                  found.isEmpty() ? Map.of("known", "not yet") : Map.of(),
                  List.of("known at", "label", "run"),
                  found.stream().map(row -> List.copyOf(row.values())).toList());
            });
  }
}
