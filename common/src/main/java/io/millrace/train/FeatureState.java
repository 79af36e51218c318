package io.millrace.train;

import io.millrace.model.Encoder;
import io.millrace.stats.ExactSum;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What one scan collects of a feature. All of it is exact (counts, exact sums, extremes), so
 * merging in any order gives the same state. Not safe for threads.
 */
sealed interface FeatureState extends Serializable {

  /** Takes the feature's value at {@code column} of a row with that label. */
  void add(InternalRow row, int column, double label);

  /** Takes the other state, which is of the same kind, into this one. */
  void merge(FeatureState other);

  /** Of numbers; infinite ones count as missing, as for {@link Encoder.Numeric}. */
  final class Numbers implements FeatureState {

    private static final long serialVersionUID = 1L;

    /** Sums and squares stay finite; an encoded slot is bounded in the same way. */
    private static final double LIMIT = 0x1p126;

    final ExactSum sum;
    final ExactSum squares;
    final QuantileBuckets quantiles;
    long present;
    long missing;
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;

    private Numbers(ExactSum sum, ExactSum squares, QuantileBuckets quantiles) {
      this.sum = sum;
      this.squares = squares;
      this.quantiles = quantiles;
    }

    /** Counts and extremes only. */
    static Numbers plain() {
      return new Numbers(null, null, null);
    }

    /** Moments and quantiles too. */
    static Numbers full() {
      return new Numbers(new ExactSum(), new ExactSum(), new QuantileBuckets());
    }

    @Override
    public void add(InternalRow row, int column, double label) {
      double raw = row.isNullAt(column) ? Double.NaN : row.getDouble(column);
      if (!(Math.abs(raw) <= Double.MAX_VALUE)) {
        missing++;
        return;
      }
      double x = Math.min(Math.max(raw, -LIMIT), LIMIT);
      present++;
      least = Math.min(least, x);
      greatest = Math.max(greatest, x);
      if (sum != null) {
        sum.add(x);
        squares.addProduct(x, x);
        quantiles.add(x);
      }
    }

    @Override
    public void merge(FeatureState state) {
      Numbers other = (Numbers) state;
      present += other.present;
      missing += other.missing;
      least = Math.min(least, other.least);
      greatest = Math.max(greatest, other.greatest);
      if (sum != null) {
        sum.merge(other.sum);
        squares.merge(other.squares);
        quantiles.merge(other.quantiles);
      }
    }
  }

  /** Of categories: rows and labels per level. */
  final class Categories implements FeatureState {

    private static final long serialVersionUID = 1L;

    final int mostLevels;
    final LabelSum missing = new LabelSum();
    final Map<UTF8String, LabelSum> levels = new HashMap<>();
    boolean overflown;

    /**
     * @param mostLevels more distinct levels than these, in any partition or all together, give up
     *     on the feature: {@link #overflown}, whatever the order
     */
    Categories(int mostLevels) {
      this.mostLevels = mostLevels;
    }

    @Override
    public void add(InternalRow row, int column, double label) {
      if (overflown) {
        return;
      }
      if (row.isNullAt(column)) {
        missing.add(label);
        return;
      }
      UTF8String text = row.getUTF8String(column);
      LabelSum level = levels.get(text);
      if (level == null) {
        level = new LabelSum();
        levels.put(text.copy(), level);
        checkSize();
      }
      level.add(label);
    }

    @Override
    public void merge(FeatureState state) {
      Categories other = (Categories) state;
      overflown |= other.overflown;
      missing.merge(other.missing);
      other.levels.forEach(
          (text, sum) -> levels.computeIfAbsent(text, key -> new LabelSum()).merge(sum));
      checkSize();
    }

    private void checkSize() {
      overflown |= levels.size() > mostLevels;
      if (overflown) {
        levels.clear();
      }
    }
  }

  /** Of booleans. */
  final class Flags implements FeatureState {

    private static final long serialVersionUID = 1L;

    long trues;
    long falses;
    long missing;

    @Override
    public void add(InternalRow row, int column, double label) {
      if (row.isNullAt(column)) {
        missing++;
      } else if (row.getBoolean(column)) {
        trues++;
      } else {
        falses++;
      }
    }

    @Override
    public void merge(FeatureState state) {
      Flags other = (Flags) state;
      trues += other.trues;
      falses += other.falses;
      missing += other.missing;
    }
  }
}
