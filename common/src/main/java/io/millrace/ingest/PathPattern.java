package io.millrace.ingest;

import io.millrace.DataException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A source's path taken apart: its fixed folder, the glob, and where the day stands in a name. */
record PathPattern(String text, String fixed, String glob, Optional<Pattern> dayPattern) {

  private static final String DIGIT = "[0-9]";
  private static final String MONTH_GLOB = DIGIT.repeat(4) + "-" + DIGIT.repeat(2);
  private static final String DATE_GLOB = MONTH_GLOB + "-" + DIGIT.repeat(2);

  static PathPattern of(String path) {
    String glob = path.replace("{date}", DATE_GLOB).replace("{month}", MONTH_GLOB);
    boolean dated = path.contains("{date}") || path.contains("{month}");
    Optional<Pattern> pattern =
        dated
            ? Optional.of(Pattern.compile(regex(path.substring(fixed(path).length()))))
            : Optional.empty();
    return new PathPattern(path, fixed(path), glob, pattern);
  }

  /** Whether the path has nothing to be filled in. */
  boolean isPlain() {
    return fixed.equals(text);
  }

  /** All of the path before the first folder or name with a glob character, or the whole path. */
  private static String fixed(String path) {
    int special = path.length();
    for (char c : "*?[{".toCharArray()) {
      int at = path.indexOf(c);
      special = at >= 0 ? Math.min(special, at) : special;
    }
    return special == path.length() ? path : path.substring(0, path.lastIndexOf('/', special) + 1);
  }

  /** The day that a file's name below the fixed folder carries. */
  Optional<LocalDate> day(String name) {
    if (dayPattern.isEmpty()) {
      return Optional.empty();
    }
    Matcher matcher = dayPattern.get().matcher(name);
    if (!matcher.lookingAt()) {
      return Optional.empty();
    }
    String found = matcher.group("day");
    try {
      return Optional.of(LocalDate.parse(found.length() == 7 ? found + "-01" : found));
    } catch (DateTimeException e) {
      throw new DataException(
          "%s: %s is no day; name the file after a day that exists, or narrow the path %s"
              .formatted(name, found, text),
          e);
    }
  }

  /** A date in the name beats a month in a folder: the first token of the finer kind is the day. */
  private static String regex(String glob) {
    String finest = glob.contains("{date}") ? "{date}" : "{month}";
    int dayAt = glob.indexOf(finest);
    StringBuilder regex = new StringBuilder();
    int braces = 0;
    for (int i = 0; i < glob.length(); i++) {
      String token = token(glob, i);
      if (!token.isEmpty()) {
        String digits = token.equals("{date}") ? "\\d{4}-\\d{2}-\\d{2}" : "\\d{4}-\\d{2}";
        regex.append(i == dayAt ? "(?<day>" + digits + ")" : digits);
        i += token.length() - 1;
      } else {
        char c = glob.charAt(i);
        braces += c == '{' ? 1 : c == '}' ? -1 : 0;
        regex.append(regex(c, braces > 0));
      }
    }
    return regex.toString();
  }

  private static String token(String glob, int at) {
    for (String token : new String[] {"{date}", "{month}"}) {
      if (glob.startsWith(token, at)) {
        return token;
      }
    }
    return "";
  }

  private static String regex(char c, boolean inBraces) {
    return switch (c) {
      case '*' -> "[^/]*";
      case '?' -> "[^/]";
      case '{' -> "(?:";
      case '}' -> ")";
      case '[', ']', '-', '^' -> String.valueOf(c);
      case ',' -> inBraces ? "|" : ",";
      default -> Pattern.quote(String.valueOf(c));
    };
  }
}
