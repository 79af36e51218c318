package io.millrace.validate;

import io.millrace.stats.Mergeable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;

/**
 * What is found in one column. The same values give the same bits in any order of adds and merges.
 * A measure that a type doesn't have is absent. Not safe for threads.
 */
public sealed interface ColumnMeasures extends Mergeable<ColumnMeasures>
    permits NumberMeasures, TextMeasures, FlagMeasures, OpaqueMeasures {

  /**
   * Empty measures of a column, given by its type and its position in the rows that are added. Of a
   * type that isn't measured they count nulls only.
   */
  static ColumnMeasures of(DataType type, int position) {
    if (NumberKind.of(type).isPresent()) {
      return new NumberMeasures(new NumberReader(type, position));
    } else if (type instanceof StringType) {
      return new TextMeasures(position);
    }
    return type instanceof BooleanType ? new FlagMeasures(position) : new OpaqueMeasures(position);
  }

  /**
   * The measures that {@link #toBytes()} wrote: to be read and merged, no rows can be added.
   *
   * @throws IllegalArgumentException if the bytes are none
   */
  static ColumnMeasures of(byte[] bytes) {
    MeasureReader in = new MeasureReader(bytes);
    ColumnMeasures measures =
        switch (in.readByte()) {
          case NumberMeasures.LETTER -> NumberMeasures.read(in);
          case TextMeasures.LETTER -> TextMeasures.read(in);
          case FlagMeasures.LETTER -> FlagMeasures.read(in);
          case OpaqueMeasures.LETTER -> OpaqueMeasures.read(in);
          default -> throw MeasureReader.bad("of no known kind");
        };
    in.end();
    return measures;
  }

  /** Takes the column's value in a row. */
  void add(InternalRow row);

  /** How many rows were added. */
  long rows();

  /** How many of them held null. */
  long nulls();

  /** How many held NaN. */
  default long nans() {
    return 0;
  }

  /** How many held an infinity, of either sign. */
  default long infinities() {
    return 0;
  }

  /** Distinct values but null: exact for a few, else to within some 2% (HyperLogLog). */
  default OptionalLong distinct() {
    return OptionalLong.empty();
  }

  /** The smallest value, infinities aside; dates and times in ISO 8601. */
  default Optional<String> min() {
    return Optional.empty();
  }

  /** The largest value, infinities aside; dates and times in ISO 8601. */
  default Optional<String> max() {
    return Optional.empty();
  }

  /** Mean of the finite numbers; of dates in days, of times in microseconds since 1970. */
  default OptionalDouble mean() {
    return OptionalDouble.empty();
  }

  /** Standard deviation of the finite numbers (n - 1 in the denominator), in units of the mean. */
  default OptionalDouble stddev() {
    return OptionalDouble.empty();
  }

  /**
   * The number of rank ceil(q n), in units of the mean: exact where {@link #knowsAllValues}, of
   * times to the day while there are at most {@value NumberMeasures#DAYS} days, else to within 1%
   * of it.
   */
  default OptionalDouble quantile(double q) {
    return OptionalDouble.empty();
  }

  /** The most frequent values, by descending count, then by value. */
  default List<ValueCount> topValues(int most) {
    return List.of();
  }

  /** Whether {@link #topValues} knows all values and counts, so that no other one occurs. */
  default boolean knowsAllValues() {
    return false;
  }

  /** The most frequent patterns of characters, as {@link TextPattern} writes them. */
  default List<ValueCount> patterns(int most) {
    return List.of();
  }

  /** Characters of the shortest text. */
  default OptionalLong minLength() {
    return OptionalLong.empty();
  }

  /** Characters of the longest text. */
  default OptionalLong maxLength() {
    return OptionalLong.empty();
  }

  /** Mean number of characters. */
  default OptionalDouble meanLength() {
    return OptionalDouble.empty();
  }

  /** The whole state, of one form only: equal measures have equal bytes. */
  byte[] toBytes();

  /** Share of the rows that hold null; absent without rows. */
  default OptionalDouble nullShare() {
    return rows() == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) nulls() / rows());
  }
}
