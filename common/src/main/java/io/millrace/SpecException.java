package io.millrace;

/** A spec or an argument that can't be meant. Exit code 2. */
public final class SpecException extends MillraceException {

  private static final long serialVersionUID = 1L;

  public SpecException(String message) {
    this(message, null);
  }

  public SpecException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitCode() {
    return 2;
  }
}
