package io.millrace.table;

import io.millrace.UnavailableException;
import java.util.function.Supplier;

/** Resolve, compute, publish; on a lost race resolve anew, three times in all. */
public final class Attempts {

  private static final int TRIES = 3;

  private Attempts() {}

  /**
   * @param what what is being written, for the message
   * @param attempt resolves its inputs anew at each call and finds out itself that nothing is left
   *     to do
   * @throws UnavailableException where each try lost
   */
  public static <T> T run(String what, Supplier<T> attempt) {
    LostRaceException last = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        return attempt.get();
      } catch (LostRaceException e) {
        last = e;
      }
    }
    throw new UnavailableException(
        what + ": another process kept writing it; nothing of ours was written, try again", last);
  }
}
