package io.millrace.jobs;

import io.millrace.StoppedException;
import io.millrace.features.FeatureSources;
import io.millrace.jobs.Validated.RawSlice;
import io.millrace.label.LabelBuilder;
import io.millrace.table.PinnedTable;
import io.millrace.table.SliceState;
import io.millrace.table.TableVersion;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The lake of one pipeline as it will be, step by step, when a plan is done. */
final class LakeAhead {

  private final Work work;
  private final Map<String, SourceAhead> sources = new TreeMap<>();
  private final FeatureHistory history;
  private final Optional<PinnedTable> labels;
  private final Map<String, SliceState> labelSlices;
  private final Set<LocalDate> labelled = new HashSet<>();
  private final Optional<PinnedTable> features;
  private final Map<String, SliceState> featureSlices;
  private final TreeMap<LocalDate, SliceAhead> featuresAhead = new TreeMap<>();

  LakeAhead(Work work, SeenFiles seen) {
    this.work = work;
    work.spec()
        .sources()
        .keySet()
        .forEach(name -> sources.put(name, new SourceAhead(work, name, seen)));
    this.history = new FeatureHistory(work);
    this.labels = work.lake().latest("labels/" + work.name());
    this.labelSlices = labels.map(t -> t.slices(LabelBuilder.KNOWN_AT)).orElse(Map.of());
    this.features = work.lake().latest("features/" + work.name());
    this.featureSlices = features.map(table -> table.slices("date")).orElse(Map.of());
    featureSlices.forEach(
        (key, slice) -> featuresAhead.put(LocalDate.parse(key), SliceAhead.known(slice.runIds())));
  }

  /** The sources, in the order in which stages go through them. */
  Collection<SourceAhead> sources() {
    return sources.values();
  }

  SourceAhead source(String name) {
    return sources.get(name);
  }

  FeatureHistory history() {
    return history;
  }

  Optional<PinnedTable> labels() {
    return labels;
  }

  Optional<PinnedTable> features() {
    return features;
  }

  /** The features of a date as they are. */
  SliceState heldFeatures(LocalDate date) {
    String key = date.toString();
    return featureSlices.getOrDefault(key, SliceState.empty(key));
  }

  /** The features of a date as they will be. */
  SliceAhead features(LocalDate date) {
    return featuresAhead.getOrDefault(date, SliceAhead.known(Set.of()));
  }

  void features(LocalDate date, SliceAhead slice) {
    featuresAhead.put(date, slice);
  }

  /** Dates that have or may have features. */
  List<LocalDate> featureDates() {
    return featuresAhead.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The labels that became known on a date, as they will be. */
  SliceAhead labels(LocalDate knownAt) {
    if (labelled.contains(knownAt)) {
      return SliceAhead.unknown();
    }
    SliceState held = labelSlices.get(knownAt.toString());
    return SliceAhead.known(held == null ? Set.of() : held.runIds());
  }

  /** Dates up to one whose labels there are or may be. */
  Set<LocalDate> labelDates(LocalDate date) {
    Set<LocalDate> dates = new TreeSet<>(labelled);
    labelSlices.keySet().forEach(key -> dates.add(LocalDate.parse(key)));
    dates.removeIf(day -> day.isAfter(date));
    return dates;
  }

  void label(LocalDate knownAt) {
    labelled.add(knownAt);
  }

  boolean isLabelled(LocalDate knownAt) {
    return labelled.contains(knownAt);
  }

  /** What comes in before, in words; empty where nothing does. */
  Optional<String> coming() {
    List<String> told =
        sources.values().stream()
            .filter(SourceAhead::isComing)
            .map(source -> source.name() + ": " + source.told())
            .toList();
    return told.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", told));
  }

  /** Sources into which something comes. */
  Set<String> changing() {
    return sources.values().stream()
        .filter(SourceAhead::isComing)
        .map(SourceAhead::name)
        .collect(Collectors.toSet());
  }

  /** Whether slices of a source that are there may be seen otherwise once all has come in. */
  boolean shifts(SourceAhead source) {
    return source.looksElsewhere(changing());
  }

  Set<String> idsOf(SourceAhead source, LocalDate date) {
    Set<String> ids = new TreeSet<>();
    source.validated().ifPresent(v -> v.of(date).forEach(slice -> ids.add(v.id(slice))));
    return ids;
  }

  /**
   * What {@link DateChecks} will tell monitor of a date; empty where slices or what their checks
   * look at aren't known yet.
   */
  Optional<Set<String>> validations(LocalDate date) {
    Set<String> ids = new TreeSet<>();
    if (!DateChecks.areAsked(work.spec())) {
      return Optional.of(ids);
    }
    for (String name : work.spec().validate().keySet()) {
      SourceAhead source = sources.get(name);
      if (source.mayBring(date) || source.isMeasuredBeside(changing())) {
        return Optional.empty();
      }
      ids.addAll(source.validations(date));
    }
    return Optional.of(ids);
  }

  /** The fault of reading slices that a check stops, or that nobody will have judged. */
  Optional<String> refusal(Set<String> seen, LocalDate date) {
    List<String> faults = new ArrayList<>();
    for (String name : work.spec().validate().keySet()) {
      SourceAhead source = sources.get(name);
      if (source.validated().isPresent() && source.validated().get().judges()) {
        Validated validated = source.validated().get();
        Optional<RawSlice> unjudged = source.unjudged(seen);
        unjudged.ifPresent(slice -> faults.add(IntakePlan.first(validated.unjudged(slice, date))));
        List<String> stops = validated.stops(seen);
        if (!stops.isEmpty()) {
          StoppedException fault = validated.stopped(stops);
          faults.add(IntakePlan.first(fault));
        }
      }
    }
    return faults.stream().findFirst();
  }

  /** Whether a check that can stop what is read gives its verdict only in the plan. */
  boolean verdictAhead(Set<String> seen) {
    return sources.values().stream()
        .anyMatch(source -> source.canStop() && source.judgesAhead(seen));
  }

  /** Tables that were read at another version than would be now: raw/x 4 -> 6. */
  String moved(List<TableVersion> madeOf) {
    return madeOf.stream()
        .filter(input -> input.version() >= 0)
        .filter(input -> version(input.table()) != input.version())
        .map(i -> "%s %d -> %d".formatted(i.table(), i.version(), version(i.table())))
        .collect(Collectors.joining(", "));
  }

  private long version(String table) {
    return work.lake().latest(table).map(PinnedTable::version).orElse(-1L);
  }

  /** Whether features of the pipeline can be made of the sources that are there. */
  boolean isThere() {
    return FeatureSources.names(work.spec()).stream()
        .allMatch(name -> sources.get(name).view().isPresent());
  }
}
