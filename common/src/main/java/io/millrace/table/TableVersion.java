package io.millrace.table;

/** A table (or an artefact's folder) at a version; -1 where it has none. */
public record TableVersion(String table, long version) {}
