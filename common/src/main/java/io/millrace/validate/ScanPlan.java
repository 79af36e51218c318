package io.millrace.validate;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/**
 * What a scan does with each row. Positions are those of {@link ScanColumns}; -1 stands for none.
 *
 * @param measured columns at 0, 1, … of the rows, which are measured and make a row's JSON
 * @param measures whether they are measured, or rows are only judged
 * @param group position of the slice's run id, a text
 * @param rowId position of the row's identity, a text
 * @param slices positions of the texts by whose values columns are measured too
 * @param rules the row-wise checks
 * @param keys gathered hashes of keys
 * @param carried most rows that the result of the scan carries; more: none
 */
record ScanPlan(
    StructType measured,
    boolean measures,
    int group,
    int rowId,
    List<Integer> slices,
    List<Rule> rules,
    List<KeyHash> keys,
    int carried)
    implements Serializable {

  /**
   * A row-wise check.
   *
   * @param index the check's place in the list of the spec
   * @param id its name in results
   * @param quarantines whether rows that break it are carried
   * @param test what it tests
   */
  record Rule(int index, String id, boolean quarantines, RowTest test) implements Serializable {}

  /**
   * A hash of some columns of each row, a long that is null for rows that don't count.
   *
   * @param index the check's place in the list of the spec
   * @param hash position of the hash
   * @param value position of another hash that must be one for each of the first; -1: each hash may
   *     occur once
   * @param budget most hashes that a slice's state holds
   */
  record KeyHash(int index, int hash, int value, int budget) implements Serializable {}

  ScanPlan {
    slices = List.copyOf(slices);
    rules = List.copyOf(rules);
    keys = List.copyOf(keys);
  }

  /** The names of the rules by which a row is carried. */
  Set<Integer> quarantining() {
    return Set.copyOf(rules.stream().filter(Rule::quarantines).map(Rule::index).toList());
  }
}
