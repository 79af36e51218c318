package io.millrace.jobs;

import io.millrace.StoppedException;

/** A date's predictions that monitor keeps back; a range of dates goes on without it. */
final class HeldException extends StoppedException {

  private static final long serialVersionUID = 1L;

  HeldException(String message) {
    super(message);
  }
}
