package io.millrace.jobs.console;

import java.util.concurrent.TimeUnit;

/** Calls the same action again and again on a thread that keeps no process alive. */
final class Ticker {

  private static final long REDRAW_MS = 200;
  private static final long LOG_LINE_MS = TimeUnit.MINUTES.toMillis(1);

  private final long pause;
  private final Runnable action;
  private Thread thread;

  /** On a terminal five times a second, in a log once a minute. */
  Ticker(boolean live, Runnable action) {
    this.pause = live ? REDRAW_MS : LOG_LINE_MS;
    this.action = action;
  }

  synchronized void start() {
    if (thread == null) {
      thread = new Thread(this::tick, "console");
      thread.setDaemon(true);
      thread.start();
    }
  }

  synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  private void tick() {
    try {
      while (true) {
        Thread.sleep(pause);
        action.run();
      }
    } catch (InterruptedException stopped) {
      // The way that stop() ends this thread.
    }
  }
}
