package io.millrace.jobs;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.Stage;
import io.millrace.config.CheckSpec;
import io.millrace.jobs.RunGraph.Run;
import io.millrace.jobs.Validated.Looked;
import io.millrace.jobs.Validated.RawSlice;
import io.millrace.label.LabelBuilder;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;

/**
 * Which features, labels, models and predictions of one pipeline some slices of a source reached:
 * the recorded runs, followed from what they read to who read them. From logs and small tables.
 */
final class ForwardTrace {

  private final Lake lake;
  private final String pipeline;
  private final List<Work> specs;
  private final String source;
  private final Set<String> slices;
  private final Optional<Column> row;
  private final RunGraph runs;
  private final ReadSlices.Opened opened;
  private final Map<String, Reading> features = new LinkedHashMap<>();
  private final Map<String, LocalDate> labels = new LinkedHashMap<>();
  private final Map<String, Trained> models = new LinkedHashMap<>();
  private final Map<String, Scored> scored = new LinkedHashMap<>();
  private final Set<String> unsure = new TreeSet<>();

  /**
   * A run of features that read the slices.
   *
   * @param read what it read; absent where that can't be told, so that it counts as reached
   * @param whole whether all rows of the date may be concerned: a file was asked about, or a check
   *     passed something on
   * @param entities whose rows are concerned, where not all may be
   */
  record Reading(Run run, Optional<ReadSlices> read, boolean whole, Set<String> entities) {

    Reading {
      entities = Set.copyOf(entities);
    }
  }

  /**
   * A model that was trained on such features or labels.
   *
   * @param dates whose features it learned from
   * @param labels dates at which such labels became known
   */
  record Trained(String version, LocalDate date, Set<LocalDate> dates, Set<LocalDate> labels) {}

  /**
   * A score run of such features, or by such a model.
   *
   * @param features the run of these features; empty where only the model is concerned
   * @param model whether the model is concerned
   */
  record Scored(Run run, String version, Optional<String> features, boolean model) {}

  /**
   * @param specs the pipeline's present spec and those that its models keep
   * @param slices runs that brought the rows
   * @param row true of some of their rows; absent for all
   */
  ForwardTrace(
      Lake lake,
      String pipeline,
      List<Work> specs,
      String source,
      Set<String> slices,
      Optional<Column> row,
      ReadSlices.Opened opened) {
    this.lake = lake;
    this.pipeline = pipeline;
    this.specs = specs;
    this.source = source;
    this.slices = slices;
    this.row = row;
    this.opened = opened;
    this.runs = RunGraph.of(lake, pipeline);
  }

  /** Follows the slices; a check against a model's training may lead back to features. */
  ForwardTrace follow() {
    boolean back =
        specs.stream()
            .flatMap(work -> work.spec().validate().values().stream().flatMap(List::stream))
            .anyMatch(CheckSpec.LikeTraining.class::isInstance);
    int known = -1;
    while (known < models.size()) {
      known = back ? models.size() : Integer.MAX_VALUE;
      runs.of(Stage.FEATURES).forEach(this::features);
      row.ifPresent(asked -> RowsReached.narrow(features, source, asked));
      runs.of(Stage.LABEL).forEach(this::labels);
      lake.latest(ResultTables.models().name())
          .map(table -> table.rows("pipeline", pipeline))
          .orElse(List.of())
          .forEach(this::model);
    }
    runs.of(Stage.SCORE).forEach(this::scored);
    return this;
  }

  Map<String, Reading> features() {
    return features;
  }

  /** Runs of labels, and the date at which each became known. */
  Map<String, LocalDate> labels() {
    return labels;
  }

  Map<String, Trained> models() {
    return models;
  }

  List<Scored> scored() {
    return List.copyOf(scored.values());
  }

  /** What can't be followed any more, in words. */
  Set<String> unsure() {
    return unsure;
  }

  private void features(Run run) {
    try {
      Optional<ReadSlices> proven =
          specs.stream()
              .flatMap(work -> ReadSlices.of(opened, work, run).stream())
              .filter(ReadSlices::proven)
              .findFirst();
      if (proven.isEmpty()) {
        if (mayHaveRead(run)) {
          unsure.add("features of " + run.date() + ": no spec that is kept tells what they read");
          features.put(run.id(), new Reading(run, Optional.empty(), true, Set.of()));
        }
        return;
      }
      ReadSlices read = proven.get();
      boolean whole = read.checked().values().stream().anyMatch(c -> passedOn(c, read));
      Validated own = read.checked().get(source);
      if (whole || own != null && reads(own, read)) {
        features.put(run.id(), new Reading(run, proven, whole || row.isEmpty(), Set.of()));
      }
    } catch (KernelException e) {
      unsure.add("features of " + run.date() + ": " + run.read() + ": a log is gone");
      features.put(run.id(), new Reading(run, Optional.empty(), true, Set.of()));
    }
  }

  /** Whether the raw table that a run read held the slices at all. */
  private boolean mayHaveRead(Run run) {
    Long version = run.inputs().get("raw/" + source);
    return version != null
        && opened.at("raw/" + source, version).files().stream()
            .anyMatch(file -> file.runIds().stream().anyMatch(slices::contains));
  }

  private boolean reads(Validated own, ReadSlices read) {
    return own.upTo(LocalDate.MAX).stream()
        .filter(slice -> slices.contains(slice.runId()))
        .anyMatch(slice -> isRead(own, slice, read.reach().runIds()));
  }

  private static boolean isRead(Validated checked, RawSlice slice, Set<String> read) {
    return read.contains(slice.runId()) || read.contains(checked.id(slice));
  }

  /** Whether a slice that was read was judged by looking at the slices, or at such a model. */
  private boolean passedOn(Validated checked, ReadSlices read) {
    return checked.judges()
        && checked.upTo(LocalDate.MAX).stream()
            .filter(slice -> isRead(checked, slice, read.reach().runIds()))
            .anyMatch(slice -> looksAtThem(checked, slice));
  }

  private boolean looksAtThem(Validated checked, RawSlice slice) {
    Looked looked = checked.looked(slice);
    return models.containsKey(looked.model())
        || looked.runIds().stream()
            .anyMatch(id -> !id.equals(slice.runId()) && slices.contains(id));
  }

  private void labels(Run run) {
    boolean told = false;
    try {
      for (Work work : specs) {
        if (work.spec().label().isPresent()) {
          told |= labels(run, work);
        }
      }
      if (!told && mayHaveRead(run)) {
        unsure.add("labels of " + run.date() + ": no spec that is kept tells what they read");
        labels.put(run.id(), run.date());
      }
    } catch (KernelException e) {
      unsure.add("labels of " + run.date() + ": " + run.read() + ": a log is gone");
      labels.put(run.id(), run.date());
    }
  }

  /** Whether a spec tells what a run of labels read. */
  private boolean labels(Run run, Work work) {
    String from = LabelBuilder.source(work.spec());
    Long version = run.inputs().get("raw/" + from);
    if (version == null) {
      return false;
    }
    PinnedTable view = opened.view(work, from, version);
    if (!LabelJob.runId(work, view, run.date()).equals(run.id())) {
      return false;
    }
    Validated checked = opened.checked(work, from, version);
    boolean theirs =
        checked.upTo(run.date()).stream()
            .filter(slice -> slice.ingested().equals(run.date()))
            .anyMatch(
                slice ->
                    from.equals(source) && slices.contains(slice.runId()) && holds(view)
                        || checked.judges() && looksAtThem(checked, slice));
    if (theirs) {
      labels.put(run.id(), run.date());
    }
    return true;
  }

  /** Whether the row, where one is asked about, is in what the checks left. */
  private boolean holds(PinnedTable view) {
    return row.isEmpty() || !view.read().where(row.get()).isEmpty();
  }

  private void model(Map<String, Object> row) {
    String version = (String) row.get("model_version");
    try {
      PinnedTable learned =
          opened.at("features/" + pipeline, (Long) row.get("features_table_version"));
      PinnedTable told = opened.at("labels/" + pipeline, (Long) row.get("labels_table_version"));
      LocalDate date = (LocalDate) row.get("date");
      Set<LocalDate> dates = new TreeSet<>();
      for (LocalDate day : learnedFrom(row)) {
        if (learned.slice("date", day.toString()).runIds().stream()
            .anyMatch(features::containsKey)) {
          dates.add(day);
        }
      }
      Set<LocalDate> known = new TreeSet<>();
      told.slices(LabelBuilder.KNOWN_AT)
          .forEach(
              (day, slice) -> {
                boolean inTime = !LocalDate.parse(day).isAfter(date);
                if (inTime && slice.runIds().stream().anyMatch(labels::containsKey)) {
                  known.add(LocalDate.parse(day));
                }
              });
      if (!dates.isEmpty() || !known.isEmpty()) {
        models.put(version, new Trained(version, date, dates, known));
      }
    } catch (KernelException e) {
      unsure.add("model " + version + ": what it learned from can't be opened any more");
    }
  }

  /** The dates that a model learned from: by its own spec, or all up to its date. */
  private List<LocalDate> learnedFrom(Map<String, Object> row) {
    String version = (String) row.get("model_version");
    for (Work work : specs) {
      try {
        TrainingInputs inputs = TrainingInputs.of(work, row);
        if (inputs.version().equals(version)) {
          return inputs.dates();
        }
      } catch (io.millrace.MillraceException e) {
        // Another spec's features: not the one that this model was trained with.
        continue;
      }
    }
    return opened
        .at("features/" + pipeline, (Long) row.get("features_table_version"))
        .slices("date")
        .keySet()
        .stream()
        .map(LocalDate::parse)
        .filter(day -> !day.isAfter((LocalDate) row.get("date")))
        .toList();
  }

  private void scored(Run run) {
    String table = "features/" + pipeline;
    String version = "";
    Optional<String> read = Optional.empty();
    for (Map.Entry<String, Long> input : run.inputs().entrySet()) {
      if (input.getKey().startsWith("models/")) {
        version = input.getKey().substring(input.getKey().lastIndexOf('/') + 1);
      } else if (input.getKey().equals(table)) {
        read = ofFeatures(run, input.getValue());
      }
    }
    boolean model = models.containsKey(version);
    if (model || read.isPresent()) {
      scored.put(run.id(), new Scored(run, version, read, model));
    }
  }

  private Optional<String> ofFeatures(Run run, long version) {
    try {
      return opened
          .at("features/" + pipeline, version)
          .slices("date")
          .getOrDefault(
              run.date().toString(), io.millrace.table.SliceState.empty(run.date().toString()))
          .runIds()
          .stream()
          .filter(features::containsKey)
          .findFirst();
    } catch (KernelException e) {
      unsure.add("predictions of " + run.date() + ": " + run.read() + ": a log is gone");
      return Optional.empty();
    }
  }
}
