package io.millrace.jobs;

import io.millrace.Stage;
import io.millrace.table.FileLedger;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import java.util.List;
import java.util.Map;

/** The files that a source's raw table took in, and which slice the rows of each are in. */
final class FileSlices {

  private final String source;
  private final RunGraph runs;
  private final List<Map<String, Object>> files;

  /**
   * @param runs of all pipelines
   */
  FileSlices(Lake lake, String source, RunGraph runs) {
    this.source = source;
    this.runs = runs;
    this.files = new SmallTable(lake, FileLedger.definition()).rows(source);
  }

  /** Rows of {@code files}. */
  List<Map<String, Object>> files() {
    return files;
  }

  /**
   * The run id that the rows of a file bear. An appended file is a slice of its own; the files of a
   * snapshot are one together, under the id of the ingest that wrote their version; a merge brings
   * slices under the ids that they have.
   */
  String slice(Map<String, Object> file) {
    String own = (String) file.get("run_id");
    return "".equals(file.get("day"))
        ? own
        : runs.thatWrote("raw/" + source, (Long) file.get("version"))
            .filter(run -> run.stage().equals(Stage.INGEST.word()))
            .map(RunGraph.Run::id)
            .orElse(own);
  }
}
