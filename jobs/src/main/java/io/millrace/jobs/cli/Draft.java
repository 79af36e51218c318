package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A spec to be drafted from a data file.
 *
 * @param data the file: CSV, JSON lines or Parquet
 * @param label the column to be predicted
 * @param key the columns that identify a row; empty where none do
 * @param pipeline name of the pipeline, where it isn't to be made of the file's
 */
public record Draft(
    Path data, String label, List<String> key, Optional<String> pipeline, Place place) {

  public Draft {
    key = List.copyOf(key);
  }
}
