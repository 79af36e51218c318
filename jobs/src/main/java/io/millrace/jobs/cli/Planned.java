package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Commands that aren't to be done but told.
 *
 * @param pipelines names or paths; none stands for all of the conf folder
 * @param range whether it is the dates of a backfill, and not one date
 * @param train whether it is the train chain
 * @param all whether steps that find all there are told too
 * @param out where the plan of one pipeline is written
 */
public record Planned(
    List<String> pipelines,
    LocalDate from,
    LocalDate to,
    boolean range,
    boolean train,
    boolean all,
    Optional<Path> out,
    Place place) {

  public Planned {
    pipelines = List.copyOf(pipelines);
  }
}
