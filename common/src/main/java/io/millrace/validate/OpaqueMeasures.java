package io.millrace.validate;

import org.apache.spark.sql.catalyst.InternalRow;

/** What is found in a column of a type that isn't measured: arrays, maps, structs, bytes. */
public final class OpaqueMeasures implements ColumnMeasures {

  private static final long serialVersionUID = 1L;

  static final char LETTER = 'O';

  private final int position;
  private long nulls;
  private long others;

  OpaqueMeasures(int position) {
    this.position = position;
  }

  static OpaqueMeasures read(MeasureReader in) {
    OpaqueMeasures read = new OpaqueMeasures(-1);
    read.nulls = in.readCount();
    read.others = in.readCount();
    return read;
  }

  @Override
  public void add(InternalRow row) {
    if (row.isNullAt(position)) {
      nulls++;
    } else {
      others++;
    }
  }

  @Override
  public void merge(ColumnMeasures measures) {
    OpaqueMeasures other = (OpaqueMeasures) measures;
    nulls += other.nulls;
    others += other.others;
  }

  @Override
  public long rows() {
    return nulls + others;
  }

  @Override
  public long nulls() {
    return nulls;
  }

  @Override
  public byte[] toBytes() {
    MeasureWriter out = new MeasureWriter(LETTER);
    out.writeUnsigned(nulls);
    out.writeUnsigned(others);
    return out.toBytes();
  }
}
