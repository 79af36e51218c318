package io.millrace.jobs;

import io.millrace.DataException;

/**
 * What a stage needs hasn't been made from the present inputs by the stage before. A chain that has
 * just run that stage goes back to it: somebody else has moved the inputs meanwhile.
 */
final class NotMadeException extends DataException {

  private static final long serialVersionUID = 1L;

  NotMadeException(String message) {
    super(message);
  }
}
