package io.millrace.validate;

/**
 * A value as text and how often it occurs.
 *
 * @param value the value
 * @param count number of rows
 */
public record ValueCount(String value, long count) {}
