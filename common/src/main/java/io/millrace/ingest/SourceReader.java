package io.millrace.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.to_date;

import io.millrace.config.SourceSpec;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/**
 * Reads files as typed rows with an identity, and the rows that can't be taken with their faults.
 */
public final class SourceReader {

  private static final String[] QUARANTINE = {
    "_row_id", "_file", "column", "value", "reason", "rule", "row"
  };

  private SourceReader() {}

  /** Reads one file. */
  public static ReadRows read(
      SparkSession spark, SourceSpec spec, Reconciled file, List<String> labelColumns) {
    return read(spark, spec, List.of(file), labelColumns);
  }

  /**
   * Reads files that come in together: all of a snapshot, or any number of an append source, where
   * the rows are the same as if each file were read alone. The files share one table, as {@link
   * SchemaChanges#reconcile(ColumnTypes, List, SourceSpec)} leaves it.
   *
   * <p>{@code _row_id} is a hash of the file's name, the key or content, and the occurrence. {@code
   * _key}, where the source has none, is a hash of the content without the labels and of its
   * occurrence: counted over all files of a snapshot and without their names, so that a row keeps
   * its key from one snapshot to the next; within a file and with its name for append, where the
   * same content in two files is two events. Rows of equal content are numbered in the order of
   * their labels. A hash of 32 hex digits doesn't depend on the order of columns, of rows or of
   * partitions, nor on columns that are null.
   *
   * <p>A key that occurs twice (in a file, or in a snapshot): of rows that are equal in all columns
   * the first stays; of rows that differ nobody knows which is right, so none does. That needs one
   * more read of the key's columns, at once; rows are shuffled only where a key does occur twice,
   * or where there is no key.
   *
   * @param labelColumns columns that are no part of a made key
   */
  public static ReadRows read(
      SparkSession spark, SourceSpec spec, List<Reconciled> files, List<String> labelColumns) {
    List<Cells> cells = files.stream().map(file -> new Cells(spark, spec, file)).toList();
    Dataset<Row> good = cells.stream().map(Cells::good).reduce(Dataset::unionAll).orElseThrow();
    Dataset<Row> faults = cells.stream().map(Cells::faults).reduce(Dataset::unionAll).orElseThrow();
    RowKeys keys = new RowKeys(spec, files.get(0).table(), labelColumns);
    Dataset<Row> quarantined = identified(faults);
    if (spec.key().isEmpty()) {
      return new ReadRows(keys.made(good), quarantined);
    }
    if (!keys.hasDuplicates(good)) {
      return new ReadRows(keys.declared(good), quarantined);
    }
    Dataset<Row> judged = keys.judged(good);
    return new ReadRows(
        keys.kept(judged), quarantined.unionAll(keys.refused(judged).selectExpr(QUARANTINE)));
  }

  /** A broken row is known by its file, its text, and its place among those with the same text. */
  private static Dataset<Row> identified(Dataset<Row> faults) {
    Column text = RowHash.hex128(col("row"));
    Column occurrence =
        row_number()
            .over(
                Window.partitionBy(col("_file"), col("hash"), col("column"), col("rule"))
                    .orderBy(col("reason")));
    return faults
        .withColumn("hash", text)
        .withColumn("occurrence", occurrence)
        .withColumn(
            "_row_id", RowHash.hex128(lit("broken"), col("_file"), col("hash"), col("occurrence")))
        .select("_row_id", "_file", "column", "value", "reason", "rule", "row");
  }

  /** The UTC day of the time column; null for sources without one. */
  public static Column dayOf(SourceSpec spec) {
    return spec.time()
        .map(time -> to_date(col(quoted(ColumnNames.safe(time)))))
        .orElseGet(() -> lit(null).cast("date"));
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
