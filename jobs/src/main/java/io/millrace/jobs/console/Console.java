package io.millrace.jobs.console;

import java.io.PrintStream;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The only writer to the two output streams. Results (ended stages, tables, JSON) go to standard
 * output, everything else to standard error. The line of a running stage is redrawn on a terminal;
 * a log gets one line a minute. With JSON, standard output holds one object per line and nothing
 * else. Safe for use by many threads.
 */
public final class Console implements AutoCloseable {

  /** How results are written. */
  public enum Format {
    TEXT,
    JSON
  }

  private final Terminal terminal;
  private final Format format;
  private final PrintStream out;
  private final PrintStream err;
  private final Ticker ticker;
  private StageLine running;
  private String drawn = "";
  private boolean silent;
  private boolean handedOver;
  private boolean brief;
  private int expected;
  private int ended;
  private double endedSeconds;

  public Console(Terminal terminal, Format format, PrintStream out, PrintStream err) {
    this.terminal = terminal;
    this.format = format;
    this.out = out;
    this.err = err;
    this.ticker = new Ticker(terminal.live(), this::tick);
  }

  /** What the streams are connected to. */
  public Terminal terminal() {
    return terminal;
  }

  /** Whether results are written for machines. */
  public boolean isJson() {
    return format == Format.JSON;
  }

  /** Tells how many stages are to come, so that the time that is left can be estimated. */
  public synchronized void expect(int stages) {
    expected = stages;
    ended = 0;
    endedSeconds = 0;
  }

  /** From now on stages that end well leave no line: the command tells of them in its own words. */
  public synchronized void brief() {
    brief = true;
  }

  /** Begins the line of a stage; the one before it is abandoned. */
  public synchronized StageLine begin(String stage, String pipeline, LocalDate date) {
    running = new StageLine(this, stage, pipeline, date);
    ticker.start();
    if (terminal.live()) {
      draw(running.progress(left()));
    }
    return running;
  }

  /** Tells how many of the tasks known so far have ended. */
  public synchronized void tasks(int done, int total) {
    if (running != null) {
      running.tasks(done, total);
    }
  }

  /** Something that a person should know but that stops nothing. */
  public synchronized void warn(String text) {
    erase();
    err.println(paint(Colour.YELLOW, "warning: ") + text);
  }

  /** Something that a person may like to know, such as a default that was taken. */
  public synchronized void info(String text) {
    erase();
    err.println(text);
  }

  /** A line of the result itself, such as a path that was written or a page of help. */
  public synchronized void print(String text) {
    erase();
    if (format == Format.JSON) {
      json(Map.of("event", "text", "text", text));
    } else {
      out.println(text);
    }
  }

  /**
   * Tells that the process was told to end, and is silent from then on: the faults that follow come
   * of the ending.
   */
  public synchronized void interrupted() {
    if (handedOver) {
      return;
    }
    erase();
    running = null;
    err.println(
        paint(Colour.YELLOW, "millrace: ")
            + "interrupted; what was committed stays, the same command again does the rest");
    silent = true;
  }

  /**
   * Something that machines wait for and people are told in other words: a line with JSON, nothing
   * without.
   *
   * @param name what {@code event} says
   */
  public synchronized void event(String name, Map<String, ?> fields) {
    if (format == Format.JSON) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("event", name);
      event.putAll(fields);
      json(event);
    }
  }

  /** From now on another process tells all there is to tell, until {@link #takeBack}. */
  public synchronized void handOver() {
    erase();
    running = null;
    silent = true;
    handedOver = true;
  }

  /** This process tells again. */
  public synchronized void takeBack() {
    silent = false;
    handedOver = false;
  }

  /** Passes on what another process wrote to its two streams. */
  public synchronized void relay(String otherOut, String otherErr) {
    erase();
    err.print(otherErr);
    out.print(otherOut);
  }

  /**
   * A part of a result: a heading, facts, and a table where there are rows. With JSON one line,
   * whose {@code section} is the heading.
   *
   * @param name what {@code event} says
   */
  public synchronized void section(
      String name,
      String title,
      Map<String, ?> facts,
      List<String> headers,
      List<? extends List<?>> rows) {
    if (format == Format.JSON) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("event", name);
      event.put("section", title);
      event.put("facts", facts);
      event.put("rows", rows.stream().map(row -> object(headers, row)).toList());
      json(event);
      return;
    }
    erase();
    out.println(paint(Colour.BOLD, title));
    int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
    facts.forEach(
        (fact, value) ->
            out.println(
                ("  %-" + width + "s  %s").formatted(fact, Table.text(value)).stripTrailing()));
    if (!rows.isEmpty()) {
      Table.lines(headers, rows, terminal.columns()).forEach(line -> out.println("  " + line));
    }
    out.println();
  }

  /** A fault that ends the command; its first line begins with {@code millrace: }. */
  public synchronized void fault(int exitCode, String message) {
    if (silent) {
      return;
    }
    erase();
    running = null;
    err.println(paint(Colour.RED, "millrace: ") + message);
    if (format == Format.JSON) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("event", "fault");
      event.put("exit_code", exitCode);
      event.put("message", message);
      json(event);
    }
  }

  /**
   * A table: aligned columns, cut to the width of a terminal; with JSON one object per row.
   *
   * @param rows one value per header; numbers stay numbers in JSON and stand to the right in text
   */
  public synchronized void table(List<String> headers, List<? extends List<?>> rows) {
    erase();
    if (format == Format.JSON) {
      rows.forEach(row -> json(object(headers, row)));
      return;
    }
    List<String> lines = Table.lines(headers, rows, terminal.columns());
    out.println(paint(Colour.BOLD, lines.get(0)));
    lines.stream().skip(1).forEach(out::println);
  }

  @Override
  public synchronized void close() {
    erase();
    running = null;
    ticker.stop();
    out.flush();
    err.flush();
  }

  synchronized void end(StageLine line, String status, String message) {
    if (running == line) {
      running = null;
    }
    ended++;
    endedSeconds += line.seconds();
    erase();
    if (format == Format.JSON) {
      json(event(line, status, message));
      return;
    }
    if (brief) {
      return;
    }
    Colour colour = status.equals("stopped") ? Colour.YELLOW : Colour.GREEN;
    String head = line.head();
    String took = status.equals("already-done") ? "" : "  " + StageLine.duration(line.seconds());
    out.println(
        paint(colour, head.substring(0, line.stage().length()))
            + head.substring(line.stage().length())
            + "  "
            + message
            + paint(Colour.DIM, took));
  }

  synchronized void abandon(StageLine line) {
    if (running == line) {
      running = null;
      erase();
    }
  }

  private synchronized void tick() {
    if (running == null) {
      return;
    }
    if (terminal.live()) {
      draw(running.progress(left()));
    } else {
      err.println(running.progress(left()));
    }
  }

  private String left() {
    if (expected <= ended || ended == 0) {
      return "";
    }
    return StageLine.duration(endedSeconds / ended * (expected - ended));
  }

  private void draw(String text) {
    String line = Table.cut(text, terminal.columns().orElse(80) - 1);
    String blanks = " ".repeat(Math.max(0, drawn.length() - line.length()));
    err.print("\r" + line + blanks + "\r");
    err.flush();
    drawn = line;
  }

  private void erase() {
    if (!drawn.isEmpty()) {
      err.print("\r" + " ".repeat(drawn.length()) + "\r");
      err.flush();
      drawn = "";
    }
  }

  private static Map<String, Object> event(StageLine line, String status, String message) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", "stage");
    event.put("stage", line.stage());
    event.put("pipeline", line.pipeline());
    event.put("date", line.date());
    event.put("status", status);
    event.put("rows", line.rows() < 0 ? null : line.rows());
    event.put("seconds", Math.round(line.seconds() * 1000) / 1000.0);
    event.put("message", message);
    return event;
  }

  private static Map<String, Object> object(List<String> headers, List<?> row) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < headers.size(); i++) {
      object.put(headers.get(i), row.get(i));
    }
    return object;
  }

  private void json(Map<String, ?> object) {
    out.println(JsonLines.line(object));
  }

  private String paint(Colour colour, String text) {
    return terminal.colour() ? colour.paint(text) : text;
  }
}
