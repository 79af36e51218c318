package io.millrace.jobs;

import io.millrace.features.FeatureReach;
import io.millrace.features.FeatureSources;
import io.millrace.table.PinnedTable;
import io.millrace.table.SliceState;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Dates whose features or predictions would come out otherwise now, and what has changed since they
 * were made; and dates whose events all came in after later dates were made. Found from logs and
 * small tables alone.
 */
final class StaleDates {

  private final Work work;
  private final FeatureSources seen;
  private final PinnedTable features;
  private final FeatureHistory history;

  private StaleDates(Work work, PinnedTable features) {
    this.work = work;
    this.features = features;
    this.seen = FeatureSources.pin(work.spec(), work::raw);
    this.history = new FeatureHistory(work);
  }

  /** The stale dates of a range, oldest first, each with its reason. */
  static Map<LocalDate, String> of(Work work, LocalDate from, LocalDate to) {
    Optional<PinnedTable> features = work.lake().latest("features/" + work.name());
    return features.map(table -> new StaleDates(work, table).find(from, to)).orElse(Map.of());
  }

  private Map<LocalDate, String> find(LocalDate from, LocalDate to) {
    Map<LocalDate, String> stale = new TreeMap<>();
    Set<LocalDate> others =
        FeaturesJob.datesOfOtherSpecs(features, SpecKeys.featuresVersion(work.spec()));
    TreeMap<LocalDate, SliceState> made = new TreeMap<>();
    features.slices("date").forEach((key, slice) -> made.put(LocalDate.parse(key), slice));
    Predicate<LocalDate> asked = date -> !date.isBefore(from) && !date.isAfter(to);
    made.forEach(
        (date, slice) -> {
          if (asked.test(date)) {
            why(date, slice, others.contains(date)).ifPresent(why -> stale.put(date, why));
          }
        });
    history
        .late(made)
        .forEach(
            (date, why) -> {
              if (asked.test(date) && !isMadeEmpty(date)) {
                stale.put(date, "features: never made; " + why);
              }
            });
    Map<LocalDate, Set<String>> empty = empty();
    empty.keySet().removeAll(made.keySet());
    empty.forEach(
        (date, runs) -> {
          if (asked.test(date)) {
            whyEmpty(date, runs).ifPresent(why -> stale.put(date, why));
          }
        });
    return stale;
  }

  /**
   * Dates whose features a run made empty, with that run; and those that only have predictions,
   * which a backfill that was killed may have left of features of before.
   */
  private Map<LocalDate, Set<String>> empty() {
    Map<LocalDate, Set<String>> empty = new TreeMap<>();
    features.emptied().forEach((key, run) -> empty.put(LocalDate.parse(key), Set.of(run)));
    work.lake().latest("predictions/" + work.name()).stream()
        .flatMap(table -> table.slices("date").keySet().stream())
        .forEach(key -> empty.putIfAbsent(LocalDate.parse(key), Set.of()));
    return empty;
  }

  private Optional<String> whyEmpty(LocalDate date, Set<String> runs) {
    SliceState slice = SliceState.empty(date.toString());
    Optional<FeatureReach> reach = FeatureReach.of(seen, date);
    if (reach.isEmpty()) {
      return Optional.empty();
    }
    return FeaturesJob.isStale(work, Optional.of(features), slice, date, reach.get())
        ? Optional.of("features: " + history.changed(date, runs))
        : predictions(date);
  }

  /** Whether the features of a date were made of its present rows, none of which counts. */
  private boolean isMadeEmpty(LocalDate date) {
    return FeatureReach.of(seen, date)
        .map(
            reach ->
                reach.population().rows() == 0
                    || features.holds(
                        SliceState.empty(date.toString()), FeaturesJob.runId(work, date, reach)))
        .orElse(true);
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
      return Optional.of("features: " + history.changed(date, slice.runIds()));
    }
    return predictions(date);
  }

  /** Why released predictions aren't those that would be made now. */
  private Optional<String> predictions(LocalDate date) {
    boolean released = ScoreJob.hasPredictions(work, date);
    if (work.spec().train().isEmpty() || !released || new Champions(work).at(date).isEmpty()) {
      return Optional.empty();
    }
    return ScoreJob.plan(work, date)
        .filter(plan -> !ScoreJob.isReleased(work, date, plan.runId()))
        .map(plan -> "predictions: made of other features, or not by model " + plan.champion());
  }
}
