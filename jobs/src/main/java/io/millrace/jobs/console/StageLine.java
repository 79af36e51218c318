package io.millrace.jobs.console;

import java.time.LocalDate;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The line of one stage of one pipeline and date: redrawn while it runs on a terminal, written once
 * when it ends. Closing it before {@link #done} takes the live line away and writes nothing, since
 * the fault that ended it is told elsewhere.
 */
public final class StageLine implements AutoCloseable {

  private final Console console;
  private final String stage;
  private final String pipeline;
  private final LocalDate date;
  private final long start = System.nanoTime();
  private long rows = -1;
  private int tasksDone;
  private int tasks;

  StageLine(Console console, String stage, String pipeline, LocalDate date) {
    this.console = console;
    this.stage = stage;
    this.pipeline = pipeline;
    this.date = date;
  }

  /** Tells how many rows have been dealt with so far. */
  public void rows(long count) {
    synchronized (console) {
      rows = count;
    }
  }

  /** Ends the line with what was done, such as {@code wrote 3,712 rows to raw/customers}. */
  public void done(String message) {
    console.end(this, "done", message);
  }

  /** Ends the line of a run whose slice is there already. */
  public void alreadyDone() {
    console.end(this, "already-done", "already done");
  }

  /** Ends the line of a stage that said no; the reason follows as the command's fault. */
  public void stopped(String message) {
    console.end(this, "stopped", message);
  }

  @Override
  public void close() {
    console.abandon(this);
  }

  void tasks(int done, int total) {
    tasksDone = done;
    tasks = total;
  }

  /** What is known of the running stage; {@code left} is the time that remains, or empty. */
  String progress(String left) {
    StringBuilder text = new StringBuilder(head());
    if (rows >= 0) {
      text.append(String.format(Locale.ROOT, "  %,d rows", rows));
      text.append(String.format(Locale.ROOT, ", %,.0f/s", rows / Math.max(seconds(), 0.001)));
    }
    if (tasks > 0) {
      text.append(String.format(Locale.ROOT, "  %,d of %,d tasks", tasksDone, tasks));
    }
    text.append("  ").append(duration(seconds()));
    return left.isEmpty() ? text.toString() : text + ", about " + left + " left";
  }

  String head() {
    return String.format(Locale.ROOT, "%-9s %s  %s", stage, pipeline, date);
  }

  String stage() {
    return stage;
  }

  String pipeline() {
    return pipeline;
  }

  LocalDate date() {
    return date;
  }

  long rows() {
    return rows;
  }

  double seconds() {
    return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /** Seconds as a person says them: {@code 0.4 s}, {@code 12 s}, {@code 3 min 20 s}. */
  static String duration(double seconds) {
    if (seconds < 9.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
