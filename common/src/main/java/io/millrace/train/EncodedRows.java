package io.millrace.train;

import java.io.Serializable;
import java.util.Arrays;

/** Rows as a learner takes them: a dense matrix of slots, row by row, with labels and weights. */
final class EncodedRows implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int slots;
  private float[] values;
  private double[] labels;
  private double[] weights;
  private int size;

  /** No rows yet, of {@code slots} slots. */
  EncodedRows(int slots) {
    this.slots = slots;
    values = new float[64 * slots];
    labels = new double[64];
    weights = new double[64];
  }

  /** Appends a row, copying its slots. */
  void add(float[] row, double label, double weight) {
    if (size == labels.length) {
      grow((int) Math.min(2L * size, Integer.MAX_VALUE / Math.max(1, slots)));
    }
    System.arraycopy(row, 0, values, size * slots, slots);
    labels[size] = label;
    weights[size++] = weight;
  }

  private void grow(int capacity) {
    if (capacity <= size) {
      throw new IllegalStateException(size + " rows of " + slots + " slots fill one worker");
    }
    values = Arrays.copyOf(values, capacity * slots);
    labels = Arrays.copyOf(labels, capacity);
    weights = Arrays.copyOf(weights, capacity);
  }

  /** Gives back the room that no row took. */
  void trim() {
    values = Arrays.copyOf(values, size * slots);
    labels = Arrays.copyOf(labels, size);
    weights = Arrays.copyOf(weights, size);
  }

  int size() {
    return size;
  }

  int slots() {
    return slots;
  }

  /** The matrix itself, {@code size x slots} after {@link #trim}. */
  float[] values() {
    return values;
  }

  /** Copies a row's slots into {@code row}. */
  void copy(int index, float[] row) {
    System.arraycopy(values, index * slots, row, 0, slots);
  }

  double label(int index) {
    return labels[index];
  }

  double weight(int index) {
    return weights[index];
  }

  /** Labels as XGBoost takes them. */
  float[] floatLabels() {
    return toFloats(labels);
  }

  /** Weights as XGBoost takes them. */
  float[] floatWeights() {
    return toFloats(weights);
  }

  private float[] toFloats(double[] from) {
    float[] to = new float[size];
    for (int i = 0; i < size; i++) {
      to[i] = (float) from[i];
    }
    return to;
  }
}
