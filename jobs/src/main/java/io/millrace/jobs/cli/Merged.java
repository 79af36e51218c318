package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is merged into main.
 *
 * @param branch its name
 * @param dryRun whether nothing lands
 * @param take which side of a conflict: ours, theirs, or a file that says so of each
 * @param out file to which conflicts are written
 */
public record Merged(
    String branch, boolean dryRun, Optional<String> take, Optional<Path> out, Place place) {}
