package io.millrace.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import io.millrace.jobs.Validated.RawSlice;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Refused rows of a source. A row id alone doesn't tell one: of a snapshot whose file has the same
 * name each day, a row has the same id in the slices of all days.
 *
 * @param quarantine its table of refused rows
 * @param slices the slices of its raw table
 */
record RefusedRows(PinnedTable quarantine, List<RawSlice> slices) {

  /** The column by which a mended row names the refused one. */
  static final String ROW_ID = "row_id";

  /** The column that tells in which slice it was refused. */
  static final String SLICE = "slice_run_id";

  RefusedRows {
    slices = List.copyOf(slices);
  }

  static RefusedRows of(PinnedTable quarantine, Optional<PinnedTable> raw) {
    return new RefusedRows(quarantine, raw.map(Validated::slices).orElse(List.of()));
  }

  /** Where a row was refused: the slice that holds it, or the run that couldn't take it in. */
  static String slice(Map<String, Object> row) {
    Object slice = row.get(SLICE);
    return (String) (slice == null ? row.get(RawColumns.RUN_ID) : slice);
  }

  private static Column slice() {
    return coalesce(Columns.named(SLICE), Columns.named(RawColumns.RUN_ID));
  }

  /** Rows under a rule that no mended row has taken the place of. */
  List<Map<String, Object>> open() {
    Set<String> marks = Set.copyOf(marks());
    Set<String> held = held();
    Set<List<Object>> mended = new HashSet<>();
    List<Map<String, Object>> rows = quarantine.rows();
    rows.stream()
        .filter(row -> Validated.MENDED.equals(row.get("rule")))
        .filter(row -> marks.contains((String) row.get(RawColumns.RUN_ID)))
        .forEach(row -> mended.add(key(row, row.get(SLICE))));
    return rows.stream()
        .filter(row -> !Validated.MENDED.equals(row.get("rule")))
        .filter(row -> row.get(SLICE) == null || held.contains((String) row.get(SLICE)))
        .filter(row -> !mended.contains(key(row, slice(row))))
        .filter(row -> row.get(SLICE) != null || !mended.contains(key(row, null)))
        .toList();
  }

  private static List<Object> key(Map<String, Object> row, Object slice) {
    return List.of(row.get(RawColumns.ROW_ID), slice == null ? "" : slice);
  }

  /** Each row id and slice that was refused, mended or not, whose slice is still there. */
  Dataset<Row> ever() {
    Column ours = Columns.named(SLICE);
    return quarantine
        .read()
        .where(col("rule").notEqual(Validated.MENDED))
        .where(ours.isNull().or(ours.isin(held().toArray())))
        .groupBy(Columns.named(RawColumns.ROW_ID).as(ROW_ID), slice().as(SLICE))
        .agg(max(RawColumns.INGESTED).as("_refused"), max(RawColumns.FILE).as("_origin"));
  }

  /** Of these, what hasn't been mended yet. */
  Dataset<Row> unmended() {
    Dataset<Row> done =
        quarantine
            .read()
            .where(col("rule").equalTo(Validated.MENDED))
            .where(Columns.named(RawColumns.RUN_ID).isin(marks().toArray()))
            .select(
                Columns.named(RawColumns.ROW_ID).as("_done"), Columns.named(SLICE).as("_done_in"));
    // A mark without a slice is of a row that never got into one: its id is no other row's.
    Column same = coalesce(col("_done_in"), col(SLICE)).equalTo(col(SLICE));
    return ever().join(done, col(ROW_ID).equalTo(col("_done")).and(same), "left_anti");
  }

  /** Marks count from the moment in which their slice is there. */
  private List<String> marks() {
    return slices.stream().map(slice -> Mending.marks(slice.runId())).toList();
  }

  private Set<String> held() {
    return slices.stream().map(RawSlice::runId).collect(Collectors.toSet());
  }
}
