package io.millrace.jobs.cli;

import io.millrace.MillraceException;
import io.millrace.table.Vanished;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a person is told of something thrown.
 *
 * @param logged whether its trace belongs in the log, since the message can't tell all
 */
record Fault(int exitCode, String message, boolean logged) {

  private static final int BUG = 1;
  private static final int UNAVAILABLE = 4;
  private static final int DEEPEST = 50;
  private static final int LONGEST = 300;

  /** What Spark says where executors or the master are gone. */
  private static final Pattern CLUSTER =
      Pattern.compile(
          "ExecutorLostFailure|cancelled as part of cancellation of all jobs"
              + "|masters are unresponsive|Master removed our application"
              + "|Spark cluster looks down|SparkContext (was|has been) shut ?down"
              + "|stopped SparkContext|Could not recover from a failed barrier"
              + "|(executor|worker) lost|heartbeat timed out",
          Pattern.CASE_INSENSITIVE);

  /**
   * Looks for the first cause that it knows: ours first, however deep a library has wrapped it;
   * then faults of the machine (memory, disk, rights, network) and files that others took away; the
   * rest are bugs.
   */
  static Fault of(Throwable thrown, Path log) {
    List<Throwable> chain = chain(thrown);
    for (Throwable cause : chain) {
      if (cause instanceof MillraceException ours) {
        return new Fault(ours.exitCode(), ours.getMessage(), ours.getCause() != null);
      }
    }
    for (Throwable cause : chain) {
      Optional<String> known = ofMachine(cause);
      if (known.isPresent()) {
        return new Fault(UNAVAILABLE, known.get() + System.lineSeparator() + "log: " + log, true);
      }
    }
    Optional<String> gone = Vanished.in(thrown);
    if (gone.isPresent()) {
      String message =
          "what this command was reading is gone: "
              + gone.get()
              + "; another process took it away (erase, vacuum, branch drop), or somebody deleted"
              + " files of the lake; the same command again reads what is there now";
      return new Fault(UNAVAILABLE, message + System.lineSeparator() + "log: " + log, true);
    }
    return new Fault(BUG, "a bug: " + summary(chain) + "; log: " + log, true);
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && chain.size() < DEEPEST; t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  /** By name and text, since these come from libraries that may not even be loaded. */
  private static Optional<String> ofMachine(Throwable cause) {
    String type = cause.getClass().getSimpleName();
    String text = firstLine(cause);
    String lower = text.toLowerCase(Locale.ROOT);
    if (cause instanceof OutOfMemoryError || text.contains("java.lang.OutOfMemoryError")) {
      long mib = Runtime.getRuntime().maxMemory() >> 20;
      return Optional.of(
          String.format(
              Locale.ROOT,
              "out of memory with a heap of %,d MiB; give more by `heap:` in conf/env/<env>.yaml"
                  + " or by MILLRACE_HEAP, such as MILLRACE_HEAP=8g",
              mib));
    }
    if (lower.contains("no space left on device") || lower.contains("disk quota exceeded")) {
      return Optional.of("the disk is full (" + text + "); free some space and run this again");
    }
    if (type.matches("AccessDeniedException|AccessControlException")
        || lower.contains("permission denied")
        || lower.contains("mkdirs failed")
        || text.contains("DELTA_CANNOT_CREATE_LOG_PATH")
        || lower.contains("read-only file system")) {
      return Optional.of("no permission: " + text + "; grant it, or name another lake by --lake");
    }
    if (type.matches(
        "AWS.*Exception|NoAuthWithAWSException|UnknownStoreException|SdkClientException")) {
      return Optional.of("the object store fails us: " + text + "; try again later");
    }
    if (CLUSTER.matcher(text).find()) {
      return Optional.of(
          "the cluster failed: "
              + (text.length() > LONGEST ? text.substring(0, LONGEST) + " …" : text)
              + "; what was committed stays, the same command again does the rest");
    }
    if (type.matches("ConnectException|UnknownHostException|SocketTimeoutException")) {
      return Optional.of("can't reach a service: " + type + ": " + text + "; try again later");
    }
    return Optional.empty();
  }

  private static String summary(List<Throwable> chain) {
    Throwable root = chain.get(chain.size() - 1);
    String text = root.getClass().getSimpleName();
    if (root.getMessage() != null) {
      text += ": " + firstLine(root);
    }
    for (StackTraceElement frame : root.getStackTrace()) {
      if (frame.getClassName().startsWith("io.millrace.")) {
        return text + " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")";
      }
    }
    return text;
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}
