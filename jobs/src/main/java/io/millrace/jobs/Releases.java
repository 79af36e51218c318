package io.millrace.jobs;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.erase.Receipts;
import io.millrace.table.Lake;
import io.millrace.table.PastVersion;
import io.millrace.table.PinnedTable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The releases of a pipeline's dates, in the order in which readers last got them. */
final class Releases {

  private final Lake lake;
  private final String pipeline;
  private final RunGraph runs;
  private final Receipts erasures;

  Releases(Lake lake, String pipeline, RunGraph runs) {
    this.lake = lake;
    this.pipeline = pipeline;
    this.runs = runs;
    this.erasures = new Receipts(lake);
  }

  /**
   * Rows of {@code releases} of a date, what readers see last. A release that comes back, as after
   * a roll-back, has no second row there, but one more commit of its run.
   */
  List<Map<String, Object>> of(LocalDate date) {
    Set<String> now =
        lake.latest("predictions/" + pipeline)
            .map(table -> table.slice("date", date.toString()).runIds())
            .orElse(Set.of());
    return lake
        .latest(ResultTables.releases().name())
        .map(table -> table.rows("pipeline", pipeline))
        .orElse(List.of())
        .stream()
        .filter(row -> date.equals(row.get("date")))
        .sorted(
            Comparator.comparing((Map<String, Object> row) -> now.contains(row.get("run_id")))
                .thenComparing(this::given)
                .thenComparing(row -> (String) row.get("run_id")))
        .toList();
  }

  /** When a release last replaced another. */
  Instant given(Map<String, Object> release) {
    return runs.run((String) release.get("run_id"))
        .map(RunGraph.Run::ended)
        .orElse((Instant) release.get("released_at"));
  }

  /**
   * The version that holds a release; after an erasure what it has left of it.
   *
   * @throws DataException where nothing is left
   */
  PinnedTable predictions(Map<String, Object> release) {
    String name = "predictions/" + pipeline;
    String date = release.get("date").toString();
    long told = (Long) release.get("predictions_version");
    long left = erasures.left(name, told);
    PinnedTable found = PastVersion.of(lake, name, left);
    if (left == told || holds(found, date, release)) {
      return found;
    }
    // One that came back after the erasure stands in a later version.
    return lake.latest(name)
        .filter(now -> holds(now, date, release))
        .orElseThrow(
            () ->
                new DataException(
                    "%s@%d: its release of %s (run %s) is gone, since a person was %s and readers had another by then; name two dates"
                        .formatted(
                            name,
                            told,
                            date,
                            release.get("run_id"),
                            erasures.erased(name, told).orElse("erased"))));
  }

  private static boolean holds(PinnedTable table, String date, Map<String, Object> release) {
    return table.slice("date", date).runIds().contains(release.get("run_id"));
  }

  /**
   * The features that a release's score run read; after an erasure what it has left of them.
   *
   * @throws SpecException where the run isn't in the index
   */
  PinnedTable features(Map<String, Object> release) {
    String name = "features/" + pipeline;
    return PastVersion.of(lake, name, erasures.left(name, readVersion(release)));
  }

  private long readVersion(Map<String, Object> release) {
    return runs.run((String) release.get("score_run_id"))
        .map(run -> run.inputs().get("features/" + pipeline))
        .orElseThrow(
            () ->
                new SpecException(
                    "the score run of %s isn't in the index of runs yet"
                        .formatted(release.get("date"))));
  }

  /**
   * Whether the features are surely those that the score run read, less erased persons: of a date
   * that was made anew before an erasure, only its newest are left.
   *
   * @param work the pipeline by a spec that a model keeps
   */
  boolean areRead(Work work, Map<String, Object> release) {
    PinnedTable features = features(release);
    if (features.version() == readVersion(release)) {
      return true;
    }
    LocalDate date = (LocalDate) release.get("date");
    Set<String> slices = features.slice("date", date.toString()).runIds();
    return ScoreJob.runId(work, date, (String) release.get("model_version"), slices)
        .equals(release.get("score_run_id"));
  }
}
