package io.millrace.evaluate;

import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.forall;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;

import io.millrace.DataException;
import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.config.EvaluateSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Scored rows with only what metrics need, checked, and kept until closed, since they are passed
 * over more than once: label, score, and the slice columns as text.
 */
final class HeldOut implements AutoCloseable {

  static final Column LABEL = col("label");
  static final Column SCORE = col("score");

  /** A column with more values than this is a key, no slice. */
  private static final int MOST_VALUES = 1000;

  private final Dataset<Row> rows;
  private final List<String> slices;

  private HeldOut(Dataset<Row> rows, List<String> slices) {
    this.rows = rows;
    this.slices = slices;
  }

  static HeldOut of(Dataset<Row> scored, Task task, int classes, EvaluateSpec spec) {
    List<String> slices = spec.slices();
    checkColumns(List.of(scored.columns()), slices);
    List<Column> columns = new ArrayList<>();
    columns.add(LABEL.cast("double").as("label"));
    // plus zero: minus zero ties with zero
    columns.add(
        task == Task.MULTI_CLASS
            ? SCORE.cast("array<double>").as("score")
            : SCORE.cast("double").plus(lit(0.0)).as("score"));
    for (int i = 0; i < slices.size(); i++) {
      Column text = col("`" + slices.get(i).replace("`", "``") + "`").cast("string");
      columns.add(coalesce(text, lit(Slice.NULL)).as(name(i)));
    }
    if (task == Task.BINARY && spec.top().isPresent()) {
      columns.add(col(Evaluator.DAY).cast("date").as("day"));
      columns.add(col(Evaluator.KEY).cast("string").as("of_key"));
    }
    Dataset<Row> rows = scored.select(columns.toArray(Column[]::new));
    HeldOut heldOut = new HeldOut(rows.persist(StorageLevel.MEMORY_AND_DISK()), slices);
    try {
      heldOut.check(task, classes);
      return heldOut;
    } catch (RuntimeException e) {
      heldOut.close();
      throw e;
    }
  }

  /** The slice columns as the user names them. */
  List<String> slices() {
    return slices;
  }

  /** These columns, then the slices. */
  Dataset<Row> select(Column... first) {
    return rows.select(columns(first));
  }

  /** All columns. */
  Dataset<Row> rows() {
    return rows;
  }

  /** All columns and those that a generator makes. */
  Dataset<Row> with(Column generator, String... names) {
    return rows.select(col("*"), generator.as(names));
  }

  /** These columns, then the slices, for a select. */
  Column[] columns(Column... first) {
    Stream<Column> last = IntStream.range(0, slices.size()).mapToObj(i -> col(name(i)));
    return Stream.concat(Arrays.stream(first), last).toArray(Column[]::new);
  }

  @Override
  public void close() {
    rows.unpersist();
  }

  private static String name(int slice) {
    return "slice_" + slice;
  }

  private static void checkColumns(List<String> present, List<String> slices) {
    for (String slice : slices) {
      if (!present.contains(slice)) {
        List<String> others =
            present.stream().filter(c -> !List.of("label", "score").contains(c)).toList();
        String mend =
            Nearest.closest(slice, others).map(n -> "; did you mean `" + n + "`?").orElse("");
        throw new SpecException("evaluate.slices: no column `" + slice + "`" + mend);
      }
    }
  }

  private void check(Task task, int classes) {
    List<Column> counts = new ArrayList<>();
    counts.add(count_if(not(coalesce(judgeable(task, classes), lit(false)))));
    for (int i = 0; i < slices.size(); i++) {
      counts.add(approx_count_distinct(name(i)));
    }
    Row found = rows.agg(count(lit(1)), counts.toArray(Column[]::new)).first();
    if (found.getLong(0) == 0) {
      throw new DataException(
          "evaluate: there are no held-out rows with a label; give `split` a greater test share or"
              + " choose a later date");
    }
    if (found.getLong(1) > 0) {
      throw new DataException(
          String.format(
              "evaluate: %d of %d held-out rows can't be judged; %s",
              found.getLong(1), found.getLong(0), demand(task, classes)));
    }
    for (int i = 0; i < slices.size(); i++) {
      if (found.getLong(2 + i) > MOST_VALUES) {
        throw new DataException(
            String.format(
                "evaluate.slices: column `%s` has about %d values, more than %d; slice by a column"
                    + " with fewer",
                slices.get(i), found.getLong(2 + i), MOST_VALUES));
      }
    }
  }

  private static Column judgeable(Task task, int classes) {
    return switch (task) {
      case BINARY -> LABEL.isin(0.0, 1.0).and(SCORE.between(0.0, 1.0));
      case REGRESSION -> finite(LABEL).and(finite(SCORE));
      case MULTI_CLASS ->
          LABEL
              .between(0.0, classes - 1.0)
              .and(LABEL.equalTo(floor(LABEL)))
              .and(size(SCORE).equalTo(classes))
              .and(forall(SCORE, p -> p.between(0.0, 1.0)));
    };
  }

  private static Column finite(Column number) {
    return number.between(-Double.MAX_VALUE, Double.MAX_VALUE);
  }

  private static String demand(Task task, int classes) {
    return switch (task) {
      case BINARY -> "a label is 0 or 1, a score a probability";
      case REGRESSION -> "label and score are finite numbers";
      case MULTI_CLASS ->
          String.format(
              "a label is a whole number from 0 to %d, a score %d probabilities",
              classes - 1, classes);
    };
  }
}
