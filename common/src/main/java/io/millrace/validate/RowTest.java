package io.millrace.validate;

import java.io.Serializable;
import java.util.List;
import java.util.StringJoiner;
import org.apache.spark.sql.catalyst.InternalRow;

/** A check that one row alone decides. Not safe for threads. */
abstract class RowTest implements Serializable {

  private static final long serialVersionUID = 1L;

  private final List<Cell> cells;

  RowTest(List<Cell> cells) {
    this.cells = List.copyOf(cells);
  }

  /** Whether a row breaks it. */
  abstract boolean breaks(InternalRow row);

  /** The columns that it looks at, as far as they are told to people. */
  final List<Cell> cells() {
    return cells;
  }

  /** What the row that broke it holds: {@code age 130}. */
  String reason(InternalRow row) {
    StringJoiner reason = new StringJoiner(", ");
    for (Cell cell : cells) {
      reason.add(cell.name() + " " + cell.text(row));
    }
    return reason.toString();
  }

  /** Empty counts of the values that break it. */
  Offenders offenders() {
    return new Offenders(cells.size() == 1 ? cells.get(0) : null);
  }

  /** Counts what the row that broke it holds. */
  void count(InternalRow row, Offenders offenders) {
    if (cells.size() == 1) {
      offenders.add(row);
    } else {
      offenders.add(reason(row));
    }
  }
}
