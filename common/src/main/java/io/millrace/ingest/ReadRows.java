package io.millrace.ingest;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of one or more files. Both are lazy: whoever acts on them reads the files.
 *
 * @param good the table's columns in order, then {@code _row_id}, {@code _key} (only where the
 *     source has no key) and {@code _file}
 * @param quarantined one row per fault: {@code _row_id, _file, column, value, reason, rule, row},
 *     all text; {@code rule} is {@code parse}, {@code cast}, {@code key} or {@code time}, {@code
 *     row} the record as it stood in the file (text) or as JSON
 */
public record ReadRows(Dataset<Row> good, Dataset<Row> quarantined) {}
