/**
 * Labels: what came true for an entity, and the logical date from which that was known. Also which
 * raw rows the run of a date reads, found from the log alone.
 */
package io.millrace.label;
