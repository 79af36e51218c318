package io.millrace.validate;

import io.millrace.stats.HyperLogLog;
import io.millrace.stats.LogHistogram;
import io.millrace.stats.Moments;
import io.millrace.stats.XxHash64;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * What is found in a column of numbers, dates or times. Moments are exact and of the finite numbers
 * only; a decimal stands for the nearest double.
 */
public final class NumberMeasures implements ColumnMeasures {

  private static final long serialVersionUID = 1L;

  static final char LETTER = 'N';

  /** Days up to which quantiles of dates and times are exact to the day. */
  static final int DAYS = 20_000;

  /** Distinct numbers up to which all are counted. */
  static final int VALUES = 256;

  private final NumberKind kind;

  /** Absent where the measures were read from bytes. */
  private final NumberReader reader;

  private final LogHistogram histogram;
  private final Moments moments;
  private final HyperLogLog distinct;

  /** Numbers, or of dates and times days. */
  private final NumberCounts values;

  private long nulls;
  private long least = Long.MAX_VALUE;
  private long greatest = Long.MIN_VALUE;

  NumberMeasures(NumberReader reader) {
    this(
        reader.kind(),
        reader,
        new LogHistogram(),
        new Moments(),
        new HyperLogLog(),
        new NumberCounts(cap(reader.kind())));
  }

  private NumberMeasures(
      NumberKind kind,
      NumberReader reader,
      LogHistogram histogram,
      Moments moments,
      HyperLogLog distinct,
      NumberCounts values) {
    this.kind = kind;
    this.reader = reader;
    this.histogram = histogram;
    this.moments = moments;
    this.distinct = distinct;
    this.values = values;
  }

  static NumberMeasures read(MeasureReader in) {
    int ordinal = in.readByte();
    if (ordinal >= NumberKind.values().length) {
      throw MeasureReader.bad("numbers of no known kind");
    }
    NumberKind kind = NumberKind.values()[ordinal];
    long nulls = in.readCount();
    long least = in.readSigned();
    long greatest = in.readSigned();
    LogHistogram histogram = LogHistogram.of(in.readBytes());
    long[] state = new long[Moments.STATE_LENGTH];
    for (int i = 0; i < state.length; i++) {
      state[i] = in.readSigned();
    }
    HyperLogLog distinct = HyperLogLog.of(in.readBytes());
    NumberCounts values = NumberCounts.read(cap(kind), in);
    NumberMeasures read =
        new NumberMeasures(kind, null, histogram, Moments.of(state), distinct, values);
    read.nulls = nulls;
    read.least = least;
    read.greatest = greatest;
    return read;
  }

  private static int cap(NumberKind kind) {
    return kind == NumberKind.WHOLE || kind == NumberKind.REAL ? VALUES : DAYS;
  }

  @Override
  public void add(InternalRow row) {
    if (reader.isNull(row)) {
      nulls++;
    } else if (kind == NumberKind.REAL) {
      addReal(reader.real(row));
    } else {
      addWhole(reader.whole(row));
    }
  }

  private void addReal(double x) {
    histogram.add(x);
    if (Math.abs(x) <= Double.MAX_VALUE) {
      moments.add(x);
    }
    long bits = Double.doubleToLongBits(x + 0.0);
    long hash = XxHash64.hash(bits);
    distinct.add(hash);
    values.add(bits, hash);
  }

  private void addWhole(long x) {
    least = Math.min(least, x);
    greatest = Math.max(greatest, x);
    histogram.add(x);
    moments.add(x);
    long hash = XxHash64.hash(x);
    distinct.add(hash);
    if (kind == NumberKind.TIME) {
      long day = Math.floorDiv(x, NumberKind.MICROS_OF_DAY);
      values.add(day, XxHash64.hash(day));
    } else {
      values.add(x, hash);
    }
  }

  @Override
  public void merge(ColumnMeasures measures) {
    NumberMeasures other = (NumberMeasures) measures;
    if (other.kind != kind) {
      throw new IllegalArgumentException("measures of " + kind + " and " + other.kind);
    }
    nulls += other.nulls;
    least = Math.min(least, other.least);
    greatest = Math.max(greatest, other.greatest);
    histogram.merge(other.histogram);
    moments.merge(other.moments);
    distinct.merge(other.distinct);
    values.merge(other.values);
  }

  /** Whether these are dates or times. */
  public boolean isOfTime() {
    return kind == NumberKind.DATE || kind == NumberKind.TIME;
  }

  /** The distribution of all numbers, in units of {@link #mean}. */
  public LogHistogram histogram() {
    return histogram;
  }

  /** Whether these are numbers rather than dates or times. */
  public boolean isNumber() {
    return kind == NumberKind.WHOLE || kind == NumberKind.REAL;
  }

  /** Whether these are whole numbers by their type. */
  public boolean isWhole() {
    return kind == NumberKind.WHOLE;
  }

  @Override
  public long rows() {
    return nulls + histogram.count() + nans() + infinities();
  }

  @Override
  public long nulls() {
    return nulls;
  }

  @Override
  public long nans() {
    return histogram.nans();
  }

  @Override
  public long infinities() {
    return histogram.positiveInfinities() + histogram.negativeInfinities();
  }

  @Override
  public OptionalLong distinct() {
    boolean exact = kind != NumberKind.TIME && values.isComplete();
    long most = rows() - nulls;
    return OptionalLong.of(exact ? values.size() : Math.min(most, Math.round(distinct.estimate())));
  }

  @Override
  public Optional<String> min() {
    return extreme(least, histogram.min());
  }

  @Override
  public Optional<String> max() {
    return extreme(greatest, histogram.max());
  }

  private Optional<String> extreme(long whole, OptionalDouble real) {
    if (real.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        kind == NumberKind.REAL ? NumberKind.text(real.getAsDouble()) : kind.text(whole));
  }

  @Override
  public OptionalDouble mean() {
    return moments.mean();
  }

  @Override
  public OptionalDouble stddev() {
    OptionalDouble variance = moments.variance();
    return variance.isEmpty()
        ? variance
        : OptionalDouble.of(StrictMath.sqrt(variance.getAsDouble()));
  }

  @Override
  public OptionalDouble quantile(double q) {
    boolean known = values.isComplete() && histogram.count() > 0;
    if (!known || q == 0 || q == 1) {
      return histogram.quantile(q);
    }
    double unit = kind == NumberKind.TIME ? NumberKind.MICROS_OF_DAY : 1;
    long rank = Math.max(1, (long) Math.ceil(q * histogram.count()));
    long below = 0;
    for (long number : ascending()) {
      below += values.count(number);
      if (below >= rank) {
        return OptionalDouble.of(kind.number(number) * unit);
      }
    }
    return histogram.max();
  }

  /** The numbers that are kept and finite, by size. */
  private List<Long> ascending() {
    return Arrays.stream(values.numbers())
        .boxed()
        .filter(number -> Double.isFinite(kind.number(number)))
        .sorted(Comparator.comparingDouble(kind::number))
        .toList();
  }

  /** Of times none; if there are too many numbers, those of a sample of them. */
  @Override
  public List<ValueCount> topValues(int most) {
    if (kind == NumberKind.TIME) {
      return List.of();
    }
    return Arrays.stream(values.numbers())
        .boxed()
        .sorted(
            (a, b) -> {
              int byCount = Long.compare(values.count(b), values.count(a));
              return byCount != 0 ? byCount : Double.compare(kind.number(a), kind.number(b));
            })
        .limit(most)
        .map(number -> new ValueCount(kind.text(number), values.count(number)))
        .toList();
  }

  @Override
  public boolean knowsAllValues() {
    return kind != NumberKind.TIME && values.isComplete();
  }

  @Override
  public byte[] toBytes() {
    MeasureWriter out = new MeasureWriter(LETTER);
    out.writeUnsigned(kind.ordinal());
    out.writeUnsigned(nulls);
    out.writeSigned(least);
    out.writeSigned(greatest);
    out.writeBytes(histogram.toBytes());
    for (long part : moments.state()) {
      out.writeSigned(part);
    }
    out.writeBytes(distinct.toBytes());
    values.write(out);
    return out.toBytes();
  }
}
