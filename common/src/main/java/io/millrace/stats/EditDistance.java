package io.millrace.stats;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Levenshtein's distance of strings, for the names that were meant. */
public final class EditDistance {

  private EditDistance() {}

  /** The least number of inserted, deleted and replaced characters that turns a into b. */
  public static int between(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  /** The name with the least distance, the first by the alphabet among equals. */
  public static Optional<String> nearest(String name, Collection<String> names) {
    return names.stream()
        .min(Comparator.<String>comparingInt(n -> between(name, n)).thenComparing(n -> n));
  }
}
