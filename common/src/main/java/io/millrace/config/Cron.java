package io.millrace.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The five fields of cron: minute, hour, day of month, month, day of week. */
final class Cron {

  private static final List<Field> FIELDS =
      List.of(
          new Field("minute", 0, 59, ""),
          new Field("hour", 0, 23, ""),
          new Field("day of month", 1, 31, ""),
          new Field("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
          new Field("day of week", 0, 7, "sun mon tue wed thu fri sat"));

  private Cron() {}

  private record Field(String name, int low, int high, String names) {

    Optional<String> fault(String text) {
      for (String item : text.split(",", -1)) {
        if (!isItem(item)) {
          return Optional.of(
              "'" + text + "' is no " + name + " (" + low + " to " + high + ", *, */n, a-b, a,b)");
        }
      }
      return Optional.empty();
    }

    private boolean isItem(String item) {
      String[] step = item.split("/", -1);
      if (step.length > 2 || step.length == 2 && !step[1].matches("[1-9][0-9]?")) {
        return false;
      }
      if (step[0].equals("*")) {
        return true;
      }
      String[] ends = step[0].split("-", -1);
      if (ends.length > 2) {
        return false;
      }
      int first = number(ends[0]);
      int last = number(ends[ends.length - 1]);
      return first >= low && last >= first && last <= high;
    }

    /** The number that a text says, by digits or by name; -1 where it says none. */
    private int number(String text) {
      if (text.matches("[0-9]{1,2}")) {
        return Integer.parseInt(text);
      }
      int at = List.of(names.split(" ")).indexOf(text.toLowerCase(Locale.ROOT));
      return text.isEmpty() || at < 0 ? -1 : low + at;
    }
  }

  /** What is wrong with a text; empty where it is a schedule. */
  static Optional<String> fault(String text) {
    String[] parts = text.trim().split(" +");
    if (parts.length != FIELDS.size()) {
      return Optional.of("'" + text + "' hasn't the five fields of cron");
    }
    for (int i = 0; i < parts.length; i++) {
      Optional<String> fault = FIELDS.get(i).fault(parts[i]);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }
}
