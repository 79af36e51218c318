package io.millrace.validate;

/**
 * What a check found in a slice.
 *
 * @param passed whether it holds
 * @param value what was found
 * @param expected what should have been found
 * @param broken rows that break it
 * @param message a line for people
 */
record Finding(boolean passed, String value, String expected, long broken, String message) {

  /** A finding about the slice as a whole. */
  static Finding of(boolean passed, String value, String expected, String message) {
    return new Finding(passed, value, expected, 0, message);
  }
}
