package io.millrace.retain;

import io.millrace.table.LoggedFile;
import java.time.LocalDate;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Files of a table at a version that something needs.
 *
 * @param files which of them; those whose run the log doesn't tell always are, for whoever resolves
 *     a version opens these to find out
 */
public record Need(String table, long version, Files files) {

  /** Some files of a version, by their partition. */
  public sealed interface Files {
    /** Whether files of such a partition are among them. */
    boolean has(Map<String, String> partition);
  }

  /** All of them. */
  public record All() implements Files {
    @Override
    public boolean has(Map<String, String> partition) {
      return true;
    }
  }

  /** None by its partition. */
  public record None() implements Files {
    @Override
    public boolean has(Map<String, String> partition) {
      return false;
    }
  }

  /** Those of days up to one; the table is partitioned by a date. */
  public record UpTo(String column, LocalDate last) implements Files {
    @Override
    public boolean has(Map<String, String> partition) {
      // ISO dates stand in the order of their text.
      return test(partition, column, day -> day.compareTo(last.toString()) <= 0);
    }
  }

  /** Those of one day; the table is partitioned by a date. */
  public record OfDay(String column, LocalDate day) implements Files {
    @Override
    public boolean has(Map<String, String> partition) {
      return test(partition, column, day.toString()::equals);
    }
  }

  /** What can't be told apart is needed. */
  private static boolean test(
      Map<String, String> partition, String column, Predicate<String> asked) {
    String value = partition.get(column);
    return value == null || asked.test(value);
  }

  /** A whole version. */
  public static Need all(String table, long version) {
    return new Need(table, version, new All());
  }

  /** Whether a file is needed. */
  public boolean has(LoggedFile file) {
    return file.in(version) && (file.run().isEmpty() || files.has(file.partition()));
  }
}
