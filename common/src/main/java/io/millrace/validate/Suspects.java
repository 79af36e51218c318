package io.millrace.validate;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.millrace.config.CheckSpec;
import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Checks across rows that the first scan suspects of being broken: decided exactly by Spark, on
 * those rows whose hash is suspect.
 */
final class Suspects {

  /** More suspect hashes than these narrow nothing: all rows are looked at. */
  private static final int MOST_HASHES = 200_000;

  private static final String OCCURRENCES = "#occurrences";
  private static final String HASH = "#hash";

  private Suspects() {}

  /** The rows with a column for each check that is suspect; the same rows if none is. */
  static LateRows mark(
      LateRows rows, List<CheckSpec> checks, ScanPlan plan, Map<String, GroupState> found) {
    LateRows marked = rows;
    for (int k = 0; k < plan.keys().size(); k++) {
      int index = plan.keys().get(k).index();
      int key = k;
      boolean full = found.values().stream().anyMatch(group -> group.keys(key).isFull());
      long[] suspects =
          found.values().stream()
              .flatMapToLong(group -> LongStream.of(group.keys(key).suspects()))
              .sorted()
              .distinct()
              .toArray();
      if (full || suspects.length > 0) {
        long[] narrow = full || suspects.length > MOST_HASHES ? new long[0] : suspects;
        marked = mark(marked, rows.rows(), checks.get(index), index, narrow);
      }
    }
    return marked;
  }

  private static LateRows mark(
      LateRows marked, Dataset<Row> rows, CheckSpec check, int index, long[] hashes) {
    if (check instanceof CheckSpec.Unique unique) {
      List<String> keys = withSlice(unique.columns());
      Dataset<Row> some = narrowed(rows, unique.columns(), unique.columns(), hashes);
      return marked.brokenIfIn(index, keys, repeated(some, keys));
    }
    CheckSpec.Determines determines = (CheckSpec.Determines) check;
    List<String> all = new ArrayList<>(determines.by());
    all.add(determines.column());
    Dataset<Row> some = narrowed(rows, determines.by(), all, hashes);
    Dataset<Row> wrong = outvoted(some, withSlice(determines.by()), determines.column());
    return marked.brokenIfIn(index, withSlice(all), wrong);
  }

  private static Dataset<Row> narrowed(
      Dataset<Row> rows, List<String> hashed, List<String> present, long[] hashes) {
    Dataset<Row> counted =
        rows.withColumn(HASH, Judging.hash(hashed, present)).where(col(HASH).isNotNull());
    if (hashes.length == 0) {
      return counted;
    }
    List<Long> boxed = Arrays.stream(hashes).boxed().toList();
    Dataset<Row> suspects = rows.sparkSession().createDataset(boxed, Encoders.LONG()).toDF(HASH);
    return counted.join(broadcast(suspects), counted.col(HASH).equalTo(suspects.col(HASH)), "semi");
  }

  /** Keys of more than one row. */
  private static Dataset<Row> repeated(Dataset<Row> rows, List<String> keys) {
    return rows.groupBy(named(keys))
        .agg(count(lit(1)).as(OCCURRENCES))
        .where(col(OCCURRENCES).gt(1))
        .select(named(keys));
  }

  /** Keys with a value that isn't that of most rows of the key, or with one of several leaders. */
  private static Dataset<Row> outvoted(Dataset<Row> rows, List<String> keys, String column) {
    List<String> all = new ArrayList<>(keys);
    all.add(column);
    WindowSpec group = Window.partitionBy(named(keys));
    Column leads = col(OCCURRENCES).equalTo(col("#most"));
    return rows.groupBy(named(all))
        .agg(count(lit(1)).as(OCCURRENCES))
        .withColumn("#most", max(col(OCCURRENCES)).over(group))
        .withColumn("#leaders", sum(when(leads, 1).otherwise(0)).over(group))
        .where(leads.and(col("#leaders").equalTo(1)).equalTo(false))
        .select(named(all));
  }

  private static List<String> withSlice(List<String> columns) {
    List<String> keys = new ArrayList<>(List.of(RawColumns.RUN_ID));
    keys.addAll(columns);
    return keys;
  }

  private static Column[] named(List<String> names) {
    return names.stream().map(Columns::named).toArray(Column[]::new);
  }
}
