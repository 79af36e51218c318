package io.millrace.train;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.Task;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.model.Feature;
import io.millrace.table.Columns;
import io.millrace.table.InternalRows;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows that train or tune, for the audit: all of them, or where a class has too many those of the
 * least hashes of their keys, so that the sample is a function of the set of rows alone.
 *
 * @param features what is looked at, in the order of {@code values}
 * @param values by feature and row: a number (NaN: missing), or the bits of a category's hash
 * @param label by row: index of the class, or the number
 * @param weight by row: rows of its class over sampled ones of it
 * @param fold by row: 0 or 1, by hash
 * @param allRows how many rows there are
 */
record AuditSample(
    List<Feature> features,
    long[][] values,
    double[] label,
    double[] weight,
    byte[] fold,
    long allRows) {

  /** Stands for a category that is missing. */
  static final long NO_CATEGORY = Long.MIN_VALUE;

  /** Enough for an AUC to within 0.005 (DeLong) where both classes are so many. */
  private static final int MOST_ROWS = 80_000;

  private static final long MOST_VALUES = 8_000_000;
  private static final int LEAST_OF_CLASS = 500;

  /** Draws in one scan. */
  static AuditSample of(TrainingSet set, List<Feature> features) {
    int classes = set.task() == Task.REGRESSION ? 1 : set.classes().size();
    int rows = (int) Math.min(MOST_ROWS, MOST_VALUES / Math.max(1, features.size()));
    int most = Math.max(LEAST_OF_CLASS, rows / classes);
    Dataset<Row> fitted =
        set.rows()
            .where(not(col(Splitter.SPLIT).equalTo(Splitter.TEST)))
            .where(col(TrainingSet.LABEL).isNotNull())
            .select(columns(features));
    int width = features.size();
    boolean[] numeric = new boolean[width];
    for (int i = 0; i < width; i++) {
      numeric[i] = features.get(i).kind() != FeatureKind.CATEGORY;
    }
    JavaRDD<LeastHashes> parts =
        InternalRows.of(fitted)
            .mapPartitions(
                it -> List.of(new LeastHashes(classes, most, numeric).addAll(it)).iterator());
    LeastHashes sample =
        parts.getNumPartitions() == 0
            ? new LeastHashes(classes, most, numeric)
            : parts.treeReduce(LeastHashes::merge);
    return sample.toSample(features);
  }

  private static Column[] columns(List<Feature> features) {
    List<Column> columns = new ArrayList<>();
    columns.add(xxhash64(lit("audit"), col(TrainingSet.KEY)));
    columns.add(col(TrainingSet.LABEL).cast("double"));
    for (Feature feature : features) {
      Column value = Columns.named(feature.name());
      columns.add(
          switch (feature.kind()) {
            case NUMERIC -> value.cast("double");
            case BOOLEAN -> value.cast("boolean").cast("double");
            case CATEGORY ->
                coalesce(when(value.isNotNull(), xxhash64(value.cast("string"))), lit(NO_CATEGORY));
          });
    }
    return columns.toArray(Column[]::new);
  }

  int rows() {
    return label.length;
  }

  /** Whether every row is in the sample. */
  boolean isWhole() {
    return rows() == allRows;
  }

  boolean isNumeric(int feature) {
    return features.get(feature).kind() != FeatureKind.CATEGORY;
  }

  boolean isMissing(int feature, int row) {
    long value = values[feature][row];
    return isNumeric(feature) ? Double.isNaN(Double.longBitsToDouble(value)) : value == NO_CATEGORY;
  }

  double number(int feature, int row) {
    return Double.longBitsToDouble(values[feature][row]);
  }
}
