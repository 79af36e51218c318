package io.millrace.jobs.cli;

import io.millrace.jobs.console.Console;
import java.io.Writer;

/** Passes pages of help to the console, which alone writes to the streams. */
final class ConsoleWriter extends Writer {

  private final Console console;
  private final StringBuilder page = new StringBuilder();

  ConsoleWriter(Console console) {
    this.console = console;
  }

  @Override
  public void write(char[] buffer, int offset, int length) {
    page.append(buffer, offset, length);
  }

  @Override
  public void flush() {
    String text = page.toString().stripTrailing();
    page.setLength(0);
    if (!text.isEmpty()) {
      console.print(text);
    }
  }

  @Override
  public void close() {
    flush();
  }
}
