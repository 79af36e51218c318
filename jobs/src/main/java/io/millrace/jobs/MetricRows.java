package io.millrace.jobs;

import io.millrace.Stage;
import io.millrace.evaluate.Metric;
import io.millrace.table.SmallTable;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Metrics as rows of the table {@code metrics}, and back. */
record MetricRows(Work work, Stage stage, LocalDate date, String runId) {

  /** Rows of one model. */
  List<Map<String, Object>> rows(String version, String role, List<Metric> metrics) {
    return metrics.stream().map(metric -> row(version, role, metric)).toList();
  }

  private Map<String, Object> row(String version, String role, Metric metric) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", runId);
    row.put("pipeline", work.name());
    row.put("stage", stage.word());
    row.put("date", date);
    row.put("model_version", version);
    row.put("role", role);
    row.put("metric", metric.metric());
    row.put("slice_column", metric.sliceColumn());
    row.put("slice_value", metric.sliceValue());
    row.put("value", metric.value());
    metric.low().ifPresent(low -> row.put("low", low));
    metric.high().ifPresent(high -> row.put("high", high));
    row.put("rows", metric.rows());
    return row;
  }

  /** The rows that one run found. */
  static Stream<Map<String, Object>> of(SmallTable metrics, String pipeline, String runId) {
    return metrics.rows(pipeline).stream().filter(row -> runId.equals(row.get("run_id")));
  }

  /** The metric that a row tells. */
  static Metric metric(Map<String, Object> row) {
    return new Metric(
        (String) row.get("metric"),
        (String) row.get("slice_column"),
        (String) row.get("slice_value"),
        number(row.get("low")),
        number(row.get("high")),
        (Double) row.get("value"),
        (Long) row.get("rows"));
  }

  private static OptionalDouble number(Object value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of((Double) value);
  }
}
