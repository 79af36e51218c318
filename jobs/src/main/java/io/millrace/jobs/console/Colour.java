package io.millrace.jobs.console;

/** The few renditions that the console uses (ECMA-48, "select graphic rendition"). */
enum Colour {
  BOLD(1),
  DIM(2),
  RED(31),
  GREEN(32),
  YELLOW(33);

  private final int code;

  Colour(int code) {
    this.code = code;
  }

  String paint(String text) {
    return text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
