package io.millrace;

/** A check, gate or audit said no. Exit code 10. */
public non-sealed class StoppedException extends MillraceException {

  private static final long serialVersionUID = 1L;

  public StoppedException(String message) {
    this(message, null);
  }

  public StoppedException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitCode() {
    return 10;
  }
}
