package io.millrace;

/** Something outside that a later try may find mended: storage, slots, a lost race. Exit code 4. */
public final class UnavailableException extends MillraceException {

  private static final long serialVersionUID = 1L;

  public UnavailableException(String message) {
    this(message, null);
  }

  public UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitCode() {
    return 4;
  }
}
