package io.millrace.jobs;

import io.millrace.table.Lake;
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

  Releases(Lake lake, String pipeline, RunGraph runs) {
    this.lake = lake;
    this.pipeline = pipeline;
    this.runs = runs;
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
}
