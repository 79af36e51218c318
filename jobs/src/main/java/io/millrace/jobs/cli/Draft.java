package io.millrace.jobs.cli;

import java.util.List;
import java.util.Optional;

/**
 * A spec to be drafted from data files.
 *
 * @param pipeline name of the pipeline
 * @param from file or glob
 * @param label the column to be predicted
 * @param columns names of the columns of files without a header; empty otherwise
 * @param testFiles glob of the names of files that are a published hold-out
 */
public record Draft(
    String pipeline,
    String from,
    String label,
    List<String> columns,
    Optional<String> testFiles,
    Place place) {

  public Draft {
    columns = List.copyOf(columns);
  }
}
