package io.millrace.train;

import io.millrace.train.Encoded.SerializableFunction;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * Sums over all rows that train, with the same bits wherever they are computed: each worker's rows
 * are added in their order, and the workers' sums in the order of the workers. Few rows are held
 * here, since a job of Spark takes longer than to pass over them; more stay where they are.
 */
final class RowSums implements AutoCloseable {

  /** Slots that aren't zero, of all rows; 8 bytes each. A pass over as many takes about 20 ms. */
  static final long MOST_HERE = 4_000_000;

  private final List<SparseRows> here;
  private final JavaRDD<SparseRows> there;

  private RowSums(List<SparseRows> here, JavaRDD<SparseRows> there) {
    this.here = here;
    this.there = there;
  }

  /**
   * The rows that train.
   *
   * @param mostHere slots that aren't zero that are held here at the most
   */
  static RowSums of(Encoded rows, long mostHere) {
    long filled =
        rows.map(block -> SparseRows.filled(block.train())).stream()
            .mapToLong(Integer::longValue)
            .sum();
    if (filled <= mostHere) {
      return new RowSums(rows.map(block -> SparseRows.of(block.train())), null);
    }
    JavaRDD<SparseRows> there = rows.blocks().map(block -> SparseRows.of(block.train()));
    return new RowSums(List.of(), there.persist(StorageLevel.MEMORY_AND_DISK()));
  }

  /** The element-wise sum of what {@code part} gives for each worker's rows. */
  double[] sum(SerializableFunction<SparseRows, double[]> part) {
    List<double[]> parts =
        there == null ? here.parallelStream().map(part).toList() : there.map(part::apply).collect();
    double[] sum = parts.get(0);
    for (double[] other : parts.subList(1, parts.size())) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += other[i];
      }
    }
    return sum;
  }

  @Override
  public void close() {
    if (there != null) {
      there.unpersist(false);
    }
  }
}
