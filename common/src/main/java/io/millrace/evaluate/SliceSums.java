package io.millrace.evaluate;

import io.millrace.stats.Mergeable;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Folds rows in any order into mergeable sums of each slice, in one pass. Memory: one sum per slice
 * and task, and per slice on the driver.
 */
final class SliceSums {

  private SliceSums() {}

  /** What a sum is of: a slice, of one class against the rest where there are several. */
  record Key(int ofClass, Slice slice) implements Serializable {}

  /** Adds a row to a sum. */
  interface Adder<S> extends Serializable {
    void add(S sum, Row row);
  }

  /** Makes empty sums on the workers. */
  interface Empty<S> extends Supplier<S>, Serializable {}

  /**
   * The sums of all rows and of each slice.
   *
   * @param firstSlice index in the row of the first slice column
   */
  static <S extends Mergeable<S>> Map<Key, S> of(
      JavaRDD<Row> rows, int firstSlice, List<String> slices, Empty<S> empty, Adder<S> adder) {
    return rows.mapPartitionsToPair(it -> partition(it, firstSlice, slices, empty, adder))
        .reduceByKey(SliceSums::merged)
        .collectAsMap();
  }

  private static <S> Iterator<Tuple2<Key, S>> partition(
      Iterator<Row> rows, int firstSlice, List<String> slices, Empty<S> empty, Adder<S> adder) {
    Partition<S> sums = new Partition<>(slices);
    while (rows.hasNext()) {
      Row row = rows.next();
      for (int column = 0; column <= slices.size(); column++) {
        String value = column == 0 ? "" : row.getString(firstSlice + column - 1);
        adder.add(sums.of(0, column, value, key -> empty.get()), row);
      }
    }
    return sums.iterator();
  }

  static <S extends Mergeable<S>> S merged(S sum, S other) {
    sum.merge(other);
    return sum;
  }

  /** The sums of one partition, found without making a key for each row. */
  static final class Partition<S> {

    private final List<String> slices;
    private final Map<Integer, List<Map<String, S>>> byClass = new HashMap<>();
    private final Map<Key, S> sums = new HashMap<>();
    private int currentClass = -1;
    private List<Map<String, S>> current = List.of();

    Partition(List<String> slices) {
      this.slices = slices;
    }

    /**
     * The sum for one slice of a row: column 0 is all rows, column i the slice i - 1.
     *
     * @param value the row's in that slice column; of all rows ""
     */
    S of(int ofClass, int column, String value, Function<Key, S> empty) {
      if (ofClass != currentClass) {
        current = byClass.computeIfAbsent(ofClass, this::maps);
        currentClass = ofClass;
      }
      Map<String, S> byValue = current.get(column);
      S sum = byValue.get(value);
      if (sum == null) {
        Slice slice = column == 0 ? Slice.ALL : new Slice(slices.get(column - 1), value);
        Key key = new Key(ofClass, slice);
        sum = empty.apply(key);
        byValue.put(value, sum);
        sums.put(key, sum);
      }
      return sum;
    }

    Iterator<Tuple2<Key, S>> iterator() {
      return sums.entrySet().stream().map(e -> new Tuple2<>(e.getKey(), e.getValue())).iterator();
    }

    private List<Map<String, S>> maps(int ofClass) {
      return IntStream.rangeClosed(0, slices.size())
          .<Map<String, S>>mapToObj(i -> new HashMap<>())
          .toList();
    }
  }
}
