package io.millrace.jobs.faults;

import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What befalls one process that works on a lake. A process is the authority of its URIs, {@code
 * faulty://NAME/folder}, so that threads of several can share a JVM: each has its own file systems,
 * logs of Delta and engines of Kernel.
 */
public final class Faults {

  /** A process whose file system is well. */
  public static final String CALM = "calm";

  private static final Map<String, Faults> BY_PROCESS = new ConcurrentHashMap<>();

  /** What happens at the step that is chosen. */
  public enum Kind {
    NONE,
    /** The process ends before the step: nothing of it touches a file from then on. */
    KILLED_BEFORE,
    /** The process ends after the step, and never hears of its success. */
    KILLED_AFTER,
    /** The step fails, once, and has done nothing. */
    FAILS,
    /** The disk is full from the step on for some steps: a file that is being written is torn. */
    DISK_FULL
  }

  private static final int FULL_FOR = 4;

  private final Kind kind;
  private final int at;
  private final boolean stale;
  private final Random random;
  private int steps;
  private boolean dead;

  private Faults(Kind kind, int at, boolean stale, long seed) {
    this.kind = kind;
    this.at = at;
    this.stale = stale;
    this.random = new Random(seed);
  }

  /**
   * Says what befalls a process.
   *
   * @param at the step, of those that change something, counted from 1
   * @param stale whether folders are sometimes listed without what has just come
   */
  public static Faults befall(String process, Kind kind, int at, boolean stale, long seed) {
    Faults faults = new Faults(kind, at, stale, seed);
    BY_PROCESS.put(process, faults);
    return faults;
  }

  static Faults of(String process) {
    return BY_PROCESS.computeIfAbsent(process, name -> new Faults(Kind.NONE, 0, false, 0));
  }

  /** Whether something has happened. */
  public synchronized boolean struck() {
    return kind != Kind.NONE && steps >= at;
  }

  /** Whether folders are sometimes listed without what has just come. */
  public boolean isStaleAtTimes() {
    return stale;
  }

  @Override
  public synchronized String toString() {
    return kind + (kind == Kind.NONE ? "" : " at " + at) + (stale ? ", stale lists" : "");
  }

  /** What changes a file. */
  interface Step<T> {
    T run() throws IOException;
  }

  /** Does what changes a file, unless this is where it fails. */
  <T> T step(String what, Step<T> step) throws IOException {
    pause();
    boolean after = before(what);
    T done = step.run();
    if (after) {
      die();
      throw new IOException("killed after " + what);
    }
    return done;
  }

  private synchronized boolean before(String what) throws IOException {
    requireAlive();
    steps++;
    int since = steps - at;
    switch (kind) {
      case KILLED_BEFORE -> {
        if (since == 0) {
          dead = true;
          requireAlive();
        }
      }
      case FAILS -> {
        if (since == 0) {
          throw new IOException(what + ": Input/output error");
        }
      }
      case DISK_FULL -> {
        if (since >= 0 && since < FULL_FOR) {
          throw new IOException(what + ": No space left on device");
        }
      }
      default -> {}
    }
    return kind == Kind.KILLED_AFTER && since == 0;
  }

  private synchronized void die() {
    dead = true;
  }

  /** A dead process reads nothing either. */
  synchronized void requireAlive() throws IOException {
    if (dead) {
      throw new IOException("this process was killed");
    }
  }

  /** Whether this listing of a folder lacks what has just come. */
  synchronized boolean isStale() {
    return stale && random.nextInt(8) == 0;
  }

  /** Lets others come in between. */
  private void pause() {
    int milliseconds;
    synchronized (this) {
      milliseconds = random.nextInt(4) == 0 ? random.nextInt(15) : 0;
    }
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
