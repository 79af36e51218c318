package io.millrace.ingest;

import io.millrace.config.SourceSpec.ColumnType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** The rules of {@link TypeInference} for a sample of texts, without Spark. */
final class TextType {

  private static final Pattern INTEGER = Pattern.compile(TypeInference.INTEGER);
  private static final Pattern DECIMAL = Pattern.compile(TypeInference.DECIMAL);
  private static final Pattern ISO_DATE = Pattern.compile(TypeInference.ISO_DATE);
  private static final Pattern ISO_TIME = Pattern.compile(TypeInference.ISO_TIME);

  private TextType() {}

  /** The narrowest type of all texts; none without texts. */
  static Optional<ColumnType> of(Collection<String> texts) {
    return TypeInference.type(texts.stream().mapToInt(TextType::mask).reduce(0, (a, b) -> a | b));
  }

  static boolean isNumber(String text) {
    return (mask(text) & (TypeInference.LONG | TypeInference.DOUBLE)) != 0;
  }

  private static int mask(String text) {
    if (INTEGER.matcher(text).find()) {
      return isLong(text) ? TypeInference.LONG : TypeInference.TEXT;
    }
    if (DECIMAL.matcher(text).find()) {
      return TypeInference.DOUBLE;
    }
    if (ISO_DATE.matcher(text).find()) {
      return isDay(text) ? TypeInference.DATE : TypeInference.TEXT;
    }
    if (ISO_TIME.matcher(text).find()) {
      return isDay(text.substring(0, 10)) ? TypeInference.TIMESTAMP : TypeInference.TEXT;
    }
    boolean truth = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
    return truth ? TypeInference.BOOLEAN : TypeInference.TEXT;
  }

  private static boolean isLong(String text) {
    try {
      Long.parseLong(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isDay(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
