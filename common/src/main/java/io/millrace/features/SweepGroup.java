package io.millrace.features;

import io.millrace.config.JoinSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.config.SourceSpec;
import io.millrace.config.WindowSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Windows and joins that one sweep does: of one source, by the same keys, on the same clocks.
 *
 * @param moments where the population's rows stand in time
 * @param clock what says when a row of the source was there
 */
record SweepGroup(
    String source,
    Map<String, String> on,
    Moments moments,
    Clock clock,
    List<WindowSpec> windows,
    List<JoinSpec> joins) {

  /** The moment of a prediction. */
  enum Moments {
    /** The event's time, or the last instant of the date where entities are scored. */
    PREDICTION,
    /** The last instant of the date. */
    DATE_END
  }

  /** When a row was there. */
  enum Clock {
    TIME,
    INGEST
  }

  private record Key(String source, Map<String, String> on, Moments moments, Clock clock) {}

  /** The sweeps of a pipeline; a join of snapshots needs none. */
  static List<SweepGroup> of(PipelineSpec spec) {
    Map<Key, SweepGroup> groups = new LinkedHashMap<>();
    for (WindowSpec window : spec.features().windows()) {
      Map<String, String> on = Map.of(window.by(), window.matches().orElse(window.by()));
      of(groups, new Key(window.source(), on, Moments.PREDICTION, Clock.TIME)).windows.add(window);
    }
    boolean events = spec.population().per() == Per.EVENT;
    for (JoinSpec join : spec.features().joins()) {
      SourceSpec source = spec.sources().get(join.source());
      if (!isOfSnapshot(spec, join)) {
        boolean atEnd = join.asOf().isEmpty() && events;
        boolean timed = join.asOf().isPresent() || source.time().isPresent();
        of(
                groups,
                new Key(
                    join.source(),
                    join.on(),
                    atEnd ? Moments.DATE_END : Moments.PREDICTION,
                    timed ? Clock.TIME : Clock.INGEST))
            .joins
            .add(join);
      }
    }
    return ownFirst(spec, groups.values());
  }

  private static SweepGroup of(Map<Key, SweepGroup> groups, Key key) {
    return groups.computeIfAbsent(
        key,
        k ->
            new SweepGroup(
                k.source, k.on, k.moments, k.clock, new ArrayList<>(), new ArrayList<>()));
  }

  private static List<SweepGroup> ownFirst(PipelineSpec spec, Collection<SweepGroup> groups) {
    List<SweepGroup> sorted = new ArrayList<>();
    groups.stream().filter(group -> group.isOwn(spec)).forEach(sorted::add);
    groups.stream().filter(group -> !group.isOwn(spec)).forEach(sorted::add);
    return sorted;
  }

  /** Whether the join is with the last snapshot, in which each row is as good as any other. */
  static boolean isOfSnapshot(PipelineSpec spec, JoinSpec join) {
    return join.asOf().isEmpty()
        && spec.sources().get(join.source()).load() == SourceSpec.Load.SNAPSHOT;
  }

  /** Whether the rows that are asked are themselves the events, and so needn't be read twice. */
  boolean isOwn(PipelineSpec spec) {
    return spec.population().per() == Per.EVENT
        && source.equals(spec.population().source())
        && on.entrySet().stream().allMatch(pair -> pair.getKey().equals(pair.getValue()))
        && moments == Moments.PREDICTION
        && clock == Clock.TIME;
  }
}
