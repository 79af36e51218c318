package io.millrace.train;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.model.Feature;
import io.millrace.table.Columns;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many rows that test have the key, or the features, of a row that trains or tunes. Rows are
 * compared by a hash of 64 bits: of a hundred million different ones, fewer than one in a thousand
 * such counts is wrong by a row.
 *
 * @param test rows that test
 * @param keys those of them whose key trains
 * @param twins those of them whose features, all together, a row that trains has
 */
record SplitOverlap(long test, long keys, long twins) {

  /** Counts in one scan and one exchange of the rows' hashes. */
  static SplitOverlap of(TrainingSet set) {
    Column tests = col(Splitter.SPLIT).equalTo(Splitter.TEST);
    Column hashes =
        explode(
            array(
                struct(lit(0).as("of"), xxhash64(col(TrainingSet.KEY)).as("hash")),
                struct(lit(1).as("of"), xxhash64(values(set)).as("hash"))));
    Dataset<Row> groups =
        set.rows()
            .select(tests.as("tests"), hashes.as("h"))
            .groupBy(col("h.of"), col("h.hash"))
            .agg(count_if(col("tests")).as("tests"), count_if(not(col("tests"))).as("trains"));
    Column shared = when(col("trains").gt(0), col("tests")).otherwise(0L);
    long test = 0;
    long[] found = new long[2];
    for (Row row : groups.groupBy("of").agg(sum("tests"), sum(shared)).collectAsList()) {
      test = row.getLong(1);
      found[row.getInt(0)] = row.getLong(2);
    }
    return new SplitOverlap(test, found[0], found[1]);
  }

  private static Column[] values(TrainingSet set) {
    List<Column> values = new ArrayList<>();
    for (Feature feature : set.schema().features()) {
      Column value = Columns.named(feature.name());
      // a null leaves the hash as it was, and so would say nothing of which of two is null
      values.add(value.isNull());
      values.add(value);
    }
    return values.toArray(Column[]::new);
  }
}
