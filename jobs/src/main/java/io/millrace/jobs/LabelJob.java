package io.millrace.jobs;

import io.millrace.Stage;
import io.millrace.jobs.console.StageLine;
import io.millrace.label.LabelBuilder;
import io.millrace.label.RawSlices;
import io.millrace.table.Attempts;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIds;
import io.millrace.table.RunRow;
import io.millrace.table.SlicePublisher;
import io.millrace.table.SlicePublisher.Published;
import io.millrace.table.SliceState;
import io.millrace.table.TableDefinition;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Brings the labels of all ingests up to a date into the labels table. */
final class LabelJob {

  private final Work work;
  private final LocalDate date;

  LabelJob(Work work, LocalDate date) {
    this.work = work;
    this.date = date;
  }

  Outcome run() {
    try (StageLine line = work.begin(Stage.LABEL, date)) {
      Optional<Published> published = Attempts.run("labels/" + work.name(), this::label);
      if (published.isEmpty()) {
        line.alreadyDone();
        return Outcome.ALREADY_DONE;
      }
      work.record(published.get().runs());
      line.done("labels/%s: %,d labels".formatted(work.name(), published.get().rows()));
      return Outcome.DONE;
    }
  }

  /** The run id of the labels of one day of ingest. */
  static String runId(Work work, PinnedTable raw, LocalDate knownAt) {
    return RunIds.of(
        Stage.LABEL,
        SpecKeys.label(work.spec()),
        knownAt,
        "",
        RawSlices.ingestedOn(raw, knownAt).runIds());
  }

  /**
   * Labels of a day of ingest that are missing or stale.
   *
   * @param held what there is of them
   */
  record Stale(LocalDate knownAt, String runId, RawSlices read, SliceState held) {}

  /** What of the days of ingest up to a date has to be labelled, oldest first. */
  static List<Stale> stale(
      Work work, PinnedTable raw, Optional<PinnedTable> labels, LocalDate date) {
    Map<String, SliceState> slices =
        labels.map(table -> table.slices(LabelBuilder.KNOWN_AT)).orElse(Map.of());
    List<Stale> stale = new ArrayList<>();
    for (LocalDate knownAt : RawSlices.ingestDates(raw, date)) {
      String runId = runId(work, raw, knownAt);
      SliceState slice =
          slices.getOrDefault(knownAt.toString(), SliceState.empty(knownAt.toString()));
      if (labels.isEmpty() || !labels.get().holds(slice, runId)) {
        stale.add(new Stale(knownAt, runId, RawSlices.ingestedOn(raw, knownAt), slice));
      }
    }
    return stale;
  }

  private Optional<Published> label() {
    Optional<PinnedTable> source = work.findRaw(LabelBuilder.source(work.spec()));
    if (source.isEmpty()) {
      return Optional.empty();
    }
    PinnedTable raw = source.get();
    Optional<PinnedTable> labels = work.lake().latest("labels/" + work.name());
    Map<LocalDate, String> stale = new TreeMap<>();
    List<SliceState> held = new ArrayList<>();
    List<RunRow> runs = new ArrayList<>();
    for (Stale one : stale(work, raw, labels, date)) {
      work.requireValidated(one.read().runIds(), one.knownAt());
      stale.put(one.knownAt(), one.runId());
      held.add(one.held());
      runs.add(
          work.run(Stage.LABEL, one.knownAt(), one.runId(), raw.versions(), one.read().rows()));
    }
    if (stale.isEmpty()) {
      return Optional.empty();
    }
    TableDefinition definition = LabelBuilder.definition(work.spec(), raw.schema());
    return Optional.of(
        SlicePublisher.replace(
            work.lake(), definition, LabelBuilder.build(work.spec(), raw, stale), held, runs));
  }
}
