package io.millrace.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One process's hand on the index of runs of a pipeline. Whoever adds a run has looked at all
 * commits before it, at its start or now, and adds those that the index lacks: so below the newest
 * version that the index knows of a table there is no gap, whoever was killed between a commit and
 * its row.
 */
public final class RunIndex {

  private final Lake lake;
  private final String pipeline;
  private final List<String> tables;
  private final RunLog log;
  private final Map<String, Long> looked = new HashMap<>();

  /**
   * Nothing is read or written yet.
   *
   * @param tables the tables that the pipeline writes
   */
  public RunIndex(Lake lake, String pipeline, List<String> tables) {
    this.lake = lake;
    this.pipeline = pipeline;
    this.tables = List.copyOf(tables);
    this.log = new RunLog(lake);
  }

  /** Adds what the index lacks of tables' commits, whichever pipelines they are of. */
  public static void mendAll(Lake lake, List<String> tables) {
    Set<String> pipelines = new TreeSet<>();
    new RunLog(lake).rows().forEach(row -> pipelines.add((String) row.get("pipeline")));
    pipelines.forEach(pipeline -> new RunIndex(lake, pipeline, tables).mend());
  }

  /**
   * Adds the runs of commits that the index doesn't have.
   *
   * @return how many were missing
   */
  public int mend() {
    Map<String, Long> newest = new HashMap<>();
    Set<String> known = new HashSet<>();
    for (Map<String, Object> row : log.rows(pipeline)) {
      for (Object output : (List<?>) row.get("outputs")) {
        Map<?, ?> reference = (Map<?, ?>) output;
        String name = (String) reference.get("table");
        long version = (Long) reference.get("version");
        newest.merge(name, version, Math::max);
        known.add(row.get("run_id") + " " + name + "@" + version);
      }
    }
    tables.forEach(name -> looked.put(name, newest.getOrDefault(name, 0L)));
    List<RunRow> missing = comeSince(known);
    log.append(pipeline, missing);
    return missing.size();
  }

  /** Adds runs of this process, and of others whatever has come since it last looked. */
  public void append(List<RunRow> runs) {
    if (runs.isEmpty()) {
      return;
    }
    Set<String> known = new HashSet<>();
    runs.forEach(run -> run.outputs().forEach(output -> known.add(key(run, output))));
    List<RunRow> all = new ArrayList<>(runs);
    // Another process that is still at work may add some of them again; rows of a run are one run.
    all.addAll(comeSince(known));
    log.append(pipeline, all);
  }

  private static String key(RunRow run, TableVersion output) {
    return run.runId() + " " + output.table() + "@" + output.version();
  }

  private List<RunRow> comeSince(Set<String> known) {
    List<RunRow> missing = new ArrayList<>();
    Map<String, Long> seen = new HashMap<>(looked);
    seen.forEach(
        (name, version) -> {
          long newest = lake.latest(name).map(PinnedTable::version).orElse(-1L);
          RunLog.between(lake, name, version, newest).stream()
              .filter(run -> run.pipeline().equals(pipeline))
              .filter(run -> !known.contains(key(run, run.outputs().get(0))))
              .forEach(missing::add);
          looked.put(name, Math.max(version, newest));
        });
    return missing;
  }
}
