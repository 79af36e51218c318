package io.millrace.jobs.mirror;

import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A run as a lineage receiver is told of it.
 *
 * @param runId its id in the lake
 * @param failure why it ended before it had done its work, if it did
 * @param ofThisProcess whether this process ran it, so that whoever called the process called it
 */
public record FinishedRun(
    String runId,
    String pipeline,
    String stage,
    LocalDate date,
    Instant started,
    Instant ended,
    Optional<String> failure,
    List<Dataset> inputs,
    List<Dataset> outputs,
    long rowsOut,
    String codeVersion,
    String specHash,
    boolean ofThisProcess) {

  public FinishedRun {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * A table, the folder of a model, or a file that was taken in.
   *
   * @param place where it is; of a file that was taken in the lake keeps the name alone
   * @param name what the lake calls it
   * @param version of the table; -1 where it has none
   */
  public record Dataset(Optional<URI> place, String name, long version) {}
}
