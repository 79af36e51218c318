package io.millrace.jobs.cli;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What to list of a small table.
 *
 * @param pipeline only this one's rows
 * @param date only the rows of this logical date
 * @param limit at most so many rows, the newest; at least 1
 */
public record Listing(
    Optional<String> pipeline, Optional<LocalDate> date, int limit, Place place) {}
