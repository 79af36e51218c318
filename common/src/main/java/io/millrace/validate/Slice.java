package io.millrace.validate;

import java.time.Instant;
import java.time.LocalDate;

/**
 * Rows of a raw table that one run brought.
 *
 * @param runId their {@code run_id}
 * @param day the day that they stand for; slices before are those of earlier days
 * @param end end of the logical date as of which they are judged
 */
public record Slice(String runId, LocalDate day, Instant end) {}
