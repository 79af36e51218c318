package io.millrace.monitor;

import io.millrace.monitor.ColumnBins.Basis;
import io.millrace.stats.CategoryBin;
import io.millrace.stats.CategoryCount;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The line that says what happened to a column. */
final class DriftMessage {

  private static final int MOST_BINS = 2;
  private static final int MOST_CATEGORIES = 3;

  /** A second bin is named if it moved at least so far beside the first. */
  private static final double WORTH_NAMING = 0.25;

  private DriftMessage() {}

  /** {@code pdays: psi 0.42 (chance 0.01), 999 went from 96.3% to 78.0%}. */
  static String of(Watched watched, ColumnBins bins, Measure judged, Limitation limitation) {
    StringBuilder line = new StringBuilder(watched.column());
    line.append(": ").append(ColumnDrift.word(judged.metric()));
    line.append(' ').append(Figures.distance(judged.value()));
    line.append(" (chance ").append(Figures.distance(judged.byChance())).append(')');
    if (limitation == Limitation.EXPLAINED) {
      line.append(", which chance over all columns explains");
    } else if (limitation == Limitation.NONE) {
      line.append(moved(watched, bins));
      line.append(categories("new", bins.added()));
      line.append(categories("vanished", bins.vanished()));
    }
    if (bins.basis() == Basis.HASHES_OF_TOO_MANY) {
      line.append(", judged by hashes: it has more categories than are counted");
    } else if (bins.basis() == Basis.HASHES) {
      line.append(", judged by hashes: most of its categories have too few rows");
    }
    return line.toString();
  }

  /** {@code zip: texts, but numbers in the reference}. */
  static String ofOtherType(Watched watched) {
    return "%s: %s, but %s in the reference"
        .formatted(watched.column(), watched.sort(), Watched.Sort.of(watched.reference()));
  }

  /** {@code age: 12 rows against 4000 aren't enough to judge by}. */
  static String ofFewRows(Watched watched) {
    return "%s: %d rows against %d aren't enough to judge by"
        .formatted(watched.column(), watched.current().rows(), watched.reference().rows());
  }

  /** Why a distance isn't a finding. */
  enum Limitation {
    /** It is one. */
    NONE,
    /** It isn't over a limit. */
    SMALL,
    /** It is, but chance explains it. */
    EXPLAINED
  }

  /** The bins whose shares changed most. */
  private static String moved(Watched watched, ColumnBins bins) {
    long n = watched.reference().rows();
    long m = watched.current().rows();
    ToDoubleFunction<CategoryBin> move =
        bin -> Math.abs((double) bin.reference() / n - (double) bin.current() / m);
    List<CategoryBin> most =
        bins.bins().stream()
            .sorted(Comparator.comparingDouble(move).reversed())
            .limit(MOST_BINS)
            .toList();
    double first = move.applyAsDouble(most.get(0));
    return most.stream()
        .filter(bin -> first > 0 && move.applyAsDouble(bin) >= WORTH_NAMING * first)
        .map(
            bin ->
                ", %s went from %s to %s"
                    .formatted(
                        name(bin.name()),
                        Figures.percent(bin.reference(), n),
                        Figures.percent(bin.current(), m)))
        .collect(Collectors.joining());
  }

  private static String name(String label) {
    return label.isEmpty() ? "an empty text" : label;
  }

  /** {@code , new: tin (31), zinc (12) and 4 more}. */
  private static String categories(String word, List<CategoryCount> categories) {
    if (categories.isEmpty()) {
      return "";
    }
    int more = categories.size() - MOST_CATEGORIES;
    return ", "
        + word
        + ": "
        + categories.stream()
            .limit(MOST_CATEGORIES)
            .map(category -> name(category.value()) + " (" + category.count() + ")")
            .collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
