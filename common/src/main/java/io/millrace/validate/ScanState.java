package io.millrace.validate;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** What a scan found: a state for each slice, and the rows that it carries. */
final class ScanState implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Map<UTF8String, GroupState> groups = new HashMap<>();
  private final BrokenRows broken;

  private ScanState(ScanPlan plan) {
    broken = new BrokenRows(plan.carried());
  }

  /**
   * One job over all rows.
   *
   * @param rows the columns of the plan, by position
   */
  static ScanState scan(Dataset<Row> rows, ScanPlan plan) {
    JavaRDD<InternalRow> internal = internalRows(rows);
    JavaRDD<ScanState> partial =
        internal.mapPartitions(part -> List.of(new ScanState(plan).addAll(part, plan)).iterator());
    return partial.getNumPartitions() == 0
        ? new ScanState(plan)
        : partial.treeReduce(ScanState::merge);
  }

  /** The rows as Spark holds them, without conversion. */
  static JavaRDD<InternalRow> internalRows(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().toRdd().toJavaRDD();
  }

  /** By the slices' run ids. */
  Map<String, GroupState> groups() {
    Map<String, GroupState> sorted = new TreeMap<>();
    groups.forEach((id, state) -> sorted.put(id.toString(), state));
    return sorted;
  }

  BrokenRows broken() {
    return broken;
  }

  private ScanState addAll(Iterator<InternalRow> rows, ScanPlan plan) {
    RowJudge judge = new RowJudge(plan);
    boolean[] breaks = new boolean[plan.rules().size()];
    UTF8String last = null;
    GroupState group = null;
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      UTF8String id = plan.group() < 0 ? UTF8String.EMPTY_UTF8 : row.getUTF8String(plan.group());
      if (group == null || !id.equals(last)) {
        group = groups.get(id);
        last = id.copy();
        if (group == null) {
          group = new GroupState(plan);
          groups.put(last, group);
        }
      }
      if (group.add(row, plan, breaks)) {
        if (broken.isFull()) {
          broken.addUnseen();
        } else {
          broken.add(judge.broken(row, breaks));
        }
      }
    }
    return this;
  }

  private ScanState merge(ScanState other) {
    other.groups.forEach(
        (id, group) -> {
          GroupState known = groups.putIfAbsent(id, group);
          if (known != null) {
            known.merge(group);
          }
        });
    broken.merge(other.broken);
    return this;
  }
}
