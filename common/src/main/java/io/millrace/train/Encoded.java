package io.millrace.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.shiftrightunsigned;

import io.millrace.DataException;
import io.millrace.config.EncoderSpec;
import io.millrace.model.Encoder;
import io.millrace.model.Encoders;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import io.millrace.table.InternalRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;

/**
 * Fitted encoders and what they make of the placed rows: one {@link Block} per worker, cached, so
 * that every fit and every trial on them costs the learner's own time.
 */
final class Encoded implements AutoCloseable {

  private final Encoders encoders;
  private final JavaRDD<Block> blocks;

  private Encoded(Encoders encoders, JavaRDD<Block> blocks) {
    this.encoders = encoders;
    this.blocks = blocks;
  }

  /** Fits encoders on the rows that train and applies them to all placed rows. */
  static Encoded of(
      Placement placement,
      Map<String, EncoderSpec> overrides,
      EncoderFitter.Style style,
      double[] classWeights) {
    TrainingSet set = placement.set();
    Optional<String> label = Optional.of(TrainingSet.LABEL);
    Encoders encoders = EncoderFitter.fit(placement.train(), set.schema(), overrides, style, label);
    List<Encoders> folds = outOfFold(placement, targets(overrides, encoders), style, encoders);
    JavaRDD<InternalRow> internal = InternalRows.of(placement.rows());
    if (internal.getNumPartitions() != placement.workers()) {
      throw new IllegalStateException(
          internal.getNumPartitions() + " partitions for " + placement.workers() + " workers");
    }
    JavaRDD<Block> blocks =
        internal.mapPartitionsWithIndex(new EncodeBlock(encoders, folds, classWeights), true);
    Encoded encoded = new Encoded(encoders, blocks.persist(StorageLevel.MEMORY_AND_DISK()));
    encoded.checkKeys();
    return encoded;
  }

  /** The first action on the blocks, which fills the cache. */
  private void checkKeys() {
    for (String key : map(Block::repeatedKey)) {
      if (!key.isEmpty()) {
        close();
        throw new DataException(
            "train: two rows have the key "
                + key
                + "; there must be one row per entity (per event: one per event)");
      }
    }
  }

  /** What was told, and the target encodings that were chosen without being told. */
  private static Map<String, EncoderSpec> targets(
      Map<String, EncoderSpec> overrides, Encoders encoders) {
    Map<String, EncoderSpec> all = new HashMap<>(overrides);
    for (int i = 0; i < encoders.schema().size(); i++) {
      if (encoders.encoders().get(i) instanceof Encoder.Target) {
        all.putIfAbsent(
            encoders.schema().features().get(i).name(), EncoderChoice.CATEGORY_FOR_FOREST);
      }
    }
    return all;
  }

  /**
   * A row that trains must not see its own label in a target encoding: each fold's rows get the
   * means of the other folds'. Other encoders are the same in every fold.
   */
  private static List<Encoders> outOfFold(
      Placement placement,
      Map<String, EncoderSpec> overrides,
      EncoderFitter.Style style,
      Encoders encoders) {
    List<Feature> targets = new ArrayList<>();
    int folds = 0;
    for (Feature feature : encoders.schema().features()) {
      if (overrides.get(feature.name()) instanceof EncoderSpec.Target target) {
        targets.add(feature);
        folds = Math.max(folds, target.folds());
      }
    }
    List<Encoders> byFold = new ArrayList<>();
    FeatureSchema schema = new FeatureSchema(targets);
    Column fold = pmod(shiftrightunsigned(col(Placement.HASH), 32), lit((long) folds)).cast("int");
    for (int k = 0; k < folds; k++) {
      Dataset<Row> others = placement.train().filter(fold.notEqual(k));
      Encoders fitted =
          EncoderFitter.fit(others, schema, overrides, style, Optional.of(TrainingSet.LABEL));
      byFold.add(replaced(encoders, fitted));
    }
    return byFold;
  }

  private static Encoders replaced(Encoders encoders, Encoders some) {
    List<Encoder> result = new ArrayList<>(encoders.encoders());
    for (int i = 0; i < some.schema().size(); i++) {
      int feature = encoders.schema().indexOf(some.schema().features().get(i).name());
      if (result.get(feature).width() == some.encoders().get(i).width()) {
        result.set(feature, some.encoders().get(i));
      }
    }
    return new Encoders(encoders.schema(), result);
  }

  Encoders encoders() {
    return encoders;
  }

  /** One block per worker. */
  JavaRDD<Block> blocks() {
    return blocks;
  }

  /** Maps each block and returns the results in the order of the workers. */
  <T> List<T> map(SerializableFunction<Block, T> function) {
    return blocks.map(function::apply).collect();
  }

  /** A function that Spark can send to a worker. */
  interface SerializableFunction<A, B> extends Function<A, B>, java.io.Serializable {}

  /** Frees the cache. */
  @Override
  public void close() {
    blocks.unpersist(false);
  }
}
