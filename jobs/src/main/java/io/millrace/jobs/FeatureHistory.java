package io.millrace.jobs;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.features.FeatureReach;
import io.millrace.features.FeatureSources;
import io.millrace.label.RawSlices;
import io.millrace.table.FileLedger;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunLog;
import io.millrace.table.SliceState;
import io.millrace.table.SourceFileEntry;
import io.millrace.table.TableVersion;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What slices were made of, by the runs that made them, and what has changed since. */
final class FeatureHistory {

  private static final int MOST_FILES = 3;

  private final Work work;
  private final Map<String, SourceFileEntry> files = new HashMap<>();
  private final Map<String, PinnedTable> pins = new HashMap<>();
  private Map<String, List<TableVersion>> inputs;

  FeatureHistory(Work work) {
    this.work = work;
  }

  /** The tables that runs read, at their versions; nothing of runs that the index lacks. */
  List<TableVersion> madeOf(Set<String> runIds) {
    TreeMap<String, TableVersion> versions = new TreeMap<>();
    for (String runId : runIds) {
      inputs()
          .getOrDefault(runId, List.of())
          .forEach(input -> versions.put(input.table() + "@" + input.version(), input));
    }
    return List.copyOf(versions.values());
  }

  /**
   * What the features of a date read now and didn't when they were made, or the other way.
   *
   * @param made the runs that made them
   */
  String changed(LocalDate date, Set<String> made) {
    Set<String> now = runs(date, this::newest);
    Set<String> then = new TreeSet<>();
    for (String runId : made) {
      Map<String, Long> versions = new HashMap<>();
      inputs()
          .getOrDefault(runId, List.of())
          .forEach(input -> versions.put(input.table(), input.version()));
      try {
        then.addAll(runs(date, source -> asOf(source, versions)));
      } catch (KernelException e) {
        return "what they were made of can't be opened any more";
      }
    }
    Set<String> come = new TreeSet<>(now);
    come.removeAll(then);
    Set<String> gone = new TreeSet<>(then);
    gone.removeAll(now);
    List<String> told = new ArrayList<>();
    if (!come.isEmpty()) {
      told.add(named(come) + " came in");
    }
    if (!gone.isEmpty()) {
      told.add(gone.size() + (gone.size() == 1 ? " slice was" : " slices were") + " replaced");
    }
    return told.isEmpty()
        ? "the checks of a source, rows that were refused, or this build's features have changed"
        : String.join("; ", told);
  }

  /**
   * Dates without features though there are events of them now, where a later date was made when
   * there were none: whoever made all dates then could not make these. A date that could have been
   * made and wasn't is nobody's wish, and isn't told.
   *
   * @param made the slices of features by date
   * @return what has come in since, by date
   */
  Map<LocalDate, String> late(NavigableMap<LocalDate, SliceState> made) {
    Map<LocalDate, String> late = new TreeMap<>();
    if (made.isEmpty() || work.spec().population().per() != Per.EVENT) {
      return late;
    }
    NavigableMap<LocalDate, Long> oldest = oldestVersions(made);
    Map<Long, Set<LocalDate>> seen = new HashMap<>();
    for (LocalDate date : eventDates(newest(population()), made.lastKey())) {
      if (!made.containsKey(date)
          && date.isAfter(made.firstKey())
          && !seen.computeIfAbsent(oldest.ceilingEntry(date).getValue(), this::seenAt)
              .contains(date)) {
        late.put(
            date,
            named(
                    FeatureReach.of(FeatureSources.pin(work.spec(), this::newest), date)
                        .map(reach -> reach.population().runIds())
                        .orElse(Set.of()))
                + " came in");
      }
    }
    return late;
  }

  /**
   * For each date that was made the oldest version of the population's table of which it or a later
   * one was made; -1 where that isn't known. Events are only added, but by an erasure, so what that
   * version has the others have too.
   */
  private NavigableMap<LocalDate, Long> oldestVersions(NavigableMap<LocalDate, SliceState> made) {
    NavigableMap<LocalDate, Long> oldest = new TreeMap<>();
    long least = Long.MAX_VALUE;
    for (var slice : made.descendingMap().entrySet()) {
      for (TableVersion input : madeOf(slice.getValue().runIds())) {
        if (input.table().equals("raw/" + population())) {
          least = Math.min(least, input.version());
        }
      }
      oldest.put(slice.getKey(), least == Long.MAX_VALUE ? -1 : least);
    }
    return oldest;
  }

  /** Dates of events at a version; all that there are where it can't be opened any more. */
  private Set<LocalDate> seenAt(long version) {
    PinnedTable now = newest(population());
    try {
      return eventDates(
          version < 0 ? now : work.lake().at("raw/" + population(), version), LocalDate.MAX);
    } catch (KernelException e) {
      return eventDates(now, LocalDate.MAX);
    }
  }

  private Set<LocalDate> eventDates(PinnedTable raw, LocalDate last) {
    return new TreeSet<>(RawSlices.eventDates(raw, work.spec().every(), last));
  }

  private String population() {
    return work.spec().population().source();
  }

  private PinnedTable asOf(String source, Map<String, Long> versions) {
    String table = "raw/" + source;
    Long version = versions.get(table);
    return version == null
        ? newest(source)
        : pins.computeIfAbsent(table + "@" + version, key -> work.lake().at(table, version));
  }

  private PinnedTable newest(String source) {
    return work.lake().latest("raw/" + source).orElseThrow();
  }

  private Set<String> runs(LocalDate date, Function<String, PinnedTable> pin) {
    return FeatureReach.of(FeatureSources.pin(work.spec(), pin), date)
        .map(FeatureReach::runIds)
        .orElse(Set.of());
  }

  private Map<String, List<TableVersion>> inputs() {
    if (inputs == null) {
      inputs = new HashMap<>();
      for (Map<String, Object> run : new RunLog(work.lake()).rows(work.name())) {
        List<TableVersion> read = new ArrayList<>();
        for (Object input : (List<?>) run.get("inputs")) {
          Map<?, ?> told = (Map<?, ?>) input;
          read.add(new TableVersion((String) told.get("table"), (Long) told.get("version")));
        }
        inputs.put((String) run.get("run_id"), read);
      }
      work.spec().sources().keySet().forEach(this::addFiles);
    }
    return inputs;
  }

  private void addFiles(String source) {
    work.lake()
        .latest("raw/" + source)
        .map(raw -> new FileLedger(work.lake(), source).seen(raw))
        .ifPresent(entries -> entries.values().forEach(file -> files.put(file.runId(), file)));
  }

  private String named(Set<String> runIds) {
    List<String> names =
        runIds.stream()
            .map(
                runId ->
                    Optional.ofNullable(files.get(runId))
                        .map(file -> file.source() + ": " + file.name())
                        .orElse("run " + runId.substring(0, 12)))
            .sorted()
            .toList();
    String first = String.join(", ", names.subList(0, Math.min(MOST_FILES, names.size())));
    return names.size() > MOST_FILES
        ? first + " and " + (names.size() - MOST_FILES) + " more"
        : first;
  }
}
