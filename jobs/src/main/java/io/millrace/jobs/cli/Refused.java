package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Which refused rows, and what becomes of them.
 *
 * @param source name of the source
 * @param limit how many are listed of each rule
 * @param export file to which all are written, to be mended there
 * @param retry file of mended rows that are taken in
 * @param date logical date of the ingest that a retry is; absent without one
 */
public record Refused(
    String source,
    int limit,
    Optional<Path> export,
    Optional<Path> retry,
    Optional<LocalDate> date,
    Place place) {}
