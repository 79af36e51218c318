package io.millrace.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as a spec writes them: {@code 30d}, {@code 12h}; a day has 24 hours. */
public final class Spans {

  /** What a span looks like, as a regular expression. */
  static final String PATTERN = "[0-9]+[smhdw]";

  private static final Pattern SPAN = Pattern.compile("([0-9]{1,9})([smhdw])");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1),
          "w", Duration.ofDays(7));

  private Spans() {}

  /** The span that a text says; empty where it is none. */
  public static Optional<Duration> parse(String text) {
    Matcher span = SPAN.matcher(text);
    return span.matches()
        ? Optional.of(UNITS.get(span.group(2)).multipliedBy(Long.parseLong(span.group(1))))
        : Optional.empty();
  }

  /** The shortest text of a span, in the largest unit that divides it: {@code 1w} is {@code 7d}. */
  public static String text(Duration span) {
    long seconds = span.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    } else if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
