package io.millrace.config;

import io.millrace.Nearest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One scalar to a text, a number, true or false, or the constant of an enum. */
record ScalarBinder(Faults faults) {

  private static final String A_DATE = "a date such as 2018-07-25";
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern PERCENT = Pattern.compile("[0-9]+(\\.[0-9]+)?%");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

  /** The value, or null where a fault was added. */
  Object scalar(Class<?> type, Tree tree, KeyPath path, Optional<Interval> within) {
    if (!(tree instanceof Tree.Text text)) {
      return wrong(path, expected(type), tree);
    }
    if (type == String.class) {
      return text.value();
    }
    if (type.isEnum()) {
      return constant(type, text, path);
    }
    if (type == boolean.class || type == Boolean.class) {
      return truth(text, path);
    }
    if (type == Duration.class) {
      Optional<Duration> span = Spans.parse(text.value());
      return span.isPresent() ? span.get() : wrong(path, "a span of time such as 7d or 12h", text);
    }
    if (type == LocalDate.class) {
      return date(text, path);
    }
    Object number = number(type, text, path);
    if (number != null && within.isPresent()) {
      Interval interval = within.get();
      if (!interval.contains(((Number) number).doubleValue())) {
        faults.add(path, "expected a number " + interval.words() + ", found " + text.shown());
        return null;
      }
    }
    return number;
  }

  /** A share that is written as {@code 0.1%}, as {@code 0.001}; all else as it is. */
  static Tree share(Tree tree) {
    if (tree instanceof Tree.Text text && PERCENT.matcher(text.value()).matches()) {
      String number = text.value().substring(0, text.value().length() - 1);
      return text.withValue(new BigDecimal(number).movePointLeft(2).toPlainString());
    }
    return tree;
  }

  private static String expected(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (type.isEnum()) {
      return "one of " + String.join(", ", Words.of(type).toList());
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == Duration.class) {
      return "a span of time such as 7d or 12h";
    }
    if (type == LocalDate.class) {
      return A_DATE;
    }
    return type == double.class || type == Double.class ? "a number" : "a whole number";
  }

  private Object wrong(KeyPath path, String expected, Tree found) {
    faults.add(path, "expected " + expected + ", found " + found.found());
    return null;
  }

  private Object constant(Class<?> type, Tree.Text text, KeyPath path) {
    List<String> words = Words.of(type).toList();
    int ordinal = words.indexOf(text.value());
    if (ordinal >= 0) {
      return type.getEnumConstants()[ordinal];
    }
    String mend = Nearest.of(text.value(), words).map(w -> "; did you mean " + w + "?").orElse("");
    faults.add(path, "expected " + expected(type) + ", found " + text.found() + mend);
    return null;
  }

  private Object truth(Tree.Text text, KeyPath path) {
    return switch (text.value()) {
      case "true" -> true;
      case "false" -> false;
      default -> wrong(path, "true or false", text);
    };
  }

  private Object date(Tree.Text text, KeyPath path) {
    try {
      return LocalDate.parse(text.value());
    } catch (DateTimeParseException e) {
      return wrong(path, A_DATE, text);
    }
  }

  private Object number(Class<?> type, Tree.Text text, KeyPath path) {
    boolean real = type == double.class || type == Double.class;
    if (!(real ? NUMBER : WHOLE).matcher(text.value()).matches()) {
      return wrong(path, expected(type), text);
    }
    try {
      if (real) {
        double x = Double.parseDouble(text.value());
        return Double.isFinite(x) ? (Object) x : wrong(path, "a number that fits 64 bits", text);
      }
      if (type == long.class || type == Long.class) {
        return Long.parseLong(text.value());
      }
      return Integer.parseInt(text.value());
    } catch (NumberFormatException e) {
      boolean wide = type == long.class || type == Long.class;
      return wrong(path, "a whole number of at most " + (wide ? 64 : 32) + " bits", text);
    }
  }
}
