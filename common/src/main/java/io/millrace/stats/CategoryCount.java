package io.millrace.stats;

/**
 * A text value and how often it occurs.
 *
 * @param value the text
 * @param count how often it occurs
 */
public record CategoryCount(String value, long count) {}
