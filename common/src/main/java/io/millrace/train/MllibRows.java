package io.millrace.train;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rows that train as Spark MLlib takes them, in two partitions at the most: MLlib adds up
 * partitions in the order in which their tasks end, and only {@code a + b = b + a}.
 */
final class MllibRows {

  /** The vectors' column. */
  static final String FEATURES = "features";

  private static final int PARTITIONS = 2;

  private MllibRows() {}

  /** From a row's slots to MLlib's vector, and from our weight to the one that MLlib gets. */
  interface Form extends Serializable {
    Vector vector(float[] slots);

    double weight(double weight);
  }

  /**
   * Columns {@code features}, {@code label} and {@code _weight}.
   *
   * @param classes number of classes, also of those that no row that trains has; 0 for a regression
   */
  static Dataset<Row> of(Encoded rows, Form form, StructField features, int classes) {
    int blocks = rows.blocks().getNumPartitions();
    int partitions = Math.min(PARTITIONS, blocks);
    JavaRDD<Row> vectors =
        rows.blocks()
            .mapToPair(block -> new scala.Tuple2<>(block.index(), block))
            .repartitionAndSortWithinPartitions(new InOrder(blocks, partitions))
            .values()
            .flatMap(block -> rows(block.train(), form));
    StructType schema =
        new StructType(
            new StructField[] {
              features,
              new StructField(TrainingSet.LABEL, DataTypes.DoubleType, false, classes(classes)),
              DataTypes.createStructField(TrainingSet.WEIGHT, DataTypes.DoubleType, false)
            });
    return SparkSession.active().createDataFrame(vectors, schema);
  }

  private static Metadata classes(int classes) {
    return classes == 0
        ? Metadata.empty()
        : NominalAttribute.defaultAttr()
            .withName(TrainingSet.LABEL)
            .withNumValues(classes)
            .toMetadata();
  }

  /** The vectors' column without attributes. */
  static StructField plainFeatures() {
    return new StructField(FEATURES, new VectorUDT(), false, Metadata.empty());
  }

  /** The vectors' column with attributes. */
  static StructField features(AttributeGroup attributes) {
    return new StructField(FEATURES, new VectorUDT(), false, attributes.toMetadata());
  }

  private static Iterator<Row> rows(EncodedRows train, Form form) {
    float[] slots = new float[train.slots()];
    return IntStream.range(0, train.size())
        .mapToObj(
            i -> {
              train.copy(i, slots);
              return RowFactory.create(
                  form.vector(slots), train.label(i), form.weight(train.weight(i)));
            })
        .iterator();
  }

  /** All vectors of a few rows. */
  static List<Vector> vectors(EncodedRows rows, Form form) {
    float[] slots = new float[rows.slots()];
    return IntStream.range(0, rows.size())
        .mapToObj(
            i -> {
              rows.copy(i, slots);
              return form.vector(slots);
            })
        .toList();
  }

  /** Neighbouring blocks to the same partition. */
  private static final class InOrder extends Partitioner {

    private static final long serialVersionUID = 1L;

    private final int blocks;
    private final int partitions;

    InOrder(int blocks, int partitions) {
      this.blocks = blocks;
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object index) {
      return (int) ((long) (int) index * partitions / blocks);
    }
  }
}
