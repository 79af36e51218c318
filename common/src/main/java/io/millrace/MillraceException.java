package io.millrace;

/**
 * A fault that a user can act on. The message is one to three lines that name the place, the fault
 * and the mend; the subclass decides the exit code. Anything else that is thrown is a bug.
 */
public abstract sealed class MillraceException extends RuntimeException
    permits SpecException, DataException, UnavailableException, StoppedException {

  private static final long serialVersionUID = 1L;

  MillraceException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The exit code of the process that ends with this fault. */
  public abstract int exitCode();
}
