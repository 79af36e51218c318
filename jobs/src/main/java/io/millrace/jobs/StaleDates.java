package io.millrace.jobs;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.features.FeatureReach;
import io.millrace.features.FeatureSources;
import io.millrace.table.FileLedger;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunLog;
import io.millrace.table.SliceState;
import io.millrace.table.SourceFileEntry;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Dates whose features or predictions would come out otherwise now, and what has changed since they
 * were made. Found from logs and small tables alone; a date that was never made isn't stale.
 */
final class StaleDates {

  private static final int MOST_FILES = 3;

  private final Work work;
  private final FeatureSources seen;
  private final PinnedTable features;
  private final Map<String, Map<String, Long>> inputs = new HashMap<>();
  private final Map<String, SourceFileEntry> files = new HashMap<>();
  private final Map<String, PinnedTable> pins = new HashMap<>();

  private StaleDates(Work work, PinnedTable features) {
    this.work = work;
    this.features = features;
    this.seen = FeatureSources.pin(work.spec(), work::raw);
    for (Map<String, Object> run : new RunLog(work.lake()).rows(work.name())) {
      Map<String, Long> versions = new TreeMap<>();
      for (Object input : (List<?>) run.get("inputs")) {
        Map<?, ?> told = (Map<?, ?>) input;
        versions.put((String) told.get("table"), (Long) told.get("version"));
      }
      inputs.put((String) run.get("run_id"), versions);
    }
    for (String source : work.spec().sources().keySet()) {
      work.lake()
          .latest("raw/" + source)
          .ifPresent(
              raw ->
                  new FileLedger(work.lake(), source)
                      .entries(raw)
                      .values()
                      .forEach(file -> files.put(file.runId(), file)));
    }
  }

  /** The stale dates of a range, oldest first, each with its reason. */
  static Map<LocalDate, String> of(Work work, LocalDate from, LocalDate to) {
    Optional<PinnedTable> features = work.lake().latest("features/" + work.name());
    return features.map(table -> new StaleDates(work, table).find(from, to)).orElse(Map.of());
  }

  private Map<LocalDate, String> find(LocalDate from, LocalDate to) {
    Map<LocalDate, String> stale = new LinkedHashMap<>();
    Set<LocalDate> others =
        FeaturesJob.datesOfOtherSpecs(features, SpecKeys.featuresVersion(work.spec()));
    features
        .slices("date")
        .forEach(
            (key, slice) -> {
              LocalDate date = LocalDate.parse(key);
              if (!date.isBefore(from) && !date.isAfter(to)) {
                why(date, slice, others.contains(date)).ifPresent(why -> stale.put(date, why));
              }
            });
    return stale;
  }

  private Optional<String> why(LocalDate date, SliceState slice, boolean ofOtherSpec) {
    if (ofOtherSpec) {
      return Optional.of("features: the spec of the features was edited");
    }
    Optional<FeatureReach> reach = FeatureReach.of(seen, date);
    if (reach.isEmpty()) {
      return Optional.empty();
    }
    if (!features.holds(slice, FeaturesJob.runId(work, date, reach.get()))) {
      return Optional.of("features: " + changed(date, slice));
    }
    return work.spec().train().isPresent() ? predictions(date) : Optional.empty();
  }

  /** Why released predictions aren't those that would be made now. */
  private Optional<String> predictions(LocalDate date) {
    boolean released =
        work.lake()
            .latest("predictions/" + work.name())
            .map(table -> !table.slice("date", date.toString()).runIds().isEmpty())
            .orElse(false);
    if (!released || new Champions(work).at(date).isEmpty()) {
      return Optional.empty();
    }
    return ScoreJob.plan(work, date)
        .filter(plan -> !ScoreJob.isReleased(work, date, plan.runId()))
        .map(plan -> "predictions: made of other features, or not by model " + plan.champion());
  }

  /** What the features of a date read now and didn't then, or the other way round. */
  private String changed(LocalDate date, SliceState slice) {
    Set<String> now = runs(date, this::newest);
    Set<String> then = new TreeSet<>();
    for (String runId : slice.runIds()) {
      Map<String, Long> versions = inputs.getOrDefault(runId, Map.of());
      try {
        then.addAll(
            runs(
                date,
                source ->
                    Optional.ofNullable(versions.get("raw/" + source))
                        .map(version -> pinned("raw/" + source, version))
                        .orElseGet(() -> newest(source))));
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

  private PinnedTable pinned(String table, long version) {
    return pins.computeIfAbsent(table + "@" + version, key -> work.lake().at(table, version));
  }

  private PinnedTable newest(String source) {
    return work.lake().latest("raw/" + source).orElseThrow();
  }

  private Set<String> runs(LocalDate date, Function<String, PinnedTable> pin) {
    return FeatureReach.of(FeatureSources.pin(work.spec(), pin), date)
        .map(FeatureReach::runIds)
        .orElse(Set.of());
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
