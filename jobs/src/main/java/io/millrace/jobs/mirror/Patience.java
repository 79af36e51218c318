package io.millrace.jobs.mirror;

import java.time.Duration;

/** How long a server is waited for: in all, and for each answer. */
public final class Patience {

  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final long end;
  private final Duration inAll;
  private final Duration each;

  private Patience(Duration inAll, Duration each) {
    this.end = System.nanoTime() + inAll.toNanos();
    this.inAll = inAll;
    this.each = each;
  }

  /** Of a command that has other things to do. */
  public static Patience brief() {
    return new Patience(Duration.ofSeconds(30), ANSWER);
  }

  /** Of a command that does nothing else. */
  public static Patience ample() {
    return new Patience(Duration.ofHours(1), Duration.ofMinutes(5));
  }

  /** How long the next answer may take; zero or less where time is up. */
  Duration left() {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    return left.compareTo(each) < 0 ? left : each;
  }

  Duration inAll() {
    return inAll;
  }
}
