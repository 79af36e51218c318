package io.millrace.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.config.EvaluateSpec.Top;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Precision among the k keys of each day with the highest score: {@code card_precision_top_k} of
 * the Fraud Detection Handbook (Le Borgne et al. 2022, chapter 4.4). A key's score on a day is that
 * of its highest row, and it is positive if any of its rows is. Equal scores rank by a hash of the
 * key.
 */
final class TopOfDays {

  private static final String DAY = "day";
  private static final String KEY = "of_key";

  private final Top top;
  private final Map<LocalDate, Integer> found = new TreeMap<>();
  private final Set<String> detected = new HashSet<>();

  private TopOfDays(Top top) {
    this.top = top;
  }

  /**
   * The figures: of all days, and where asked of each.
   *
   * @param rows columns {@code label} (0 or 1), {@code score}, {@code day} (date), {@code of_key}
   *     (string; rows without one are left out)
   */
  static List<Metric> of(Dataset<Row> rows, Top top, long allRows) {
    Dataset<Row> keys =
        rows.where(col(KEY).isNotNull().and(col(DAY).isNotNull()))
            .groupBy(DAY, KEY)
            .agg(max("score").as("score"), max("label").as("label"));
    TopOfDays days = new TopOfDays(top);
    keys.select(DAY).distinct().collectAsList().forEach(row -> days.found.put(day(row), 0));
    days.count(best(keys, top).toLocalIterator());
    return days.metrics(allRows);
  }

  private static LocalDate day(Row row) {
    return row.getDate(0).toLocalDate();
  }

  /** As many keys of each day, best first, as can matter: only positives are ever dropped. */
  private static Dataset<Row> best(Dataset<Row> keys, Top top) {
    long drops = top.dropDetected() ? keys.where("label = 1").select(KEY).distinct().count() : 0;
    Column[] order = {col("score").desc(), xxhash64(col(KEY)), col(KEY)};
    Column rank = row_number().over(Window.partitionBy(DAY).orderBy(order));
    return keys.withColumn("rank", rank)
        .where(col("rank").leq(top.k() + drops))
        .orderBy(DAY, "rank")
        .select(DAY, KEY, "label");
  }

  private void count(Iterator<Row> best) {
    LocalDate day = null;
    int looked = 0;
    Set<String> ofDay = new HashSet<>();
    while (best.hasNext()) {
      Row row = best.next();
      if (!day(row).equals(day)) {
        day = day(row);
        looked = 0;
        detected.addAll(ofDay);
        ofDay.clear();
      }
      boolean known = top.dropDetected() && detected.contains(row.getString(1));
      if (!known && looked < top.k()) {
        looked++;
        if (row.getDouble(2) == 1) {
          ofDay.add(row.getString(1));
          found.merge(day, 1, Integer::sum);
        }
      }
    }
  }

  private List<Metric> metrics(long allRows) {
    List<Metric> metrics = new ArrayList<>();
    String name = KnownMetric.PRECISION_AT_K.text();
    long sum = found.values().stream().mapToLong(Integer::longValue).sum();
    MetricList all = new MetricList(Slice.ALL, allRows);
    all.add(name, MetricList.ratio(sum, (double) top.k() * found.size()));
    metrics.addAll(all.toList());
    if (top.daily()) {
      found.forEach(
          (day, positives) -> {
            MetricList one = new MetricList(new Slice(DAY, day.toString()), top.k());
            one.add(name, MetricList.ratio(positives, top.k()));
            metrics.addAll(one.toList());
          });
    }
    metrics.removeIf(metric -> !metric.metric().equals(name));
    return metrics;
  }
}
