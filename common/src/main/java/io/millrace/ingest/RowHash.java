package io.millrace.ingest;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.table.HexDigits;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * Hashes of 128 bits: two xxHash64 (Collet 2012, as Spark's {@code xxhash64}) of the same values
 * with two seeds. They tell rows apart and guard no secret, and take the values as they are, where
 * a digest would first need the text of a row.
 */
final class RowHash {

  private RowHash() {}

  /** 32 hex digits. */
  static Column hex128(Column... values) {
    return HexDigits.of(half(1, values), half(2, values));
  }

  /** One half of a hash, a long. */
  static Column half(long seed, Column... values) {
    List<Column> seeded = new ArrayList<>(List.of(lit(seed)));
    seeded.addAll(List.of(values));
    return xxhash64(seeded.toArray(Column[]::new));
  }

  /**
   * Values with their names, for a hash that a column of nulls doesn't change: Spark's hash passes
   * over nulls, so a value without its name could stand for its neighbour's.
   */
  static Column[] named(List<String> names, List<Column> values) {
    List<Column> pairs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      pairs.add(when(values.get(i).isNotNull(), lit(names.get(i))));
      pairs.add(values.get(i));
    }
    return pairs.toArray(Column[]::new);
  }
}
