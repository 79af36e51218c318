package io.millrace.validate;

import io.millrace.table.RawColumns;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A row that breaks checks.
 *
 * @param runId its slice
 * @param rowId its identity
 * @param rules what it breaks and how: {@code in-range(age): age 130}
 * @param json the measured columns
 */
record BrokenRow(String runId, String rowId, String[] rules, String json) implements Serializable {

  /** Characters in it, about the memory that it takes. */
  long size() {
    long size = (long) runId.length() + rowId.length() + json.length();
    for (String rule : rules) {
      size += rule.length();
    }
    return size;
  }

  /** {@code run_id, _row_id, rules, row}. */
  private static StructType type() {
    return new StructType()
        .add(RawColumns.RUN_ID, DataTypes.StringType)
        .add(RawColumns.ROW_ID, DataTypes.StringType)
        .add("rules", DataTypes.createArrayType(DataTypes.StringType))
        .add("row", DataTypes.StringType);
  }

  private Row row() {
    return RowFactory.create(runId, rowId, rules, json);
  }

  /** The rows that a scan carried, or if they were too many, those that another pass finds. */
  static Dataset<Row> dataset(BrokenRows carried, Judging.Scan scan) {
    SparkSession spark = scan.rows().sparkSession();
    if (!carried.isFull()) {
      List<Row> rows = carried.sorted().stream().map(BrokenRow::row).toList();
      return spark.createDataFrame(rows, type());
    }
    ScanPlan plan = scan.plan();
    JavaRDD<Row> found =
        ScanState.internalRows(scan.rows()).mapPartitions(part -> new Broken(part, plan));
    return spark.createDataFrame(found, type());
  }

  /** The broken rows of one partition, one after the other. */
  private static final class Broken implements Iterator<Row> {

    private final Iterator<InternalRow> rows;
    private final RowJudge judge;
    private final boolean[] breaks;
    private Row next;

    Broken(Iterator<InternalRow> rows, ScanPlan plan) {
      this.rows = rows;
      judge = new RowJudge(plan);
      breaks = new boolean[plan.rules().size()];
    }

    @Override
    public boolean hasNext() {
      while (next == null && rows.hasNext()) {
        InternalRow row = rows.next();
        if (judge.judge(row, breaks)) {
          next = judge.broken(row, breaks).row();
        }
      }
      return next != null;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      Row found = next;
      next = null;
      return found;
    }
  }
}
