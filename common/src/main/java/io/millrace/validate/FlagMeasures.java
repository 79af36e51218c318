package io.millrace.validate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;

/** What is found in a column of truth values; {@code false} is less than {@code true}. */
public final class FlagMeasures implements ColumnMeasures {

  private static final long serialVersionUID = 1L;

  static final char LETTER = 'F';

  private final int position;
  private long nulls;
  private long trues;
  private long falses;

  FlagMeasures(int position) {
    this.position = position;
  }

  static FlagMeasures read(MeasureReader in) {
    FlagMeasures read = new FlagMeasures(-1);
    read.nulls = in.readCount();
    read.trues = in.readCount();
    read.falses = in.readCount();
    return read;
  }

  @Override
  public void add(InternalRow row) {
    if (row.isNullAt(position)) {
      nulls++;
    } else if (row.getBoolean(position)) {
      trues++;
    } else {
      falses++;
    }
  }

  @Override
  public void merge(ColumnMeasures measures) {
    FlagMeasures other = (FlagMeasures) measures;
    nulls += other.nulls;
    trues += other.trues;
    falses += other.falses;
  }

  @Override
  public long rows() {
    return nulls + trues + falses;
  }

  @Override
  public long nulls() {
    return nulls;
  }

  @Override
  public OptionalLong distinct() {
    return OptionalLong.of(topValues(2).size());
  }

  @Override
  public Optional<String> min() {
    return extreme(falses, trues, "false", "true");
  }

  @Override
  public Optional<String> max() {
    return extreme(trues, falses, "true", "false");
  }

  private static Optional<String> extreme(long first, long second, String a, String b) {
    return first > 0 ? Optional.of(a) : second > 0 ? Optional.of(b) : Optional.empty();
  }

  /** The share of trues. */
  @Override
  public OptionalDouble mean() {
    long count = trues + falses;
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) trues / count);
  }

  @Override
  public List<ValueCount> topValues(int most) {
    List<ValueCount> values = new ArrayList<>();
    values.add(new ValueCount("false", falses));
    values.add(new ValueCount("true", trues));
    values.removeIf(value -> value.count() == 0);
    values.sort(Comparator.comparing((ValueCount value) -> -value.count()));
    return List.copyOf(values.subList(0, Math.min(most, values.size())));
  }

  @Override
  public boolean knowsAllValues() {
    return true;
  }

  @Override
  public byte[] toBytes() {
    MeasureWriter out = new MeasureWriter(LETTER);
    out.writeUnsigned(nulls);
    out.writeUnsigned(trues);
    out.writeUnsigned(falses);
    return out.toBytes();
  }
}
