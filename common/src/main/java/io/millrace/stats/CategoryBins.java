package io.millrace.stats;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The categories of two distributions, side by side. Those with fewer than five expected in either,
 * were both alike, are pooled (Cochran's rule), new and vanished ones as well; these are listed
 * too.
 *
 * @param bins categories by descending count in both, then by UTF-8 bytes; the pool comes last
 * @param added categories that the reference hasn't, by descending count
 * @param vanished categories that only the reference has, by descending count
 * @param capped whether one of the two has more categories than are counted: bins are then hash
 *     buckets instead of categories, and the lists hold a part only
 */
public record CategoryBins(
    List<CategoryBin> bins,
    List<CategoryCount> added,
    List<CategoryCount> vanished,
    boolean capped) {

  /** Name of the pool of categories with few rows. */
  public static final String RARE = "(rare)";

  /** Name of the bin that {@link #withMissing} adds. */
  public static final String MISSING = "(missing)";

  private static final double LEAST_EXPECTED = 5;

  public CategoryBins {
    bins = List.copyOf(bins);
    added = List.copyOf(added);
    vanished = List.copyOf(vanished);
  }

  /** The categories of a reference and of what is compared with it; nulls are in no bin. */
  public static CategoryBins align(CategoryCounts reference, CategoryCounts current) {
    boolean capped = !reference.isComplete() || !current.isComplete();
    List<CategoryBin> all =
        capped ? hashBuckets(reference, current) : categories(reference, current);
    return new CategoryBins(
        pooled(all, reference.count(), current.count()),
        missingIn(reference, current),
        missingIn(current, reference),
        capped);
  }

  /** The same with a bin for missing values as the last one. */
  public CategoryBins withMissing(long reference, long current) {
    List<CategoryBin> more = new ArrayList<>(bins);
    more.add(new CategoryBin(MISSING, reference, current));
    return new CategoryBins(more, added, vanished, capped);
  }

  /** Counts of the reference, one a bin. */
  public long[] reference() {
    return bins.stream().mapToLong(CategoryBin::reference).toArray();
  }

  /** Counts of what is compared with it, one a bin. */
  public long[] current() {
    return bins.stream().mapToLong(CategoryBin::current).toArray();
  }

  private static List<CategoryBin> categories(CategoryCounts reference, CategoryCounts current) {
    Map<String, CategoryBin> bins = new LinkedHashMap<>();
    for (CategoryCount count : reference.counts()) {
      bins.merge(
          count.value(), new CategoryBin(count.value(), count.count(), 0), CategoryBins::add);
    }
    for (CategoryCount count : current.counts()) {
      bins.merge(
          count.value(), new CategoryBin(count.value(), 0, count.count()), CategoryBins::add);
    }
    ToLongFunction<CategoryBin> both = bin -> bin.reference() + bin.current();
    return bins.values().stream()
        .sorted(
            Comparator.comparingLong(both)
                .reversed()
                .thenComparing(CategoryBins::utf8, Arrays::compareUnsigned))
        .toList();
  }

  private static List<CategoryBin> hashBuckets(CategoryCounts reference, CategoryCounts current) {
    long[] ofReference = reference.hashBuckets();
    long[] ofCurrent = current.hashBuckets();
    List<CategoryBin> bins = new ArrayList<>();
    for (int i = 0; i < CategoryCounts.BUCKETS; i++) {
      bins.add(new CategoryBin("(hash %02x)".formatted(i), ofReference[i], ofCurrent[i]));
    }
    return bins;
  }

  private static List<CategoryBin> pooled(List<CategoryBin> all, double n, double m) {
    double smallerShare = Math.min(n, m) / (n + m);
    Map<Boolean, List<CategoryBin>> parts =
        all.stream()
            .collect(
                Collectors.partitioningBy(
                    bin -> (bin.reference() + bin.current()) * smallerShare >= LEAST_EXPECTED));
    List<CategoryBin> bins = new ArrayList<>(parts.get(true));
    parts.get(false).stream()
        .reduce(CategoryBins::add)
        .ifPresent(rare -> bins.add(new CategoryBin(RARE, rare.reference(), rare.current())));
    return bins;
  }

  /** The values of the second that the first would have kept, had they occurred in it. */
  private static List<CategoryCount> missingIn(CategoryCounts first, CategoryCounts second) {
    var known = first.counts().stream().map(CategoryCount::value).collect(Collectors.toSet());
    return second.counts().stream()
        .filter(count -> !known.contains(count.value()) && first.wouldKeep(count.value()))
        .toList();
  }

  private static CategoryBin add(CategoryBin a, CategoryBin b) {
    return new CategoryBin(a.name(), a.reference() + b.reference(), a.current() + b.current());
  }

  private static byte[] utf8(CategoryBin bin) {
    return bin.name().getBytes(StandardCharsets.UTF_8);
  }
}
