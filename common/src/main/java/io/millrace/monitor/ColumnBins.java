package io.millrace.monitor;

import io.millrace.stats.CategoryBin;
import io.millrace.stats.CategoryBins;
import io.millrace.stats.CategoryCount;
import io.millrace.stats.CategoryCounts;
import io.millrace.validate.FlagMeasures;
import io.millrace.validate.NumberMeasures;
import io.millrace.validate.TextMeasures;
import io.millrace.validate.ValueCount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A column's values and its reference's, counted in the same bins, missing values in one of their
 * own. Dates, times and types that aren't measured have two bins, present and missing.
 *
 * @param bins bins by name
 * @param added categories that the reference hasn't, by descending count
 * @param vanished categories that only the reference has, by descending count
 * @param basis what the bins of categories are
 */
record ColumnBins(
    List<CategoryBin> bins, List<CategoryCount> added, List<CategoryCount> vanished, Basis basis) {

  /** Number of equal bins, if there are rows enough. */
  private static final int MOST_BINS = 10;

  /** Rows that bins should hold on average, so that few are pooled. */
  private static final int ROWS_A_BIN = 10;

  /** What bins are. */
  enum Basis {
    /** Numbers, or categories of which all are counted. */
    VALUES,
    /** Hashes of categories, since most have too few rows to be compared one by one. */
    HASHES,
    /** Hashes of categories, since there are more than are counted. */
    HASHES_OF_TOO_MANY
  }

  ColumnBins {
    bins = List.copyOf(bins);
    added = List.copyOf(added);
    vanished = List.copyOf(vanished);
  }

  /** The bins of columns that are comparable and have rows. */
  static ColumnBins of(Watched watched) {
    long rows = Math.min(watched.reference().rows(), watched.current().rows());
    return switch (watched.sort()) {
      case NUMBERS -> numbers(watched, rows);
      case TEXTS ->
          categories(
              watched,
              ((TextMeasures) watched.reference()).values(),
              ((TextMeasures) watched.current()).values(),
              rows);
      case FLAGS ->
          categories(
              watched,
              counts((FlagMeasures) watched.reference()),
              counts((FlagMeasures) watched.current()),
              rows);
      case TIMES, OTHERS -> presence(watched);
    };
  }

  /** Counts of the reference in bins of which none has few rows. */
  long[] judgedReference() {
    return SparseBins.pooled(bins).stream().mapToLong(CategoryBin::reference).toArray();
  }

  /** Counts of the current rows in the same bins. */
  long[] judgedCurrent() {
    return SparseBins.pooled(bins).stream().mapToLong(CategoryBin::current).toArray();
  }

  private static ColumnBins numbers(Watched watched, long rows) {
    int wanted = (int) Math.max(2, Math.min(MOST_BINS, rows / ROWS_A_BIN));
    NumberMeasures reference = (NumberMeasures) watched.reference();
    NumberMeasures current = (NumberMeasures) watched.current();
    List<CategoryBin> bins = NumberBins.of(reference, current, wanted);
    return new ColumnBins(withMissing(bins, watched), List.of(), List.of(), Basis.VALUES);
  }

  private static ColumnBins presence(Watched watched) {
    CategoryBin present =
        new CategoryBin(
            "(present)",
            watched.reference().rows() - watched.referenceMissing(),
            watched.current().rows() - watched.currentMissing());
    return new ColumnBins(
        withMissing(List.of(present), watched), List.of(), List.of(), Basis.VALUES);
  }

  private static ColumnBins categories(
      Watched watched, CategoryCounts reference, CategoryCounts current, long rows) {
    CategoryBins aligned = CategoryBins.align(reference, current);
    boolean byHash = aligned.capped() || isMostlyRare(aligned);
    List<CategoryBin> bins = byHash ? hashes(reference, current, rows) : aligned.bins();
    Basis basis =
        aligned.capped() ? Basis.HASHES_OF_TOO_MANY : byHash ? Basis.HASHES : Basis.VALUES;
    return new ColumnBins(withMissing(bins, watched), aligned.added(), aligned.vanished(), basis);
  }

  /** Whether the pool of rare categories holds most rows of either, so that it hides changes. */
  private static boolean isMostlyRare(CategoryBins aligned) {
    long n = aligned.bins().stream().mapToLong(CategoryBin::reference).sum();
    long m = aligned.bins().stream().mapToLong(CategoryBin::current).sum();
    return aligned.bins().stream()
        .filter(bin -> bin.name().equals(CategoryBins.RARE))
        .anyMatch(bin -> 2 * bin.reference() > n || 2 * bin.current() > m);
  }

  /** So many buckets that each has rows enough on average. */
  private static List<CategoryBin> hashes(
      CategoryCounts reference, CategoryCounts current, long rows) {
    int size = CategoryCounts.BUCKETS;
    while (size > 2 && rows / size < ROWS_A_BIN) {
      size /= 2;
    }
    long[] first = folded(reference.hashBuckets(), size);
    long[] second = folded(current.hashBuckets(), size);
    List<CategoryBin> bins = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      bins.add(new CategoryBin("(hash %d of %d)".formatted(i + 1, size), first[i], second[i]));
    }
    return bins;
  }

  private static long[] folded(long[] buckets, int size) {
    long[] folded = new long[size];
    for (int i = 0; i < buckets.length; i++) {
      folded[i % size] += buckets[i];
    }
    return folded;
  }

  private static List<CategoryBin> withMissing(List<CategoryBin> bins, Watched watched) {
    List<CategoryBin> all = new ArrayList<>(bins);
    all.add(
        new CategoryBin(
            CategoryBins.MISSING, watched.referenceMissing(), watched.currentMissing()));
    all.removeIf(bin -> bin.reference() + bin.current() == 0);
    return all;
  }

  private static CategoryCounts counts(FlagMeasures flags) {
    CategoryCounts counts = new CategoryCounts();
    for (ValueCount value : flags.topValues(2)) {
      byte[] utf8 = value.value().getBytes(StandardCharsets.UTF_8);
      counts.add(utf8, 0, utf8.length, value.count());
    }
    return counts;
  }
}
