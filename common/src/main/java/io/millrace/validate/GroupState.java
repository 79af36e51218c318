package io.millrace.validate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.unsafe.types.UTF8String;

/** What a scan found in the rows of one slice. Not safe for threads. */
final class GroupState implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Values of a column by which others are measured; with more than these, by none. */
  static final int MOST_SLICE_VALUES = 100;

  private long rows;
  private final ColumnMeasures[] measures;
  private final List<Map<UTF8String, ColumnMeasures[]>> slices = new ArrayList<>();
  private final long[] broken;
  private final Offenders[] offenders;
  private final KeyState[] keys;

  GroupState(ScanPlan plan) {
    measures = measures(plan);
    plan.slices().forEach(slice -> slices.add(new HashMap<>()));
    broken = new long[plan.rules().size()];
    offenders = new Offenders[broken.length];
    for (int i = 0; i < broken.length; i++) {
      offenders[i] = plan.rules().get(i).test().offenders();
    }
    keys = plan.keys().stream().map(KeyState::of).toArray(KeyState[]::new);
  }

  private static ColumnMeasures[] measures(ScanPlan plan) {
    StructField[] fields = plan.measures() ? plan.measured().fields() : new StructField[0];
    ColumnMeasures[] measures = new ColumnMeasures[fields.length];
    for (int i = 0; i < fields.length; i++) {
      measures[i] = ColumnMeasures.of(fields[i].dataType(), i);
    }
    return measures;
  }

  /** Measures a row and counts the rules that it breaks; whether a quarantining one is broken. */
  boolean add(InternalRow row, ScanPlan plan, boolean[] breaks) {
    rows++;
    for (ColumnMeasures column : measures) {
      column.add(row);
    }
    for (int i = 0; i < slices.size(); i++) {
      addSlice(row, plan, i);
    }
    for (KeyState key : keys) {
      key.add(row);
    }
    boolean carried = false;
    for (int i = 0; i < broken.length; i++) {
      ScanPlan.Rule rule = plan.rules().get(i);
      breaks[i] = rule.test().breaks(row);
      if (breaks[i]) {
        broken[i]++;
        rule.test().count(row, offenders[i]);
        carried |= rule.quarantines();
      }
    }
    return carried;
  }

  private void addSlice(InternalRow row, ScanPlan plan, int slice) {
    Map<UTF8String, ColumnMeasures[]> values = slices.get(slice);
    if (values == null) {
      return;
    }
    int position = plan.slices().get(slice);
    UTF8String value = row.isNullAt(position) ? null : row.getUTF8String(position);
    ColumnMeasures[] columns = values.get(value);
    if (columns == null) {
      if (values.size() == MOST_SLICE_VALUES && !values.containsKey(value)) {
        slices.set(slice, null);
        return;
      }
      columns = measures(plan);
      values.put(value == null ? null : value.copy(), columns);
    }
    for (ColumnMeasures column : columns) {
      column.add(row);
    }
  }

  void merge(GroupState other) {
    rows += other.rows;
    merge(measures, other.measures);
    for (int i = 0; i < slices.size(); i++) {
      slices.set(i, merged(slices.get(i), other.slices.get(i)));
    }
    for (int i = 0; i < broken.length; i++) {
      broken[i] += other.broken[i];
      offenders[i].merge(other.offenders[i]);
    }
    for (int i = 0; i < keys.length; i++) {
      keys[i].merge(other.keys[i]);
    }
  }

  private static void merge(ColumnMeasures[] ours, ColumnMeasures[] theirs) {
    for (int i = 0; i < ours.length; i++) {
      ours[i].merge(theirs[i]);
    }
  }

  private static Map<UTF8String, ColumnMeasures[]> merged(
      Map<UTF8String, ColumnMeasures[]> ours, Map<UTF8String, ColumnMeasures[]> theirs) {
    if (ours == null || theirs == null) {
      return null;
    }
    theirs.forEach(
        (value, columns) -> {
          ColumnMeasures[] known = ours.putIfAbsent(value, columns);
          if (known != null) {
            merge(known, columns);
          }
        });
    return ours.size() > MOST_SLICE_VALUES ? null : ours;
  }

  long rows() {
    return rows;
  }

  /** Measures of the columns, in the order of the plan. */
  List<ColumnMeasures> measures() {
    return List.of(measures);
  }

  /** Measures of the columns by the values of a slice column; none if there are too many. */
  Map<UTF8String, ColumnMeasures[]> slice(int slice) {
    return slices.get(slice) == null ? Map.of() : slices.get(slice);
  }

  /** Whether a slice column has too many values, so that nothing is measured by it. */
  boolean isTooMany(int slice) {
    return slices.get(slice) == null;
  }

  /** Rows that broke a rule, by its place in the plan. */
  long broken(int rule) {
    return broken[rule];
  }

  Offenders offenders(int rule) {
    return offenders[rule];
  }

  KeyState keys(int key) {
    return keys[key];
  }
}
