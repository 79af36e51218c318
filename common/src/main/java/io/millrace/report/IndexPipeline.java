package io.millrace.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One pipeline of the index: its dates, newest first, and how drift and performance went. */
record IndexPipeline(
    String name, List<IndexEntry> entries, int left, Sparkline drift, Sparkline performance) {

  private static final int MOST = 400;

  static List<IndexPipeline> of(List<IndexEntry> entries) {
    Map<String, List<IndexEntry>> byName = new LinkedHashMap<>();
    entries.stream()
        .sorted(Comparator.comparing(IndexEntry::pipeline).thenComparing(IndexEntry::date))
        .forEach(e -> byName.computeIfAbsent(e.pipeline(), k -> new ArrayList<>()).add(e));
    List<IndexPipeline> pipelines = new ArrayList<>();
    byName.forEach((name, dates) -> pipelines.add(of(name, dates)));
    return pipelines;
  }

  private static IndexPipeline of(String name, List<IndexEntry> dates) {
    double[] drift = dates.stream().mapToDouble(IndexEntry::drift).toArray();
    double[] real = dates.stream().mapToDouble(IndexEntry::real).toArray();
    String metric = dates.get(0).metric();
    List<IndexEntry> newest = new ArrayList<>(dates);
    Collections.reverse(newest);
    int most = Math.min(MOST, newest.size());
    return new IndexPipeline(
        name,
        newest.subList(0, most),
        newest.size() - most,
        Sparkline.of("Worst drift of " + name + ", as a share of the limit that stops", drift),
        Sparkline.of(metric + " of released predictions of " + name, real));
  }

  IndexEntry newest() {
    return entries.get(0);
  }

  String metric() {
    return newest().metric().isEmpty() ? "figure" : newest().metric();
  }
}
