package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A prediction that is traced back, or a file or row that is traced forward.
 *
 * @param pipeline the prediction's pipeline; of a file or row the only one that is looked at
 * @param key values of the entity's columns: {@code customer=7}, or the bare value
 * @param date logical date of the prediction
 * @param forward name of a file, id of a raw row, or {@code column=value}
 * @param source whose file or row that is
 * @param rows raw rows to show of each sort, at most
 * @param html file for a page of it
 */
public record Traced(
    Optional<String> pipeline,
    List<String> key,
    Optional<LocalDate> date,
    Optional<String> forward,
    Optional<String> source,
    int rows,
    Optional<Path> html,
    Place place) {

  public Traced {
    key = List.copyOf(key);
  }
}
