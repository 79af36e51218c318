package io.millrace.jobs.cli;

import java.time.LocalDate;

/**
 * A pipeline to be run for one or more logical dates.
 *
 * @param pipeline a name in the conf folder, or a path to a YAML file
 * @param from the first day, inclusive
 * @param to the last day, inclusive; equal to {@code from} where one date was asked for
 */
public record Request(String pipeline, LocalDate from, LocalDate to, Place place) {

  /** The one date of a command that takes one. */
  public LocalDate date() {
    return to;
  }
}
