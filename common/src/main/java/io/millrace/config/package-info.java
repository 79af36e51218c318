/**
 * What a person writes: YAML to checked, immutable records. A map is a record; a map with {@code
 * kind:} is one record of a sealed interface. All faults of a file are told together, and nothing
 * that it doesn't mean passes in silence. Nothing here knows Spark.
 */
package io.millrace.config;
