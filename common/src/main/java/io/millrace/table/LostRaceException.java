package io.millrace.table;

/**
 * Somebody else wrote the slice since its inputs were resolved. Caught by {@link Attempts}, which
 * resolves anew; never shown to a user.
 */
public final class LostRaceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LostRaceException(String message, Throwable cause) {
    super(message, cause);
  }
}
