package io.millrace.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values as texts for a reader; {@value #ABSENT} for what is absent. */
final class Format {

  static final String ABSENT = "–";

  private static final int LONGEST_TITLE = 1000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Format() {}

  /** A count: {@code 41,188}. */
  static String whole(double count) {
    return Double.isFinite(count) ? String.format(Locale.ROOT, "%,.0f", count) : ABSENT;
  }

  /** A number of about four digits: {@code 0.8}, {@code 12.35}, {@code 1,234}, {@code 2.1e-7}. */
  static String number(double value) {
    return inDigits(value, Zeros.LEFT_OUT);
  }

  /** The same with the zeros that make figures of one column as long: {@code 0.8010}. */
  static String figure(double value) {
    return inDigits(value, Zeros.KEPT);
  }

  /** Whether zeros at the end are kept, and how small a number is told by its power of ten. */
  private enum Zeros {
    KEPT(5e-5),
    LEFT_OUT(1e-3);

    private final double smallest;

    Zeros(double smallest) {
      this.smallest = smallest;
    }
  }

  private static String inDigits(double value, Zeros zeros) {
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? ABSENT : value > 0 ? "∞" : "−∞";
    } else if (size >= 999.95 && size < 1e15) {
      return signed(String.format(Locale.ROOT, "%,.0f", value));
    } else if (size != 0 && (size < zeros.smallest || size >= 1e15)) {
      return signed(String.format(Locale.ROOT, "%.1e", value));
    }
    int decimals = size < 10 ? 4 : size < 100 ? 2 : 1;
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN);
    BigDecimal shown = zeros == Zeros.KEPT ? rounded : rounded.stripTrailingZeros();
    return signed((shown.scale() < 0 ? shown.setScale(0) : shown).toPlainString());
  }

  /** A share: {@code 12.3 %}, {@code 0.04 %}. */
  static String share(double part) {
    if (!Double.isFinite(part)) {
      return ABSENT;
    }
    double percent = 100 * part;
    String pattern =
        percent == 0 || percent == 100 ? "%.0f" : Math.abs(percent) < 1 ? "%.2f" : "%.1f";
    String text = String.format(Locale.ROOT, pattern, percent);
    return (text.equals("0.00") ? "<0.01" : text) + "\u202f%";
  }

  /** A share of a whole. */
  static String share(double part, double whole) {
    return share(whole == 0 ? Double.NaN : part / whole);
  }

  /** A number of text or of digits with decimals: numbers are rounded, other texts stay. */
  static String value(String text) {
    try {
      return text.matches("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?")
          ? number(Double.parseDouble(text))
          : text;
    } catch (NumberFormatException e) {
      return text;
    }
  }

  /** A span: {@code 120 ms}, {@code 3.2 s}, {@code 4 min 12 s}, {@code 1 h 03 min}. */
  static String duration(Duration span) {
    long millis = span.toMillis();
    if (span.isNegative()) {
      return ABSENT;
    } else if (millis < 1000) {
      return millis + " ms";
    } else if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    } else if (millis < 3_600_000) {
      return String.format(Locale.ROOT, "%d min %02d s", span.toMinutes(), span.toSecondsPart());
    }
    return String.format(Locale.ROOT, "%d h %02d min", span.toHours(), span.toMinutesPart());
  }

  /** A moment of UTC to the minute. */
  static String time(Instant instant) {
    return instant.equals(Instant.MIN) ? ABSENT : TIME.format(instant);
  }

  /** At most so many characters, the last an ellipsis where some are left out. */
  static String cut(String text, int length) {
    return text.codePointCount(0, text.length()) <= length
        ? text
        : text.substring(0, text.offsetByCodePoints(0, length - 1)).stripTrailing() + "…";
  }

  /**
   * The whole of a text that was cut, for a title; null, which leaves the title out, if it wasn't.
   */
  static String title(String text, int length) {
    return cut(text, length).equals(text) ? null : cut(text, LONGEST_TITLE);
  }

  /** One thing, or several: {@code 1 row}, {@code 2,000 rows}. */
  static String count(double count, String noun) {
    return whole(count) + " " + (count == 1 ? noun : noun + "s");
  }

  /** A coordinate, to a tenth of a pixel. */
  static String px(double coordinate) {
    long tenths = Math.round(10 * coordinate);
    return tenths % 10 == 0 ? Long.toString(tenths / 10) : String.valueOf(tenths / 10.0);
  }

  private static String signed(String text) {
    return text.startsWith("-") ? "−" + text.substring(1) : text;
  }
}
