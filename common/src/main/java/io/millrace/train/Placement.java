package io.millrace.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.model.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows that train and tune, put on logical workers: one partition per worker by a hash of the
 * key, sorted inside by hash and key. So neither the input's partitions nor the cluster's cores
 * reach a model. Cached, so that the features' plan runs once.
 */
final class Placement implements AutoCloseable {

  /** The hash that rows are sorted by. */
  static final String HASH = "_hash";

  private final TrainingSet set;
  private final int workers;
  private final Dataset<Row> rows;

  private Placement(TrainingSet set, int workers, Dataset<Row> rows) {
    this.set = set;
    this.workers = workers;
    this.rows = rows;
  }

  /** Places the rows; nothing runs before the first action on them. */
  static Placement of(TrainingSet set, int workers) {
    boolean weighted = List.of(set.rows().columns()).contains(TrainingSet.WEIGHT);
    Column split = col(Splitter.SPLIT);
    Dataset<Row> rows =
        set.rows()
            .filter(split.equalTo(Splitter.TRAIN).or(split.equalTo(Splitter.TUNE)))
            .select(columns(set, weighted).toArray(Column[]::new))
            .repartitionById(workers, pmod(col(HASH), lit((long) workers)).cast("int"))
            .sortWithinPartitions(col(HASH), col(TrainingSet.KEY))
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new Placement(set, workers, rows);
  }

  private static List<Column> columns(TrainingSet set, boolean weighted) {
    List<Column> columns = new ArrayList<>();
    for (Feature feature : set.schema().features()) {
      columns.add(quoted(feature.name()).cast(type(feature.kind())).as(feature.name()));
    }
    Column weight = weighted ? col(TrainingSet.WEIGHT).cast("double") : lit(1.0);
    columns.addAll(
        Arrays.asList(
            col(TrainingSet.LABEL).cast("double").as(TrainingSet.LABEL),
            weight.as(TrainingSet.WEIGHT),
            col(Splitter.SPLIT),
            xxhash64(lit("place"), col(TrainingSet.KEY)).as(HASH),
            col(TrainingSet.KEY).cast("string").as(TrainingSet.KEY)));
    return columns;
  }

  private static String type(FeatureKind kind) {
    return switch (kind) {
      case NUMERIC -> "double";
      case CATEGORY -> "string";
      case BOOLEAN -> "boolean";
    };
  }

  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  TrainingSet set() {
    return set;
  }

  /** Number of logical workers, which is that of the partitions. */
  int workers() {
    return workers;
  }

  /** The features in order, then label, weight, split, hash and key. */
  Dataset<Row> rows() {
    return rows;
  }

  /** The rows that a model is fitted on. */
  Dataset<Row> train() {
    return rows.filter(col(Splitter.SPLIT).equalTo(Splitter.TRAIN));
  }

  /** Frees the cache. */
  @Override
  public void close() {
    rows.unpersist(false);
  }
}
