package io.millrace.jobs.session;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;

/**
 * The log file of this process. Spark's log goes there, so that the terminal shows ours alone; it
 * is made at the first line. Under spark-submit Spark's own configuration has been read before ours
 * and stays in force.
 */
public final class LogFile {

  private static final int KEPT = 20;
  private static final int MOST = 500;
  private static final Duration AT_WORK = Duration.ofDays(1);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Path path;

  private LogFile(Path path) {
    this.path = path;
  }

  /**
   * Chooses the file, below {@code MILLRACE_LOG} or {@code .millrace/logs} or, where that can't be
   * written, the system's folder for temporary files, and tells log4j2 of it. Must come before the
   * first class that logs. Of the folder the newest twenty files are kept, and those that were
   * written to within a day, at most 500: many commands may be at work.
   */
  public static LogFile open(Map<String, String> environment, Clock clock) {
    Path folder = folder(environment, clock.instant());
    String name =
        "millrace-" + STAMP.format(clock.instant()) + "-" + ProcessHandle.current().pid() + ".log";
    String told = System.getProperty("millrace.driver.log");
    LogFile log = new LogFile(told == null ? folder.resolve(name).toAbsolutePath() : Path.of(told));
    setDefault("millrace.log", log.path.toString());
    setDefault("log4j2.configurationFile", "millrace-log4j2.properties");
    setDefault("log4j2.disableJmx", "true");
    setDefault("slf4j.internal.verbosity", "ERROR");
    return log;
  }

  /** Where the file is, or will be. */
  public Path path() {
    return path;
  }

  /**
   * Appends a fault with its trace; a fault of doing so is swallowed, for another is being told.
   */
  public void append(Throwable fault) {
    StringWriter trace = new StringWriter();
    fault.printStackTrace(new PrintWriter(trace));
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(
          path, trace.toString(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      fault.addSuppressed(unwritable);
    }
  }

  private static Path folder(Map<String, String> environment, Instant now) {
    String told = environment.getOrDefault("MILLRACE_LOG", "");
    Path folder = Path.of(told.isEmpty() ? ".millrace/logs" : told).toAbsolutePath();
    Path existing = folder;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing != null && Files.isDirectory(existing) && Files.isWritable(existing)) {
      prune(folder, now);
      return folder;
    }
    return Path.of(System.getProperty("java.io.tmpdir"), "millrace-logs");
  }

  /** Takes old files away. */
  static void prune(Path folder, Instant now) {
    String[] names = folder.toFile().list((in, name) -> name.matches("millrace-\\d.*\\.log"));
    if (names != null) {
      Arrays.sort(names, Comparator.reverseOrder());
      long since = now.minus(AT_WORK).toEpochMilli();
      for (int i = KEPT; i < names.length; i++) {
        File file = folder.resolve(names[i]).toFile();
        if (i >= MOST || file.lastModified() < since) {
          file.delete();
        }
      }
    }
  }

  private static void setDefault(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
