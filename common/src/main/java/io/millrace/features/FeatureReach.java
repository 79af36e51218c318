package io.millrace.features;

import io.millrace.config.JoinSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.config.WindowSpec;
import io.millrace.label.RawSlices;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The raw rows that the run of one date reads: those of the population, and what windows and joins
 * look back to. Found from logs alone. A day that isn't there, or not yet whole, is read as it is.
 *
 * @param others what windows and joins read
 */
public record FeatureReach(RawSlices population, List<RawSlices> others) {

  /** As far back as a join without an age goes. */
  private static final LocalDate EVER = LocalDate.of(1, 1, 1);

  public FeatureReach {
    others = List.copyOf(others);
  }

  /**
   * Days of rows.
   *
   * @param to the day after the last
   */
  record Days(LocalDate from, LocalDate to) {

    Days and(Days other) {
      return new Days(
          from.isBefore(other.from) ? from : other.from, to.isAfter(other.to) ? to : other.to);
    }
  }

  /**
   * What the run of a date reads.
   *
   * @return empty where nothing of the population is known yet
   */
  public static Optional<FeatureReach> of(FeatureSources sources, LocalDate date) {
    PipelineSpec spec = sources.spec();
    Optional<RawSlices> population =
        RawSlices.ofPopulation(
            sources.population(),
            sources.source(spec.population().source()),
            spec.population().per(),
            spec.every(),
            date);
    List<RawSlices> others = new ArrayList<>();
    for (WindowSpec window : spec.features().windows()) {
      Days days = days(spec, window, date);
      others.add(RawSlices.ofDays(sources.table(window.source()), days.from(), days.to()));
    }
    for (JoinSpec join : spec.features().joins()) {
      ofJoin(sources, join, date).ifPresent(others::add);
    }
    return population.map(rows -> new FeatureReach(rows, others));
  }

  private static Optional<RawSlices> ofJoin(FeatureSources sources, JoinSpec join, LocalDate date) {
    if (join.asOf().isPresent()) {
      Days days = days(sources.spec(), join, date);
      return Optional.of(RawSlices.ofDays(sources.table(join.source()), days.from(), days.to()));
    }
    return RawSlices.knownAt(
        sources.table(join.source()), sources.source(join.source()), sources.spec().every(), date);
  }

  /** The days that a window reads for a date. */
  static Days days(PipelineSpec spec, WindowSpec window, LocalDate date) {
    Duration longest = window.over().stream().max(Duration::compareTo).orElseThrow();
    Duration back = longest.plus(window.delay());
    LocalDate from = first(spec, date).minus(back).toLocalDate();
    return new Days(from, end(spec, date, window.delay()));
  }

  /** The days that an as-of join reads for a date. */
  static Days days(PipelineSpec spec, JoinSpec join, LocalDate date) {
    LocalDate from =
        join.within().map(within -> first(spec, date).minus(within).toLocalDate()).orElse(EVER);
    return new Days(from, end(spec, date, join.delay()));
  }

  /** The earliest moment of a prediction of the date. */
  private static LocalDateTime first(PipelineSpec spec, LocalDate date) {
    boolean events = spec.population().per() == Per.EVENT;
    return (events ? date : spec.every().next(date)).atStartOfDay();
  }

  /** The day after that of the last row which the last moment of the date may know. */
  private static LocalDate end(PipelineSpec spec, LocalDate date, Duration delay) {
    LocalDateTime last = spec.every().next(date).atStartOfDay().minus(delay).minusNanos(1_000);
    return last.toLocalDate().plusDays(1);
  }

  /** Runs of all slices that are read. */
  public Set<String> runIds() {
    Set<String> runIds = new TreeSet<>(population.runIds());
    others.forEach(slices -> runIds.addAll(slices.runIds()));
    return runIds;
  }
}
