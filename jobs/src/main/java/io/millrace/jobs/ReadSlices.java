package io.millrace.jobs;

import io.millrace.features.FeatureReach;
import io.millrace.features.FeatureSources;
import io.millrace.jobs.RunGraph.Run;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a recorded run of features read, found from the versions in its row and a spec.
 *
 * @param checked the raw tables less refused rows, by source
 * @param proven whether the run's id is the hash of this spec and these slices
 */
record ReadSlices(
    Work work,
    FeatureSources sources,
    Map<String, Validated> checked,
    FeatureReach reach,
    boolean proven) {

  /** Tables at a version, each opened once, and what checks leave of them. */
  static final class Opened {

    private final Lake lake;
    private final Map<String, PinnedTable> tables = new HashMap<>();
    private final Map<String, Validated> checked = new HashMap<>();
    private final Map<String, PinnedTable> views = new HashMap<>();

    Opened(Lake lake) {
      this.lake = lake;
    }

    PinnedTable at(String table, long version) {
      return tables.computeIfAbsent(table + "@" + version, key -> lake.at(table, version));
    }

    Validated checked(Work work, String source, long version) {
      String key = System.identityHashCode(work) + " " + source + "@" + version;
      return checked.computeIfAbsent(
          key, k -> new Validated(work, source, at("raw/" + source, version)));
    }

    PinnedTable view(Work work, String source, long version) {
      String key = System.identityHashCode(work) + " " + source + "@" + version;
      return views.computeIfAbsent(key, k -> checked(work, source, version).view());
    }
  }

  /**
   * What a run read by one spec; empty where it read nothing of the population, or not the sources
   * of this spec.
   *
   * @throws io.delta.kernel.exceptions.KernelException where a version can't be opened any more
   */
  static Optional<ReadSlices> of(Opened opened, Work work, Run run) {
    Map<String, Long> versions = run.inputs();
    Map<String, Validated> checked = new HashMap<>();
    Function<String, PinnedTable> pin =
        source -> {
          Long version = versions.get("raw/" + source);
          if (version == null) {
            throw new OtherSources();
          }
          checked.put(source, opened.checked(work, source, version));
          return opened.view(work, source, version);
        };
    try {
      FeatureSources sources = FeatureSources.pin(work.spec(), pin);
      LocalDate date = run.date();
      return FeatureReach.of(sources, date)
          .map(
              reach ->
                  new ReadSlices(
                      work,
                      sources,
                      checked,
                      reach,
                      FeaturesJob.runId(work, date, reach).equals(run.id())));
    } catch (OtherSources e) {
      return Optional.empty();
    }
  }

  /** A run that didn't read the sources of a spec. */
  private static final class OtherSources extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
