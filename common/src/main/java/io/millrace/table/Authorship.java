package io.millrace.table;

import java.time.Instant;

/**
 * Who wrote rows, and when.
 *
 * @param by stage and pipeline of a run of ours; else the operation that the log names
 */
public record Authorship(String by, Instant at) {}
