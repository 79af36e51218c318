package io.millrace.retain;

import java.time.Duration;
import java.time.Instant;

/**
 * What a vacuum keeps beside pins.
 *
 * @param retain what was current within it is kept
 * @param grace how long a command may take from what it reads or writes first to its commit
 */
public record Rules(Duration retain, Duration grace) {

  /** A month of versions, a day for a command. */
  public static final Rules USUAL = new Rules(Duration.ofDays(30), Duration.ofHours(24));

  /** Versions that were current at this moment or later are kept. */
  Instant currentSince(Instant now) {
    return now.minus(reach());
  }

  /** How far back all versions are kept. */
  Duration reach() {
    return retain.compareTo(grace) > 0 ? retain : grace;
  }

  /** Files that were written at this moment or later are kept. */
  Instant writtenSince(Instant now) {
    return now.minus(grace);
  }
}
