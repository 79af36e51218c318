package io.millrace.jobs.cli;

import java.util.Optional;

/**
 * What becomes of a branch.
 *
 * @param name its name; absent to list all
 * @param table what is cloned; absent for other actions
 */
public record Branched(Action action, Optional<String> name, Optional<String> table, Place place) {

  /** What is done. */
  public enum Action {
    CREATE,
    LIST,
    SHOW,
    CLONE,
    DROP
  }
}
