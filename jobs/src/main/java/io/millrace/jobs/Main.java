package io.millrace.jobs;

import io.millrace.jobs.cli.Cli;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.jobs.session.LogFile;
import io.millrace.table.Lake;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;

/** The entry of the process, also of {@code spark-submit}; the only place that ends it. */
public final class Main {

  /** Of a driver whose launcher was ended; nobody reads it, but a cluster's page shows it. */
  private static final int UNAVAILABLE = 4;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    LogFile log = LogFile.open(System.getenv(), Clock.systemUTC());
    if (args.length > 1) {
      Lake.warmUp();
    }
    // Else the command line's library looks for a class of Groovy's in each jar of the class path.
    System.setProperty("picocli.disable.closures", "true");
    Driver driver = Driver.detect();
    PrintStream out = driver.out(utf8(FileDescriptor.out));
    PrintStream err = driver.err(utf8(standardError()));
    System.setOut(out);
    System.setErr(err);
    Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> log.append(fault));
    Console console = new Console(Terminal.detect(System.getenv()), Cli.format(args), out, err);
    AtomicBoolean ended = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(ended, console)));
    driver.leash(() -> System.exit(UNAVAILABLE));
    int exitCode = execute(args, driver, console, log);
    console.close();
    driver.tell(exitCode, log);
    ended.set(true);
    System.exit(exitCode);
  }

  /** A class path that lacks something is told as what it is, not as an interruption. */
  private static int execute(String[] args, Driver driver, Console console, LogFile log) {
    try {
      OnCluster elsewhere = new OnCluster(console, log.path());
      return new Cli(PipelineVerbs::new, console, log, Clock.systemUTC(), elsewhere)
          .execute(driver.arguments(args));
    } catch (Throwable fault) {
      log.append(fault);
      console.fault(1, "a bug: " + fault + "; log: " + log.path());
      return 1;
    }
  }

  /** Every commit is atomic, so an interrupted command leaves nothing to be cleaned up. */
  private static void interrupted(AtomicBoolean ended, Console console) {
    if (ended.compareAndSet(false, true)) {
      console.interrupted();
    }
  }

  /** Standard error, or the copy of it that the launcher made. */
  private static FileDescriptor standardError() {
    Integer copy = Integer.getInteger("millrace.err.descriptor");
    if (copy == null) {
      return FileDescriptor.err;
    }
    try {
      Constructor<FileDescriptor> of = FileDescriptor.class.getDeclaredConstructor(int.class);
      of.setAccessible(true);
      return of.newInstance(copy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the launcher must open java.io to this program", e);
    }
  }

  private static PrintStream utf8(FileDescriptor stream) {
    return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }
}
