/**
 * Features: one row per entity and date, out of raw rows alone, never out of labels. An entity that
 * stands twice at a date is an error.
 */
package io.millrace.features;
