package io.millrace.table;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A fault that says that a file of the lake, or a version in a log, is no longer there: somebody
 * erased, dropped a branch or removed files while it was being read. Known by name and text, since
 * it comes from Hadoop, Kernel, Delta or a task of Spark's.
 */
public final class Vanished {

  private static final int DEEPEST = 50;

  private static final Pattern ABSENT =
      Pattern.compile("FileNotFoundException|NoSuchFileException");

  private static final Pattern OF_A_LAKE = Pattern.compile("/_delta_log\\b|\\.parquet\\b");

  private static final Pattern SAID =
      Pattern.compile(
          "FILE_NOT_EXIST\\b|Trying to load a non-existent version|DELTA_VERSION_NOT_FOUND"
              + "|DELTA_TRUNCATED_TRANSACTION_LOG|DELTA_LOG_FILE_NOT_FOUND");

  private Vanished() {}

  /** The line that says what is gone; empty where a fault is about something else. */
  public static Optional<String> in(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < DEEPEST; i++) {
      String text = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
      boolean absent = ABSENT.matcher(cause.getClass().getSimpleName()).matches();
      if (SAID.matcher(text).find() || absent && OF_A_LAKE.matcher(text).find()) {
        return Optional.of(text);
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }
}
