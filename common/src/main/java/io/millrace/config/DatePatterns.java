package io.millrace.config;

import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Faults of date patterns. Spark takes the letters of {@link DateTimeFormatter}, less those that it
 * can't parse by ("Datetime Patterns for Formatting and Parsing" in Spark's SQL reference).
 */
final class DatePatterns {

  private static final String UNPARSEABLE = "YwWuecABnNpEFqQ";

  private DatePatterns() {}

  /** What is wrong with a pattern and how to mend it; empty where nothing is. */
  static Optional<String> fault(String pattern) {
    String letters = pattern.replaceAll("'[^']*'", "");
    String found = "a pattern that can't be meant: " + pattern + "; ";
    if (letters.isBlank()) {
      return Optional.of("an empty pattern; write one like dd/MM/yyyy HH:mm");
    }
    if (letters.contains("YYYY") || letters.matches(".*(?<!D)D{1,2}(?!D).*")) {
      return Optional.of(found + "yyyy is the year, dd the day of the month");
    }
    Optional<String> refused =
        letters.chars().mapToObj(Character::toString).filter(UNPARSEABLE::contains).findFirst();
    if (refused.isPresent()) {
      return Optional.of(found + "Spark can't parse by the letter " + refused.get());
    }
    try {
      DateTimeFormatter unused = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return Optional.of(found + "Java says: " + e.getMessage());
    }
    boolean hasDay = letters.contains("y") && letters.contains("d");
    if (hasDay && !letters.contains("M") && !letters.contains("L")) {
      return Optional.of(found + "MM is the month, mm the minute");
    }
    if (letters.matches(".*[hK].*") && !letters.contains("a")) {
      return Optional.of(found + "HH is the hour of the day, hh needs a for am or pm");
    }
    return Optional.empty();
  }
}
