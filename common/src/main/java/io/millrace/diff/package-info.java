/**
 * What changed between two versions of a table: rows by their key, cells by column, schema and
 * distributions.
 */
package io.millrace.diff;
