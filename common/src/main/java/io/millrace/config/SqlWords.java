package io.millrace.config;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A look at a SQL expression without parsing it: what it obviously names. */
final class SqlWords {

  private static final Pattern TOKEN =
      Pattern.compile(
          "'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|`([^`]*)`|([A-Za-z_][A-Za-z0-9_]*)|[^\\s]",
          Pattern.DOTALL);

  private static final Set<String> NOT_PURE =
      Set.of(
          "rand",
          "random",
          "randn",
          "randstr",
          "uuid",
          "shuffle",
          "now",
          "current_timestamp",
          "current_date",
          "curdate",
          "localtimestamp",
          "unix_timestamp",
          "monotonically_increasing_id",
          "spark_partition_id",
          "input_file_name");

  private SqlWords() {}

  /** Names of columns, functions and keywords, outside of quoted texts. */
  static Set<String> names(String sql) {
    Set<String> names = new LinkedHashSet<>();
    Matcher tokens = TOKEN.matcher(sql);
    while (tokens.find()) {
      if (tokens.group(1) != null) {
        names.add(tokens.group(1));
      } else if (tokens.group(2) != null) {
        names.add(tokens.group(2));
      }
    }
    return names;
  }

  /** Whether a column is named; Spark's names know no case. */
  static boolean reads(String sql, String column) {
    return names(sql).stream().anyMatch(column::equalsIgnoreCase);
  }

  /** What is plainly wrong with an expression, and the mend. */
  static Optional<String> fault(String sql) {
    if (sql.isBlank()) {
      return Optional.of("an empty expression; write one");
    }
    int depth = 0;
    Matcher tokens = TOKEN.matcher(sql);
    while (tokens.find()) {
      String token = tokens.group();
      if (token.equals("'") || token.equals("\"") || token.equals("`")) {
        return Optional.of("a " + token + " that isn't closed; close it");
      }
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      if (depth < 0) {
        break;
      }
    }
    if (depth != 0) {
      return Optional.of((depth > 0 ? "a ( that isn't closed" : "a ) too many") + "; mend it");
    }
    return drawn(sql);
  }

  private static Optional<String> drawn(String sql) {
    Matcher calls = Pattern.compile("\\b([a-zA-Z_]+)\\b(\\s*\\()?").matcher(stripQuoted(sql));
    while (calls.find()) {
      String name = calls.group(1).toLowerCase(java.util.Locale.ROOT);
      boolean call = calls.group(2) != null || name.startsWith("current_");
      if (call && NOT_PURE.contains(name)) {
        return Optional.of(name + " gives another value on every run; use a column instead");
      }
    }
    return Optional.empty();
  }

  private static String stripQuoted(String sql) {
    return sql.replaceAll("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`", " ");
  }
}
