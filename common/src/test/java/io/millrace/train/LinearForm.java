package io.millrace.train;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/** Slots as they are, sparse where that is smaller; one-hot slots are nearly all zero. */
final class LinearForm implements MllibRows.Form {

  private static final long serialVersionUID = 1L;

  @Override
  public Vector vector(float[] slots) {
    double[] values = new double[slots.length];
    for (int i = 0; i < slots.length; i++) {
      values[i] = slots[i];
    }
    return Vectors.dense(values).compressed();
  }

  @Override
  public double weight(double weight) {
    return weight;
  }
}
