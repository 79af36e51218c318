package io.millrace.jobs.cli;

import java.util.List;

/** The part of the help page that lists the commands by groups. */
final class CommandList {

  private CommandList() {}

  static String text(List<Commands.Entry> entries) {
    StringBuilder text = new StringBuilder();
    for (Commands.Group group : Commands.Group.values()) {
      text.append(String.format("%n%s:%n", group.heading()));
      for (Commands.Entry entry : entries) {
        if (entry.group() == group) {
          text.append(String.format("  %-10s %s%n", entry.word(), entry.summary()));
        }
      }
    }
    return text.toString();
  }
}
