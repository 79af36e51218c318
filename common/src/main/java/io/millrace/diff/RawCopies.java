package io.millrace.diff;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import io.millrace.table.Columns;
import io.millrace.table.DataFile;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Rows of a raw table that have one identity: a refused one and the mended one that took its place.
 */
final class RawCopies {

  /** Which of the rows of one identity: 1 for the oldest. */
  static final String COPY = "_copy";

  private static final List<String> IDENTITY = List.of(RawColumns.ROW_ID, RawColumns.DAY);

  private RawCopies() {}

  /** Whether what a version has beside another holds some; rows are read only where it may. */
  static boolean stand(PinnedTable one, PinnedTable other) {
    Map<String, Set<String>> runs =
        one.filesBeside(other).stream()
            .collect(
                Collectors.groupingBy(
                    file -> file.partition().getOrDefault(RawColumns.DAY, ""),
                    Collectors.flatMapping(
                        file -> file.runIds().stream(), Collectors.<String>toSet())));
    return runs.values().stream().anyMatch(ofDay -> ofDay.size() > 1)
        && !one.readBeside(other)
            .groupBy(identity())
            .agg(count(lit(1)).as("_rows"))
            .where(col("_rows").gt(1))
            .isEmpty();
  }

  /** Numbers them: those of runs that both versions have stand first, so that they meet. */
  static Dataset<Row> number(Dataset<Row> rows, PinnedTable one, PinnedTable other) {
    Set<String> both = runs(one);
    both.retainAll(runs(other));
    Column isNew = Columns.named(RawColumns.RUN_ID).isin(both.toArray()).unary_$bang();
    return rows.withColumn(
        COPY,
        row_number()
            .over(
                Window.partitionBy(identity())
                    .orderBy(
                        isNew,
                        Columns.named(RawColumns.INGESTED),
                        Columns.named(RawColumns.RUN_ID))));
  }

  private static Column[] identity() {
    return IDENTITY.stream().map(Columns::named).toArray(Column[]::new);
  }

  private static Set<String> runs(PinnedTable table) {
    Set<String> runs = new HashSet<>();
    for (DataFile file : table.files()) {
      runs.addAll(file.runIds());
    }
    return runs;
  }
}
