package io.millrace.monitor;

import io.millrace.config.CanonicalJson;
import io.millrace.config.MonitorSpec.Distance;
import io.millrace.config.MonitorSpec.Limits;
import io.millrace.stats.CategoryBin;
import io.millrace.stats.CategoryCount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is said of one column against one reference.
 *
 * @param watched the column
 * @param verdict what is said of it
 * @param metric the measure that is judged
 * @param measures all measures, the judged one among them; none where nothing can be compared
 * @param qValue the share of false alarms among the columns of the date that are at least as
 *     surprising (Benjamini and Hochberg 1995); absent without measures
 * @param limits the limits that hold for it
 * @param bins the bins of which psi and jensen-shannon are measured, missing values last; those
 *     with few rows are pooled for it
 * @param added categories that the reference hasn't, by descending count
 * @param vanished categories that only the reference has, by descending count
 * @param message one line for people
 */
public record ColumnDrift(
    Watched watched,
    Verdict verdict,
    Distance metric,
    List<Measure> measures,
    OptionalDouble qValue,
    Limits limits,
    List<CategoryBin> bins,
    List<CategoryCount> added,
    List<CategoryCount> vanished,
    String message) {

  private static final int MOST_BINS = 50;
  private static final int MOST_CATEGORIES = 20;

  public ColumnDrift {
    measures = List.copyOf(measures);
    bins = List.copyOf(bins);
    added = List.copyOf(added);
    vanished = List.copyOf(vanished);
  }

  /** The measure that is judged. */
  public Optional<Measure> judged() {
    return measures.stream().filter(measure -> measure.metric() == metric).findFirst();
  }

  /** Share of the reference's rows that hold null or NaN; 0 without rows. */
  public double referenceMissingShare() {
    return share(watched.referenceMissing(), watched.reference().rows());
  }

  /** Share of the date's rows that hold null or NaN; 0 without rows. */
  public double missingShare() {
    return share(watched.currentMissing(), watched.current().rows());
  }

  /**
   * Rows of a table of drift, one a measure, each with all columns. Verdict, message, limits and
   * bins stand in that of the judged measure, which is there also where nothing is measured; in the
   * others the texts are empty and the rest is null.
   */
  public List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    if (judged().isEmpty()) {
      rows.add(row(metric, Optional.empty()));
    }
    measures.forEach(measure -> rows.add(row(measure.metric(), Optional.of(measure))));
    return rows;
  }

  /**
   * The bins as JSON: {@code {"current":[…],"labels":[…],"new":{…},"reference":[…],"vanished":{…}}}
   * with counts of rows; of more than 50 bins the largest and {@code (others)}, of new and vanished
   * categories the 20 largest.
   */
  public String binsJson() {
    List<CategoryBin> shown = shown();
    return CanonicalJson.of(
        Map.of(
            "labels", shown.stream().map(CategoryBin::name).toList(),
            "reference", shown.stream().map(CategoryBin::reference).toList(),
            "current", shown.stream().map(CategoryBin::current).toList(),
            "new", largest(added),
            "vanished", largest(vanished)));
  }

  /** A measure's name as the spec has it: {@code jensen-shannon}. */
  static String word(Distance metric) {
    return metric.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Map<String, Object> row(Distance of, Optional<Measure> measure) {
    boolean isJudged = of == metric;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("kind", watched.kind().name().toLowerCase(Locale.ROOT));
    row.put("column", watched.column());
    row.put("against", watched.against().name().toLowerCase(Locale.ROOT));
    row.put("metric", word(of));
    row.put("value", measure.map(Measure::value).orElse(null));
    row.put("by_chance", measure.map(Measure::byChance).orElse(null));
    row.put("exceeded_by_chance", measure.map(m -> boxed(m.exceededByChance())).orElse(null));
    row.put("beyond_chance", measure.map(Measure::beyondChance).orElse(null));
    row.put("p_value", measure.map(Measure::pValue).orElse(null));
    row.put("q_value", isJudged ? boxed(qValue) : null);
    row.put("warn", isJudged ? limits.warn() : null);
    row.put("stop", isJudged ? limits.stop() : null);
    row.put("verdict", isJudged ? verdict.word() : "");
    row.put("rows", watched.current().rows());
    row.put("reference_rows", watched.reference().rows());
    row.put("missing", missingShare());
    row.put("reference_missing", referenceMissingShare());
    row.put("message", isJudged ? message : "");
    row.put("bins", isJudged && !bins.isEmpty() ? binsJson() : null);
    return row;
  }

  private List<CategoryBin> shown() {
    if (bins.size() <= MOST_BINS) {
      return bins;
    }
    List<CategoryBin> shown = new ArrayList<>(bins.subList(0, MOST_BINS - 1));
    List<CategoryBin> others = bins.subList(MOST_BINS - 1, bins.size());
    shown.add(
        new CategoryBin(
            "(others)",
            others.stream().mapToLong(CategoryBin::reference).sum(),
            others.stream().mapToLong(CategoryBin::current).sum()));
    return shown;
  }

  private static Map<String, Object> largest(List<CategoryCount> categories) {
    Map<String, Object> counts = new LinkedHashMap<>();
    categories.stream().limit(MOST_CATEGORIES).forEach(c -> counts.put(c.value(), c.count()));
    return counts;
  }

  private static Double boxed(OptionalDouble x) {
    return x.isPresent() ? x.getAsDouble() : null;
  }

  private static double share(long rows, long of) {
    return of == 0 ? 0 : (double) rows / of;
  }
}
