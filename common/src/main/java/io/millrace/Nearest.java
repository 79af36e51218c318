package io.millrace;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The known word that a mistyped one was meant to be: the least optimal-string-alignment distance
 * (Damerau 1964: insert, delete, replace, swap of neighbours), spelling of compounds and case
 * aside.
 */
public final class Nearest {

  private Nearest() {}

  /** The nearest candidate, if it is near: at most one edit for each three letters. */
  public static Optional<String> of(String word, Collection<String> candidates) {
    String plain = plain(word);
    int reach = Math.max(1, plain.length() / 3);
    return candidates.stream()
        .filter(candidate -> distance(plain, plain(candidate)) <= reach)
        .min(
            Comparator.<String>comparingInt(candidate -> distance(plain, plain(candidate)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** The least distant candidate, however distant; none only where there is none. */
  public static Optional<String> closest(String word, Collection<String> candidates) {
    String plain = plain(word);
    return candidates.stream()
        .min(
            Comparator.<String>comparingInt(candidate -> distance(plain, plain(candidate)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /**
   * A mend: {@code did you mean rounds?}, else all that there are: {@code known keys: depth,
   * rounds}.
   *
   * @param nouns what the candidates are, in the plural
   */
  public static String mend(String word, Collection<String> candidates, String nouns) {
    Optional<String> nearest = of(word, candidates);
    if (nearest.isPresent()) {
      return "did you mean " + nearest.get() + "?";
    }
    return candidates.isEmpty()
        ? "there are no " + nouns
        : "known " + nouns + ": " + String.join(", ", List.copyOf(candidates));
  }

  private static String plain(String word) {
    return word.replaceAll("[-_ ]", "").toLowerCase(Locale.ROOT);
  }

  /** Optimal string alignment distance of two words. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(int[][] d, String a, String b, int i, int j) {
    int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, d[i - 2][j - 2] + 1) : least;
  }
}
