package io.millrace.jobs.cli;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done with pins.
 *
 * @param name of the pin; there unless all are listed
 * @param what tables at versions, or models
 * @param until the last day on which it holds
 */
public record Pinning(
    Action action,
    Optional<String> name,
    List<String> what,
    Optional<LocalDate> until,
    String reason,
    Place place) {

  /** What one does with pins. */
  public enum Action {
    ADD,
    REMOVE,
    LIST
  }

  public Pinning {
    what = List.copyOf(what);
  }
}
