package io.millrace.jobs.session;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The libraries' warnings in the {@link LogFile}, as log4j2 writes them there: for commands that
 * only look at logs and small tables, of whose time log4j2's start would be a tenth. The launcher
 * chooses it by {@code slf4j.provider}.
 */
public final class PlainLogging implements SLF4JServiceProvider {

  /** As in {@code millrace-log4j2.properties}: these warn of what is meant. */
  private static final Set<String> QUIET =
      Set.of(
          "org.apache.hadoop.util.NativeCodeLoader",
          "org.apache.hadoop.fs.s3a.S3ABlockOutputStream",
          "org.apache.hadoop.fs.s3a.S3AInstrumentation");

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private final Path file;
  private final Clock clock;
  private final Map<String, Lines> loggers = new ConcurrentHashMap<>();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();

  /** Called by SLF4J. */
  public PlainLogging() {
    this(Path.of(System.getProperty("millrace.log")), Clock.systemUTC());
  }

  /** Writes to this file. */
  public PlainLogging(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> loggers.computeIfAbsent(name, Lines::new);
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {
    // Nothing is opened before the first line.
  }

  private synchronized void write(String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      // As with log4j2: a log that can't be written ends no command.
      return;
    }
  }

  /** One library's class. */
  private final class Lines extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    Lines(String name) {
      this.name = name;
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String message, Object[] arguments, Throwable fault) {
      StringWriter text = new StringWriter();
      PrintWriter line = new PrintWriter(text);
      line.printf(
          "%s %s %s %s: %s%n",
          STAMP.format(clock.instant()),
          level,
          Thread.currentThread().getName(),
          name.substring(name.lastIndexOf('.') + 1),
          MessageFormatter.basicArrayFormat(message, arguments));
      if (fault != null) {
        fault.printStackTrace(line);
      }
      line.flush();
      write(text.toString());
    }

    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return false;
    }

    @Override
    public boolean isWarnEnabled() {
      return !QUIET.contains(name);
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }
  }
}
