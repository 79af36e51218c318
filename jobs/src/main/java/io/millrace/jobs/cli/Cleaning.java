package io.millrace.jobs.cli;

import java.time.Duration;
import java.util.Optional;

/**
 * A vacuum that is asked for.
 *
 * @param retain how long what was current is kept; empty: the usual
 * @param grace how long a command may take; empty: the usual
 * @param dryRun only to be shown
 * @param yes done without asking
 */
public record Cleaning(
    Optional<Duration> retain,
    Optional<Duration> grace,
    boolean dryRun,
    boolean yes,
    Place place) {}
