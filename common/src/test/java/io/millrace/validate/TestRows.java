package io.millrace.validate;

import io.millrace.TestSpark;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Small tables with run ids and row ids. */
final class TestRows {

  static final LocalDate DAY = LocalDate.of(2026, 3, 2);
  static final Slice SLICE = slice("run1", DAY);

  private TestRows() {}

  /** A slice whose logical date is its day. */
  static Slice slice(String runId, LocalDate day) {
    Instant end = Instant.parse(day.plusDays(1) + "T00:00:00Z");
    return new Slice(runId, day, end);
  }

  /** Rows of slice {@code run1} with ids r000, r001, …; values in the order of the schema's DDL. */
  static Dataset<Row> of(String ddl, Object[]... values) {
    return ofSlice("run1", ddl, values);
  }

  /** Rows of a slice with ids r000, r001, …; values in the order of the schema's DDL. */
  static Dataset<Row> ofSlice(String runId, String ddl, Object[]... values) {
    StructType type = StructType.fromDDL("run_id string, _row_id string, " + ddl);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      Object[] all = new Object[values[i].length + 2];
      all[0] = runId;
      all[1] = "r%03d".formatted(i);
      System.arraycopy(values[i], 0, all, 2, values[i].length);
      rows.add(RowFactory.create(all));
    }
    return TestSpark.session().createDataFrame(rows, type);
  }

  /** One column's values, one row each. */
  static Object[][] column(Object... values) {
    Object[][] rows = new Object[values.length][];
    for (int i = 0; i < values.length; i++) {
      rows[i] = new Object[] {values[i]};
    }
    return rows;
  }

  /** A row's values. */
  static Object[] row(Object... values) {
    return values;
  }
}
