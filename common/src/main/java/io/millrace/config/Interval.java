package io.millrace.config;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An interval of numbers, open or closed at either end; an absent end is no limit. */
record Interval(OptionalDouble low, boolean lowOpen, OptionalDouble high, boolean highOpen) {

  private static final Pattern FORM = Pattern.compile("([\\[(])([^,]*),([^,]*)([\\])])");

  /** Reads {@code [1, )} or {@code (0, 1]}. */
  static Interval parse(String text) {
    Matcher form = FORM.matcher(text.trim());
    if (!form.matches()) {
      throw new IllegalArgumentException("not an interval: " + text);
    }
    return new Interval(
        end(form.group(2)),
        form.group(1).equals("("),
        end(form.group(3)),
        form.group(4).equals(")"));
  }

  private static OptionalDouble end(String text) {
    return text.isBlank()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Double.parseDouble(text.trim()));
  }

  boolean contains(double x) {
    boolean above = low.isEmpty() || (lowOpen ? x > low.getAsDouble() : x >= low.getAsDouble());
    boolean below = high.isEmpty() || (highOpen ? x < high.getAsDouble() : x <= high.getAsDouble());
    return above && below;
  }

  /** In words: {@code above 0 and at most 1}. */
  String words() {
    StringBuilder words = new StringBuilder();
    low.ifPresent(x -> words.append(lowOpen ? "above " : "at least ").append(Numbers.text(x)));
    if (low.isPresent() && high.isPresent()) {
      words.append(" and ");
    }
    high.ifPresent(x -> words.append(highOpen ? "below " : "at most ").append(Numbers.text(x)));
    return words.toString();
  }
}
