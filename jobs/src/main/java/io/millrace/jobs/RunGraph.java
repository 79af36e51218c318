package io.millrace.jobs;

import io.millrace.Stage;
import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Recorded runs, and what each read. */
final class RunGraph {

  /** A run that stands in the index. */
  record Run(Map<String, Object> row) {

    String id() {
      return (String) row.get("run_id");
    }

    LocalDate date() {
      return (LocalDate) row.get("date");
    }

    String stage() {
      return (String) row.get("stage");
    }

    Instant ended() {
      return (Instant) row.get("ended_at");
    }

    String text(String column) {
      return String.valueOf(row.get(column));
    }

    /** The tables that it read, each with its version; -1 for the folder of a model. */
    Map<String, Long> inputs() {
      return versions("inputs");
    }

    Map<String, Long> outputs() {
      return versions("outputs");
    }

    private Map<String, Long> versions(String column) {
      Map<String, Long> versions = new TreeMap<>();
      for (Object told : (List<?>) row.get(column)) {
        Map<?, ?> reference = (Map<?, ?>) told;
        versions.put((String) reference.get("table"), (Long) reference.get("version"));
      }
      return versions;
    }

    /** What it read, in words. */
    String read() {
      return inputs().entrySet().stream()
          .map(e -> e.getValue() < 0 ? e.getKey() : e.getKey() + "@" + e.getValue())
          .collect(Collectors.joining(", "));
    }
  }

  private final List<Run> runs;
  private final Map<String, Run> last = new HashMap<>();

  private RunGraph(List<Map<String, Object>> rows) {
    this.runs = rows.stream().map(Run::new).toList();
    runs.forEach(run -> last.put(run.id(), run));
  }

  static RunGraph of(Lake lake, String pipeline) {
    return new RunGraph(new RunLog(lake).rows(pipeline));
  }

  /** Of all pipelines: a source that several share is taken in by one of them. */
  static RunGraph ofAll(Lake lake) {
    return new RunGraph(new RunLog(lake).rows());
  }

  /** The last recorded run of an id; the same id is the same result, whenever it was made. */
  Optional<Run> run(String id) {
    return Optional.ofNullable(last.get(id));
  }

  /** All runs of a stage, each id once, the oldest first. */
  List<Run> of(Stage stage) {
    return runs.stream()
        .filter(run -> run.stage().equals(stage.word()))
        .filter(run -> last.get(run.id()) == run)
        .toList();
  }

  /** The run that wrote a version of a table. */
  Optional<Run> thatWrote(String table, long version) {
    return runs.stream()
        .filter(run -> Long.valueOf(version).equals(run.outputs().get(table)))
        .findFirst();
  }
}
