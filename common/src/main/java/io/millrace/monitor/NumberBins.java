package io.millrace.monitor;

import io.millrace.stats.Bins;
import io.millrace.stats.CategoryBin;
import io.millrace.stats.LogHistogram;
import io.millrace.validate.NumberMeasures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bins of numbers with about equal shares of the reference. Where all numbers of both columns are
 * known they are binned by rank, so that numbers close to each other, such as years, stay apart.
 */
final class NumberBins {

  private NumberBins() {}

  /** Bins that aren't empty in both, ascending; missing values are in none. */
  static List<CategoryBin> of(NumberMeasures reference, NumberMeasures current, int wanted) {
    NumberLine line = NumberLine.of(reference, current);
    List<CategoryBin> bins =
        line.isExact()
            ? ofRanks(line, reference.histogram(), current.histogram(), wanted)
            : ofHistograms(reference.histogram(), current.histogram(), wanted);
    return bins.stream().filter(bin -> bin.reference() + bin.current() > 0).toList();
  }

  private static List<CategoryBin> ofHistograms(
      LogHistogram reference, LogHistogram current, int wanted) {
    Bins bins = Bins.of(reference, wanted);
    long[] first = bins.counts(reference);
    long[] second = bins.counts(current);
    List<CategoryBin> named = new ArrayList<>();
    for (int i = 0; i < bins.size(); i++) {
      named.add(new CategoryBin(bins.label(i), first[i], second[i]));
    }
    return named;
  }

  private static List<CategoryBin> ofRanks(
      NumberLine line, LogHistogram reference, LogHistogram current, int wanted) {
    LogHistogram ranks = infinities(reference);
    LogHistogram currentRanks = infinities(current);
    for (int i = 0; i < line.size(); i++) {
      ranks.add(rank(line, i), line.reference(i));
      currentRanks.add(rank(line, i), line.current(i));
    }
    Bins bins = Bins.of(ranks, wanted);
    long[] first = bins.counts(ranks);
    long[] second = bins.counts(currentRanks);
    String[] names = names(line, bins);
    List<CategoryBin> named = new ArrayList<>();
    for (int i = 0; i < bins.size(); i++) {
      named.add(new CategoryBin(names[i], first[i], second[i]));
    }
    return named;
  }

  /** Around zero, where whole numbers have buckets of their own. */
  private static int rank(NumberLine line, int place) {
    return place - line.size() / 2;
  }

  private static LogHistogram infinities(LogHistogram histogram) {
    LogHistogram only = new LogHistogram();
    only.add(Double.NEGATIVE_INFINITY, histogram.negativeInfinities());
    only.add(Double.POSITIVE_INFINITY, histogram.positiveInfinities());
    return only;
  }

  /** The first and the last number of each bin. */
  private static String[] names(NumberLine line, Bins bins) {
    double[] first = new double[bins.size()];
    String[] names = new String[bins.size()];
    Arrays.fill(names, "infinite");
    for (int i = 0; i < line.size(); i++) {
      LogHistogram one = new LogHistogram();
      one.add(rank(line, i));
      long[] place = bins.counts(one);
      int bin = 0;
      while (place[bin] == 0) {
        bin++;
      }
      boolean isFirst = names[bin].equals("infinite");
      first[bin] = isFirst ? line.at(i) : first[bin];
      String last = Figures.number(line.at(i));
      names[bin] = isFirst ? last : Figures.number(first[bin]) + " to " + last;
    }
    return names;
  }
}
