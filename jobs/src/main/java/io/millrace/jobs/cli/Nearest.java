package io.millrace.jobs.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds what was probably meant. */
final class Nearest {

  private Nearest() {}

  /**
   * The name with the least edit distance (Damerau–Levenshtein, optimal string alignment) from the
   * word; empty where more than two fifths of the letters would have to change.
   */
  static Optional<String> to(String word, List<String> names) {
    return names.stream()
        .filter(name -> distance(word, name) * 5 <= 2 * Math.max(word.length(), name.length()))
        .min(Comparator.comparingInt(name -> distance(word, name)));
  }

  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + changed, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
