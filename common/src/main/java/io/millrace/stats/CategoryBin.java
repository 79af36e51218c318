package io.millrace.stats;

/**
 * A category, or several pooled, in two distributions.
 *
 * @param name the category's text, or what it stands for in parentheses
 * @param reference count in the reference
 * @param current count in what is compared with it
 */
public record CategoryBin(String name, long reference, long current) {}
