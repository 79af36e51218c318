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
    return stale;
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
      return Optional.of("features: " + history.changed(date, slice));
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
}
