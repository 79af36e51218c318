package io.millrace.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Two distributions over the same bins, bin beside bin.
 *
 * @param reference name of the one compared with
 */
record Comparison(String title, String reference, List<Bin> bins, int left) {

  private static final int MOST_BINS = 24;

  /**
   * A bin with its share of either distribution, and the lengths of its bars, of the longest 1.
   *
   * @param before share of the reference
   * @param now share of the date
   */
  record Bin(String label, double before, double now, double beforeBar, double nowBar) {}

  /**
   * From the bins that {@code drift} holds: labels, and counts of both.
   *
   * @param hidden whether labels, which tell values, are left out
   */
  static Comparison of(String title, String reference, JsonNode bins, boolean hidden) {
    JsonNode before = bins.path("reference");
    JsonNode now = bins.path("current");
    int size = Math.min(before.size(), now.size());
    double allBefore = sum(before);
    double allNow = sum(now);
    double longest = 0;
    for (int i = 0; i < size; i++) {
      longest = Math.max(longest, Math.max(part(before, i, allBefore), part(now, i, allNow)));
    }
    List<Bin> found = new ArrayList<>();
    for (int i = 0; i < Math.min(size, MOST_BINS); i++) {
      double was = part(before, i, allBefore);
      double is = part(now, i, allNow);
      String label = hidden ? "bin " + (i + 1) : bins.path("labels").path(i).asText();
      found.add(new Bin(label, was, is, was / longest, is / longest));
    }
    return new Comparison(title, reference, found, Math.max(0, size - MOST_BINS));
  }

  boolean isEmpty() {
    return bins.isEmpty();
  }

  private static double sum(JsonNode counts) {
    double sum = 0;
    for (JsonNode count : counts) {
      sum += count.asDouble();
    }
    return sum;
  }

  private static double part(JsonNode counts, int i, double all) {
    return all > 0 ? counts.path(i).asDouble() / all : 0;
  }
}
