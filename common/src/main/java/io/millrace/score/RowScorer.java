package io.millrace.score;

import io.millrace.model.Model;
import io.millrace.model.RawRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * One task's scratch for scoring row after row; the code that {@link ScoreExpression} generates
 * calls it. Not safe for threads.
 */
public final class RowScorer {

  private final Model model;
  private final RawRow row;
  private final float[] slots;
  private final double[] scores;

  /** A scorer with buffers of its own. */
  public RowScorer(Model model) {
    this.model = model;
    row = new RawRow(model.encoders().schema().size());
    slots = new float[model.encoders().slots()];
    scores = new double[model.outputs()];
  }

  /** Makes every feature missing. */
  public void clear() {
    row.clear();
  }

  /** Sets a number. */
  public void set(int feature, double value) {
    row.setNumber(feature, value);
  }

  /** Sets a boolean. */
  public void set(int feature, boolean value) {
    row.setFlag(feature, value);
  }

  /** Sets a category by copying its bytes; no String comes into being. */
  public void set(int feature, UTF8String value) {
    int start = row.reserveText(feature, value.numBytes());
    value.writeToMemory(row.text(), (long) Platform.BYTE_ARRAY_OFFSET + start);
  }

  /** The only score of the row. */
  public double score() {
    model.score(row, slots, scores);
    return scores[0];
  }

  /** All scores of the row, in an array of its own. */
  public UnsafeArrayData scores() {
    model.score(row, slots, scores);
    return UnsafeArrayData.fromPrimitiveArray(scores);
  }
}
