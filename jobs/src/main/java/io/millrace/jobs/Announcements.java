package io.millrace.jobs;

import io.millrace.Hashes;
import io.millrace.config.OpenLineageSpec;
import io.millrace.jobs.mirror.FinishedRun;
import io.millrace.jobs.mirror.FinishedRun.Dataset;
import io.millrace.jobs.mirror.LineageMirror;
import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import io.millrace.table.SmallTable;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Which runs of a pipeline a receiver has been told of; one can't be asked. */
final class Announcements {

  private static final int LENGTH = 16;

  private final Lake lake;
  private final String pipeline;
  private final OpenLineageSpec spec;
  private final SmallTable table;
  private final Instant since;

  /**
   * @param since runs that began later are of this process
   */
  Announcements(Lake lake, String pipeline, OpenLineageSpec spec, Instant since) {
    this.lake = lake;
    this.pipeline = pipeline;
    this.spec = spec;
    this.table = new SmallTable(lake, ResultTables.announced());
    this.since = since;
  }

  /**
   * Tells of all runs that the receiver hasn't been told of, the oldest first. What was told is
   * noted, also where the rest fails; a process that dies before it has noted tells again, which
   * changes nothing there.
   *
   * @return how many were told
   */
  int tell(LineageMirror mirror) {
    Set<Object> told = new HashSet<>();
    table.rows(pipeline).forEach(row -> told.add(row.get("announcement")));
    List<Map<String, Object>> notes = new ArrayList<>();
    try {
      for (Map<String, Object> run : new RunLog(lake).rows(pipeline)) {
        String announcement = announcement(run);
        if (told.add(announcement)) {
          mirror.tell(finished(run));
          notes.add(note(run, announcement));
        }
      }
    } finally {
      table.append(pipeline, "announced/" + UUID.randomUUID(), notes);
    }
    return notes.size();
  }

  private Map<String, Object> note(Map<String, Object> run, String announcement) {
    Map<String, Object> note = new LinkedHashMap<>();
    note.put("run_id", run.get("run_id"));
    note.put("pipeline", pipeline);
    note.put("announcement", announcement);
    note.put("receiver", spec.url());
    note.put("announced_at", Instant.now());
    return note;
  }

  /** A slice that got its old content back is a run of the same id with other outputs. */
  private String announcement(Map<String, Object> run) {
    return Hashes.sha256Hex(
            String.join(
                "\n",
                spec.url(),
                spec.namespace(),
                String.valueOf(run.get("run_id")),
                String.valueOf(run.get("outputs"))))
        .substring(0, LENGTH);
  }

  private FinishedRun finished(Map<String, Object> run) {
    boolean stopped = "stopped".equals(run.get("status"));
    Instant started = (Instant) run.get("started_at");
    return new FinishedRun(
        (String) run.get("run_id"),
        pipeline,
        (String) run.get("stage"),
        (LocalDate) run.get("date"),
        started,
        (Instant) run.get("ended_at"),
        stopped ? Optional.of((String) run.get("message")) : Optional.empty(),
        datasets(run.get("inputs")),
        datasets(run.get("outputs")),
        (Long) run.get("rows_out"),
        (String) run.get("code_version"),
        (String) run.get("spec_hash"),
        !started.isBefore(since));
  }

  private List<Dataset> datasets(Object references) {
    List<Dataset> datasets = new ArrayList<>();
    for (Object one : (List<?>) references) {
      Map<?, ?> reference = (Map<?, ?>) one;
      String name = (String) reference.get("table");
      // source:file, as an ingest notes the files that it took in.
      Optional<URI> place =
          name.contains(":") ? Optional.empty() : Optional.of(lake.path(name).toUri());
      datasets.add(new Dataset(place, name, (Long) reference.get("version")));
    }
    return datasets;
  }
}
