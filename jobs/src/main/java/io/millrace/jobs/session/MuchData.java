package io.millrace.jobs.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the launcher can't know before a JVM runs: whether a command has much to do. It names a file
 * by {@code millrace.much-data}; where that is there, the next JVM for the same command compiles in
 * full. A hint for speed alone, so what goes wrong with it is passed over.
 */
final class MuchData {

  private static final String PROPERTY = "millrace.much-data";

  private MuchData() {}

  static void mark(boolean much) {
    Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).ifPresent(f -> mark(f, much));
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
