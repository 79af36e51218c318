package io.millrace.jobs;

import io.millrace.DataException;
import io.millrace.Stage;
import io.millrace.StoppedException;
import io.millrace.config.PipelineSpec;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.config.SplitSpec;
import io.millrace.features.FeatureBuilder;
import io.millrace.features.FeaturePlan;
import io.millrace.features.FeatureReach;
import io.millrace.features.FeatureSources;
import io.millrace.jobs.console.StageLine;
import io.millrace.label.RawSlices;
import io.millrace.table.Attempts;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIds;
import io.millrace.table.RunRow;
import io.millrace.table.SlicePublisher;
import io.millrace.table.SlicePublisher.Published;
import io.millrace.table.SliceState;
import io.millrace.table.TableVersion;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes the features of some dates, all that are missing or stale in one commit. */
final class FeaturesJob {

  private final Work work;

  FeaturesJob(Work work) {
    this.work = work;
  }

  /** The features of one date, as the score chain needs them. */
  Outcome ofDate(LocalDate date) {
    return run(date, List.of(date), List.of());
  }

  /** The features of all dates that a model trained at a date learns from. */
  Outcome forTraining(LocalDate date) {
    return run(date, trainingDates(work, work.raw(source()), date), List.of());
  }

  /**
   * The features of a range of dates, whatever spec they were made with.
   *
   * @param dates the dates that a backfill was asked for
   */
  Outcome ofRange(LocalDate last, List<LocalDate> dates) {
    return run(last, dates, dates);
  }

  /**
   * The dates whose features a model trained at a date learns from, oldest first: those whose
   * labels are old enough.
   */
  static List<LocalDate> trainingDates(Work work, PinnedTable raw, LocalDate date) {
    PipelineSpec spec = work.spec();
    LocalDate last = spec.label().map(l -> l.lastMature(date, spec.every())).orElse(date);
    if (spec.population().per() == Per.ENTITY) {
      return List.of(last);
    }
    List<LocalDate> dates = RawSlices.eventDates(raw, spec.every(), last);
    if (spec.split() instanceof SplitSpec.ByPeriod periods) {
      LocalDate first = spec.every().start(periods.span().from());
      LocalDate end = periods.span().to();
      return dates.stream().filter(day -> !day.isBefore(first) && !day.isAfter(end)).toList();
    }
    int history = spec.train().flatMap(train -> train.history()).orElse(Integer.MAX_VALUE);
    return dates.subList(Math.max(0, dates.size() - history), dates.size());
  }

  private String source() {
    return work.spec().population().source();
  }

  private Outcome run(LocalDate date, Collection<LocalDate> dates, List<LocalDate> asked) {
    try (StageLine line = work.begin(Stage.FEATURES, date)) {
      Optional<Published> published =
          Attempts.run("features/" + work.name(), () -> build(dates, asked));
      if (published.isEmpty()) {
        line.alreadyDone();
        return Outcome.ALREADY_DONE;
      }
      work.record(published.get().runs());
      line.done(
          "features/%s: %,d rows of %d date%s"
              .formatted(
                  work.name(),
                  published.get().rows(),
                  published.get().runs().size(),
                  published.get().runs().size() == 1 ? "" : "s"));
      return Outcome.DONE;
    }
  }

  /** The run id that the features of a date have now, and what they are made of. */
  static String runId(Work work, LocalDate date, FeatureReach reach) {
    return RunIds.of(Stage.FEATURES, SpecKeys.features(work.spec()), date, "", reach.runIds());
  }

  private Optional<Published> build(Collection<LocalDate> dates, List<LocalDate> asked) {
    FeatureSources sources = FeatureSources.pin(work.spec(), work::raw);
    Optional<PinnedTable> features = work.lake().latest("features/" + work.name());
    Map<String, SliceState> slices = features.map(table -> table.slices("date")).orElse(Map.of());
    features.ifPresent(table -> refuseOtherSpecs(work, table, asked));
    Map<LocalDate, String> stale = new TreeMap<>();
    Map<LocalDate, FeatureReach> reaches = new TreeMap<>();
    List<SliceState> held = new ArrayList<>();
    List<RunRow> runs = new ArrayList<>();
    List<TableVersion> inputs =
        sources.all().stream().flatMap(raw -> raw.versions().stream()).toList();
    for (LocalDate date : dates) {
      FeatureReach reach = reach(work, sources, date);
      SliceState slice = slices.getOrDefault(date.toString(), SliceState.empty(date.toString()));
      if (isStale(work, features, slice, date, reach)) {
        work.requireValidated(reach.runIds(), date);
        String runId = runId(work, date, reach);
        stale.put(date, runId);
        reaches.put(date, reach);
        held.add(slice);
        runs.add(work.run(Stage.FEATURES, date, runId, inputs, reach.population().rows()));
      }
    }
    if (stale.isEmpty()) {
      return Optional.empty();
    }
    FeaturePlan plan = FeatureBuilder.plan(sources);
    return Optional.of(
        SlicePublisher.replace(
            work.lake(),
            FeatureBuilder.definition(work.spec(), plan, sources.population().schema()),
            FeatureBuilder.build(
                sources, plan, SpecKeys.featuresVersion(work.spec()), stale, reaches),
            held,
            runs));
  }

  /** Whether the features of a date would come out otherwise than they are. */
  static boolean isStale(
      Work work,
      Optional<PinnedTable> features,
      SliceState slice,
      LocalDate date,
      FeatureReach reach) {
    boolean neverThere = slice.runIds().isEmpty() && reach.population().rows() == 0;
    return !neverThere
        && (features.isEmpty() || !features.get().holds(slice, runId(work, date, reach)));
  }

  /** What the features of a date are made of. */
  static FeatureReach reach(Work work, FeatureSources sources, LocalDate date) {
    return FeatureReach.of(sources, date)
        .orElseThrow(
            () ->
                new DataException(
                    "raw/"
                        + work.spec().population().source()
                        + ": nothing is known yet on "
                        + date
                        + "; ask for the date of an ingest, or a later one"));
  }

  /**
   * A features table holds one definition of its features at a time. Where the spec has been edited
   * since, nothing is added beside the old.
   */
  static void refuseOtherSpecs(Work work, PinnedTable features, List<LocalDate> asked) {
    String version = SpecKeys.featuresVersion(work.spec());
    TreeSet<LocalDate> others = datesOfOtherSpecs(features, version);
    others.removeAll(asked);
    if (!others.isEmpty()) {
      throw new StoppedException(
          "features/"
              + work.name()
              + ": "
              + others.size()
              + (others.size() == 1 ? " date was" : " dates were")
              + " made by another spec of the features: "
              + Dates.list(others)
              + "\nundo the edit, or make them anew: millrace backfill "
              + work.name()
              + " --from "
              + others.first()
              + " --to "
              + others.last());
    }
  }

  /** Dates whose features were made by another spec than the present one. */
  static TreeSet<LocalDate> datesOfOtherSpecs(PinnedTable features, String version) {
    TreeSet<LocalDate> others = new TreeSet<>();
    features.files().stream()
        .filter(file -> !version.equals(file.minimums().get(FeatureBuilder.VERSION)))
        .forEach(file -> others.add(LocalDate.parse(file.partition().get("date"))));
    return others;
  }
}
