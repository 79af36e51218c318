package io.millrace.validate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;

import io.millrace.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows that know of themselves whether they break checks that one row alone can't decide.
 *
 * @param rows the rows, with a column of truth values for each such check
 * @param columns names of these columns by the check's place in the list of the spec
 */
record LateRows(Dataset<Row> rows, Map<Integer, String> columns) {

  /** Rows without such columns. */
  static LateRows of(Dataset<Row> rows) {
    return new LateRows(rows, Map.of());
  }

  /** These rows with a check that breaks where a condition is true. */
  LateRows with(int index, Column broken) {
    String name = "#broken " + index;
    Map<Integer, String> more = new TreeMap<>(columns);
    more.put(index, name);
    return new LateRows(rows.withColumn(name, coalesce(broken, lit(false))), more);
  }

  /**
   * These rows with a check that breaks for rows whose keys are among some.
   *
   * @param keys the rows' columns that are compared
   * @param found different keys, as many columns in the same order
   */
  LateRows brokenIfIn(int index, List<String> keys, Dataset<Row> found) {
    return joined(index, keys, found, Columns.named(hit(index)));
  }

  /** These rows with a check that breaks for rows without null whose keys aren't among some. */
  LateRows brokenUnlessIn(int index, List<String> keys, Dataset<Row> found) {
    Column broken = Columns.named(hit(index)).isNull();
    for (String key : keys) {
      broken = broken.and(Columns.named(key).isNotNull());
    }
    return joined(index, keys, found, broken);
  }

  private static String hit(int index) {
    return "#hit " + index;
  }

  private LateRows joined(int index, List<String> keys, Dataset<Row> found, Column broken) {
    List<Column> renamed = new ArrayList<>(List.of(lit(true).as(hit(index))));
    Column equal = lit(true);
    for (int i = 0; i < keys.size(); i++) {
      String name = "#key " + index + " " + i;
      renamed.add(Columns.named(found.columns()[i]).as(name));
      equal = equal.and(Columns.named(keys.get(i)).equalTo(Columns.named(name)));
    }
    Dataset<Row> other = found.select(renamed.toArray(Column[]::new));
    LateRows joined = new LateRows(rows.join(other, equal, "left"), columns).with(index, broken);
    String[] added = other.columns();
    return new LateRows(joined.rows.drop(added), joined.columns);
  }
}
