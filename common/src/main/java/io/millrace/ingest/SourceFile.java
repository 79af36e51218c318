package io.millrace.ingest;

import io.millrace.config.SourceSpec.ColumnType;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * One file of a source.
 *
 * @param name path below the fixed part of the source's glob: the same on every machine
 * @param uri where it lies, as Hadoop writes a path (not percent-encoded)
 * @param bytes its length
 * @param modifiedAt its time of modification, in milliseconds since 1970
 * @param day the day in its name, where the path has a token for one
 * @param constants columns that the file itself doesn't hold: partition columns of a Delta table
 */
public record SourceFile(
    String name,
    String uri,
    long bytes,
    long modifiedAt,
    Optional<LocalDate> day,
    List<Constant> constants) {

  public SourceFile {
    constants = List.copyOf(constants);
  }

  /** A file that holds all of its columns. */
  public SourceFile(String name, String uri, long bytes, long modifiedAt, Optional<LocalDate> day) {
    this(name, uri, bytes, modifiedAt, day, List.of());
  }

  /** A column with one value, as text, for all rows of a file; no value means null. */
  public record Constant(String column, ColumnType type, Optional<String> value) {}
}
