package io.millrace.validate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a validation knows beside the rows.
 *
 * @param source name of the source, whose raw table is {@code raw/<source>}
 * @param slices the slices to judge; one without rows is judged too
 * @param time the source's column of time
 * @param sliceColumns columns by whose values all columns are measured too
 * @param sources rows of other sources as they were known at the date, by name
 * @param history profiles of earlier slices of the source
 * @param training profiles of what the champion was trained on; empty without a champion
 */
public record ValidateContext(
    String source,
    List<Slice> slices,
    Optional<String> time,
    List<String> sliceColumns,
    Map<String, Dataset<Row>> sources,
    List<Profile> history,
    List<Profile> training) {

  public ValidateContext {
    slices = List.copyOf(slices);
    sliceColumns = List.copyOf(sliceColumns);
    sources = Map.copyOf(sources);
    history = List.copyOf(history);
    training = List.copyOf(training);
  }

  /** The slices of a source without a time, and nothing else. */
  public static ValidateContext of(String source, List<Slice> slices) {
    return new ValidateContext(
        source, slices, Optional.empty(), List.of(), Map.of(), List.of(), List.of());
  }

  /** The same with a column of time. */
  public ValidateContext withTime(Optional<String> column) {
    return new ValidateContext(source, slices, column, sliceColumns, sources, history, training);
  }

  /** The same with slice columns. */
  public ValidateContext withSliceColumns(List<String> columns) {
    return new ValidateContext(source, slices, time, columns, sources, history, training);
  }

  /** The same with other sources' rows. */
  public ValidateContext withSources(Map<String, Dataset<Row>> rows) {
    return new ValidateContext(source, slices, time, sliceColumns, rows, history, training);
  }

  /** The same with profiles of earlier slices. */
  public ValidateContext withHistory(List<Profile> profiles) {
    return new ValidateContext(source, slices, time, sliceColumns, sources, profiles, training);
  }

  /** The same with profiles of the champion's training rows. */
  public ValidateContext withTraining(List<Profile> profiles) {
    return new ValidateContext(source, slices, time, sliceColumns, sources, history, profiles);
  }

  /** The name of the source's raw table. */
  String table() {
    return "raw/" + source;
  }

  /** Where a check stands in the spec. */
  String place(int index) {
    return "validate.%s[%d]".formatted(source, index);
  }
}
