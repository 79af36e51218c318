package io.millrace.monitor;

import io.millrace.stats.CategoryBin;
import io.millrace.stats.CategoryBins;
import java.util.ArrayList;
import java.util.List;

/** Bins with few rows, in which the distribution of distances by chance isn't the known one. */
final class SparseBins {

  /** Cochran's rule: so many rows should be expected in each bin of either. */
  private static final double LEAST_EXPECTED = 5;

  private SparseBins() {}

  /** The same bins, with those pooled in which either has fewer than five rows expected. */
  static List<CategoryBin> pooled(List<CategoryBin> bins) {
    double n = bins.stream().mapToLong(CategoryBin::reference).sum();
    double m = bins.stream().mapToLong(CategoryBin::current).sum();
    double smallerShare = Math.min(n, m) / (n + m);
    List<CategoryBin> kept = new ArrayList<>();
    long reference = 0;
    long current = 0;
    for (CategoryBin bin : bins) {
      boolean pool = bin.name().equals(CategoryBins.RARE);
      if (!pool && (bin.reference() + bin.current()) * smallerShare >= LEAST_EXPECTED) {
        kept.add(bin);
      } else {
        reference += bin.reference();
        current += bin.current();
      }
    }
    if (reference + current > 0) {
      kept.add(new CategoryBin(CategoryBins.RARE, reference, current));
    }
    return kept;
  }
}
