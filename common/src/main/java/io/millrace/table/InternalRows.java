package io.millrace.table;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a dataset as Spark holds them, without {@code Row} objects and boxing. An iterator
 * may give the same object again and again: who keeps a row or a text of it must copy it.
 */
public final class InternalRows {

  private InternalRows() {}

  /** The rows that a dataset is computed to; what it shuffles is shuffled once for all passes. */
  public static JavaRDD<InternalRow> of(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().toRdd().toJavaRDD();
  }

  /** The way back: a dataset of rows that have this schema. */
  public static Dataset<Row> dataset(
      SparkSession session, JavaRDD<InternalRow> rows, StructType schema) {
    return ((org.apache.spark.sql.classic.SparkSession) session)
        .internalCreateDataFrame(rows.rdd(), schema, false);
  }
}
