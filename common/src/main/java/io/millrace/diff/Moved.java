package io.millrace.diff;

import io.millrace.config.MonitorSpec.Distance;
import io.millrace.config.MonitorSpec.Drift;
import io.millrace.monitor.ColumnDrift;
import io.millrace.monitor.DriftJudge;
import io.millrace.monitor.Measure;
import io.millrace.monitor.Watched;
import io.millrace.monitor.Watched.Against;
import io.millrace.table.PinnedTable;
import io.millrace.validate.ColumnMeasures;
import io.millrace.validate.Profiler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far the values of a column moved between two versions of a table. The versions share most of
 * their rows, so nothing is said of what chance alone would give.
 *
 * @param column the column
 * @param slice value of the column whose slices are compared; empty for all rows
 * @param jensenShannon distance of the two distributions, 0 to 1 (base 2)
 * @param psi population stability index
 * @param missingBefore share of nulls and NaN before
 * @param missingAfter share of them after
 * @param rowsBefore rows of the slice before
 * @param rowsAfter rows of the slice after
 */
public record Moved(
    String column,
    String slice,
    double jensenShannon,
    double psi,
    double missingBefore,
    double missingAfter,
    long rowsBefore,
    long rowsAfter) {

  private static final Drift MEASURES = new Drift(Distance.JENSEN_SHANNON, 1, 1, Map.of(), 0.01);

  /**
   * Columns and slices, those that moved most first; none that hold fewer than {@value
   * DriftJudge#FEWEST_ROWS} rows in either version, or values of another sort.
   *
   * @param columns columns of both versions
   * @param slice also by the values of this column
   */
  public static List<Moved> between(
      PinnedTable before, PinnedTable after, List<String> columns, Optional<String> slice) {
    Map<String, Map<String, ColumnMeasures>> old = measures(before, columns, slice);
    Map<String, Map<String, ColumnMeasures>> now = measures(after, columns, slice);
    List<Moved> moved = new ArrayList<>();
    old.keySet().retainAll(now.keySet());
    old.forEach((value, measures) -> moved.addAll(moved(value, measures, now.get(value))));
    moved.sort(
        Comparator.comparingDouble(Moved::jensenShannon)
            .reversed()
            .thenComparing(Moved::column)
            .thenComparing(Moved::slice));
    return moved;
  }

  private static Map<String, Map<String, ColumnMeasures>> measures(
      PinnedTable table, List<String> columns, Optional<String> slice) {
    Map<String, Map<String, ColumnMeasures>> measures = new TreeMap<>();
    slice.ifPresent(
        name ->
            Profiler.measureBy(table.read(), columns, name)
                .forEach((value, found) -> measures.put(name + " = " + value, found)));
    measures.put("", Profiler.measure(table.read(), columns));
    return measures;
  }

  private static List<Moved> moved(
      String slice, Map<String, ColumnMeasures> old, Map<String, ColumnMeasures> now) {
    List<Watched> watched =
        old.keySet().stream()
            .map(
                column ->
                    new Watched(
                        Watched.Kind.FEATURE,
                        column,
                        Against.BEFORE,
                        old.get(column),
                        now.get(column)))
            .toList();
    return DriftJudge.judge(watched, MEASURES).stream()
        .filter(drift -> !drift.measures().isEmpty())
        .map(drift -> moved(slice, drift))
        .toList();
  }

  private static Moved moved(String slice, ColumnDrift drift) {
    return new Moved(
        drift.watched().column(),
        slice,
        value(drift, Distance.JENSEN_SHANNON),
        value(drift, Distance.PSI),
        drift.referenceMissingShare(),
        drift.missingShare(),
        drift.watched().reference().rows(),
        drift.watched().current().rows());
  }

  private static double value(ColumnDrift drift, Distance metric) {
    return drift.measures().stream()
        .filter(measure -> measure.metric() == metric)
        .mapToDouble(Measure::value)
        .findFirst()
        .orElse(Double.NaN);
  }
}
