package io.millrace.ingest;

import io.millrace.config.SourceSpec.ColumnType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The narrowest type of a text, as one bit, so that bits of many texts can be put together. */
final class TextType {

  static final int LONG = 1;
  static final int DOUBLE = 2;
  static final int BOOLEAN = 4;
  static final int DATE = 8;
  static final int TIMESTAMP = 16;

  /** Above all other bits. */
  static final int TEXT = 32;

  private static final int MOST_DIGITS = 19;
  private static final Pattern DECIMAL =
      Pattern.compile(
          "-?((0|[1-9][0-9]*)\\.[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?"
              + "|-?(0|[1-9][0-9]*)[eE][+-]?[0-9]+|[+-]?[iI]nf(inity)?|[nN]a[nN]");
  private static final Pattern ISO_TIME =
      Pattern.compile(
          "([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?)"
              + "(Z|[+-][0-9]{2}:?[0-9]{2})?");

  private TextType() {}

  /** The narrowest type of all texts; none without texts. */
  static Optional<ColumnType> of(Collection<String> texts) {
    return of(texts.stream().mapToInt(TextType::mask).reduce(0, (a, b) -> a | b));
  }

  /** The narrowest type that has all bits; none without a bit. */
  static Optional<ColumnType> of(int mask) {
    return switch (mask) {
      case 0 -> Optional.empty();
      case LONG -> Optional.of(ColumnType.LONG);
      case DOUBLE, LONG | DOUBLE -> Optional.of(ColumnType.DOUBLE);
      case BOOLEAN -> Optional.of(ColumnType.BOOLEAN);
      case DATE -> Optional.of(ColumnType.DATE);
      case TIMESTAMP, DATE | TIMESTAMP -> Optional.of(ColumnType.TIMESTAMP);
      default -> Optional.of(ColumnType.STRING);
    };
  }

  static boolean isNumber(String text) {
    return (mask(text) & (LONG | DOUBLE)) != 0;
  }

  /** The bit of a text; the rules stand in {@link TypeInference}. */
  static int mask(String text) {
    if (text.isEmpty()) {
      return TEXT;
    }
    char first = text.charAt(0);
    if (first >= '0' && first <= '9' || first == '-') {
      return isInteger(text) ? LONG : numberOrTime(text);
    }
    if (first == '.' || first == '+' || "iInN".indexOf(first) >= 0) {
      return DECIMAL.matcher(text).matches() ? DOUBLE : TEXT;
    }
    boolean truth = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
    return truth ? BOOLEAN : TEXT;
  }

  private static int numberOrTime(String text) {
    if (text.length() >= 10 && text.charAt(4) == '-') {
      return time(text);
    }
    return DECIMAL.matcher(text).matches() ? DOUBLE : TEXT;
  }

  /** A whole number of 64 bits in its shortest form. */
  private static boolean isInteger(String text) {
    int start = text.charAt(0) == '-' ? 1 : 0;
    int digits = text.length() - start;
    if (digits == 0 || digits > MOST_DIGITS || text.charAt(start) == '0' && text.length() > 1) {
      return false;
    }
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return digits < MOST_DIGITS || isLong(text);
  }

  private static boolean isLong(String text) {
    try {
      Long.parseLong(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static int time(String text) {
    try {
      if (text.length() == 10) {
        LocalDate.parse(text);
        return DATE;
      }
      Matcher matcher = ISO_TIME.matcher(text);
      if (!matcher.matches()) {
        return TEXT;
      }
      LocalDate.parse(matcher.group(1));
      LocalTime.parse(matcher.group(2));
      if (matcher.group(3) != null) {
        ZoneOffset.of(matcher.group(3));
      }
      return TIMESTAMP;
    } catch (DateTimeException e) {
      return TEXT;
    }
  }
}
