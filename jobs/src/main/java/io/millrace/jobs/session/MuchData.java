package io.millrace.jobs.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the launcher can't know before a JVM runs: whether a command has much to do. It names a file
 * by {@code millrace.much-data}; where that is there, the next JVM for the same command compiles in
 * full. A hint for speed alone, so what goes wrong with it is passed over.
 */
final class MuchData {

  private static final String PROPERTY = "millrace.much-data";

  /** Time of the processors in which the optimising compiler would have paid. */
  private static final Duration LONG = Duration.ofSeconds(90);

  private MuchData() {}

  static void mark(boolean much) {
    Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).ifPresent(f -> mark(f, much));
  }

  /**
   * For a command that nobody could tell the data of, such as a query: it is marked where this
   * process took long. One that took little says nothing of the next, so no mark is taken away.
   */
  static void markIfLong() {
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .filter(MuchData::isLong)
        .ifPresent(t -> mark(true));
  }

  static boolean isLong(Duration processors) {
    return processors.compareTo(LONG) > 0;
  }

  static void mark(Path file, boolean much) {
    try {
      if (!much) {
        Files.deleteIfExists(file);
      } else if (!Files.exists(file)) {
        Files.createDirectories(file.getParent());
        Files.createFile(file);
      }
    } catch (IOException e) {
      System.getLogger(MuchData.class.getName()).log(System.Logger.Level.DEBUG, "no mark", e);
    }
  }
}
