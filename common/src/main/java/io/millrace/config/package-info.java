/**
 * What a person writes: YAML to checked, immutable records. A map is a record; a map with {@code
 * kind:} is one record of a sealed interface. Nothing here knows Spark.
 */
package io.millrace.config;
