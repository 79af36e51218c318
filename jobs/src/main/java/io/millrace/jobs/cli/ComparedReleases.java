package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Two releases of a pipeline to be compared.
 *
 * @param dates two dates, whose last releases are compared; or one, whose last two are
 * @param rows predictions to show that moved most
 * @param html file for a page of it
 */
public record ComparedReleases(
    String pipeline, List<LocalDate> dates, int rows, Optional<Path> html, Place place) {

  public ComparedReleases {
    dates = List.copyOf(dates);
  }
}
