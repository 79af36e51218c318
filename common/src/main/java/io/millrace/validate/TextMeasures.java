package io.millrace.validate;

import io.millrace.stats.CategoryCount;
import io.millrace.stats.CategoryCounts;
import io.millrace.stats.HyperLogLog;
import io.millrace.stats.XxHash64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** What is found in a column of texts; lengths are in characters (code points). */
public final class TextMeasures implements ColumnMeasures {

  private static final long serialVersionUID = 1L;

  static final char LETTER = 'T';

  /** Distinct texts up to which all are counted. */
  static final int VALUES = 1024;

  /** Distinct patterns up to which all are counted. */
  static final int PATTERNS = 128;

  private final int position;
  private final CategoryCounts values;
  private final CategoryCounts patterns;
  private final HyperLogLog distinct;
  private final TextExtremes extremes;
  private final TextPattern pattern = new TextPattern();
  private final TextBytes bytes = new TextBytes();
  private long characters;
  private long shortest = Long.MAX_VALUE;
  private long longest;

  TextMeasures(int position) {
    this(
        position,
        new CategoryCounts(VALUES),
        new CategoryCounts(PATTERNS),
        new HyperLogLog(),
        new TextExtremes());
  }

  private TextMeasures(
      int position,
      CategoryCounts values,
      CategoryCounts patterns,
      HyperLogLog distinct,
      TextExtremes extremes) {
    this.position = position;
    this.values = values;
    this.patterns = patterns;
    this.distinct = distinct;
    this.extremes = extremes;
  }

  static TextMeasures read(MeasureReader in) {
    CategoryCounts values = CategoryCounts.of(in.readBytes());
    CategoryCounts patterns = CategoryCounts.of(in.readBytes());
    HyperLogLog distinct = HyperLogLog.of(in.readBytes());
    TextMeasures read = new TextMeasures(-1, values, patterns, distinct, TextExtremes.read(in));
    read.characters = in.readCount();
    read.shortest = in.readCount();
    read.longest = in.readCount();
    return read;
  }

  @Override
  public void add(InternalRow row) {
    if (row.isNullAt(position)) {
      values.addNull();
      return;
    }
    UTF8String text = row.getUTF8String(position);
    bytes.set(text);
    long hash = XxHash64.hash(bytes.array(), bytes.offset(), bytes.length());
    distinct.add(hash);
    values.add(bytes.array(), bytes.offset(), bytes.length());
    int length = pattern.read(bytes.array(), bytes.offset(), bytes.length());
    patterns.add(pattern.bytes(), 0, pattern.length());
    extremes.add(bytes);
    characters += length;
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
  }

  @Override
  public void merge(ColumnMeasures measures) {
    TextMeasures other = (TextMeasures) measures;
    values.merge(other.values);
    patterns.merge(other.patterns);
    distinct.merge(other.distinct);
    extremes.merge(other.extremes);
    characters += other.characters;
    shortest = Math.min(shortest, other.shortest);
    longest = Math.max(longest, other.longest);
  }

  /** The counts of values. */
  public CategoryCounts values() {
    return values;
  }

  @Override
  public long rows() {
    return values.count() + values.nulls();
  }

  @Override
  public long nulls() {
    return values.nulls();
  }

  @Override
  public OptionalLong distinct() {
    long estimate = Math.min(values.count(), Math.round(distinct.estimate()));
    return OptionalLong.of(values.isComplete() ? values.counts().size() : estimate);
  }

  /** By UTF-8 bytes, of which the first {@value TextExtremes#LONGEST} count. */
  @Override
  public Optional<String> min() {
    return extremes.min();
  }

  /** By UTF-8 bytes, of which the first {@value TextExtremes#LONGEST} count. */
  @Override
  public Optional<String> max() {
    return extremes.max();
  }

  @Override
  public List<ValueCount> topValues(int most) {
    return top(values, most);
  }

  @Override
  public boolean knowsAllValues() {
    return values.isComplete();
  }

  @Override
  public List<ValueCount> patterns(int most) {
    return top(patterns, most);
  }

  /** Whether {@link #patterns} knows all patterns. */
  public boolean knowsAllPatterns() {
    return patterns.isComplete();
  }

  @Override
  public OptionalLong minLength() {
    return values.count() == 0 ? OptionalLong.empty() : OptionalLong.of(shortest);
  }

  @Override
  public OptionalLong maxLength() {
    return values.count() == 0 ? OptionalLong.empty() : OptionalLong.of(longest);
  }

  @Override
  public OptionalDouble meanLength() {
    return values.count() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) characters / values.count());
  }

  @Override
  public byte[] toBytes() {
    MeasureWriter out = new MeasureWriter(LETTER);
    out.writeBytes(values.toBytes());
    out.writeBytes(patterns.toBytes());
    out.writeBytes(distinct.toBytes());
    extremes.write(out);
    out.writeUnsigned(characters);
    out.writeUnsigned(shortest);
    out.writeUnsigned(longest);
    return out.toBytes();
  }

  private static List<ValueCount> top(CategoryCounts counts, int most) {
    return counts.counts().stream().limit(most).map(TextMeasures::valueCount).toList();
  }

  private static ValueCount valueCount(CategoryCount count) {
    return new ValueCount(count.value(), count.count());
  }
}
