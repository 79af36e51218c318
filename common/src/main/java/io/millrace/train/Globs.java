package io.millrace.train;

import java.util.regex.Pattern;

/** File name patterns as regular expressions, which Spark can evaluate. */
final class Globs {

  private static final String SPECIAL = "\\.^$|()[]+";

  private Globs() {}

  /**
   * The expression that matches a whole name: {@code *} any text without a slash, {@code **} any
   * text, {@code ?} one character, <code>{a,b}</code> either.
   */
  static String regex(String glob) {
    StringBuilder regex = new StringBuilder("^");
    boolean inBraces = false;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '*') {
        boolean twice = i + 1 < glob.length() && glob.charAt(i + 1) == '*';
        regex.append(twice ? ".*" : "[^/]*");
        i += twice ? 1 : 0;
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '{' || c == '}') {
        inBraces = c == '{';
        regex.append(inBraces ? "(?:" : ")");
      } else if (c == ',' && inBraces) {
        regex.append('|');
      } else {
        regex.append(SPECIAL.indexOf(c) >= 0 ? Pattern.quote(String.valueOf(c)) : c);
      }
    }
    return regex.append('$').toString();
  }
}
