package io.millrace;

/** Data that can't be taken as it is. Exit code 3. */
public non-sealed class DataException extends MillraceException {

  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    this(message, null);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitCode() {
    return 3;
  }
}
