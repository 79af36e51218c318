package io.millrace.train;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Rows with only the slots that aren't zero, one row after the other (compressed sparse rows):
 * one-hot slots are nearly all zero.
 */
final class SparseRows implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int slots;
  private final int[] starts;
  private final int[] columns;
  private final float[] values;
  private final double[] labels;
  private final double[] weights;

  private SparseRows(EncodedRows rows, int[] starts, int[] columns, float[] values) {
    this.slots = rows.slots();
    this.starts = starts;
    this.columns = columns;
    this.values = values;
    this.labels = new double[rows.size()];
    this.weights = new double[rows.size()];
    Arrays.setAll(labels, rows::label);
    Arrays.setAll(weights, rows::weight);
  }

  static SparseRows of(EncodedRows rows) {
    float[] all = rows.values();
    int width = rows.slots();
    int filled = filled(rows);
    int[] starts = new int[rows.size() + 1];
    int[] columns = new int[filled];
    float[] values = new float[filled];
    int at = 0;
    for (int row = 0; row < rows.size(); row++) {
      for (int slot = 0; slot < width; slot++) {
        float value = all[row * width + slot];
        if (value != 0) {
          columns[at] = slot;
          values[at++] = value;
        }
      }
      starts[row + 1] = at;
    }
    return new SparseRows(rows, starts, columns, values);
  }

  /** How many slots aren't zero. */
  static int filled(EncodedRows rows) {
    float[] all = rows.values();
    int filled = 0;
    for (int i = 0; i < rows.size() * rows.slots(); i++) {
      if (all[i] != 0) {
        filled++;
      }
    }
    return filled;
  }

  int size() {
    return labels.length;
  }

  int slots() {
    return slots;
  }

  double label(int row) {
    return labels[row];
  }

  double weight(int row) {
    return weights[row];
  }

  /** The sum of {@code coefficients[from + slot] * value} over a row's slots. */
  double dot(int row, double[] coefficients, int from) {
    double sum = 0;
    for (int i = starts[row]; i < starts[row + 1]; i++) {
      sum += coefficients[from + columns[i]] * values[i];
    }
    return sum;
  }

  /** Adds {@code factor * value} of each of a row's slots to {@code sums[from + slot]}. */
  void addTo(int row, double factor, double[] sums, int from) {
    for (int i = starts[row]; i < starts[row + 1]; i++) {
      sums[from + columns[i]] += factor * values[i];
    }
  }

  /**
   * Adds the weighted squares of each slot's distance from its mean: {@code squares} of the slots
   * that aren't zero, {@code weightsOf} their weights.
   */
  void addSquares(int row, double[] means, double[] squares, double[] weightsOf) {
    for (int i = starts[row]; i < starts[row + 1]; i++) {
      double distance = values[i] - means[columns[i]];
      squares[columns[i]] += weights[row] * distance * distance;
      weightsOf[columns[i]] += weights[row];
    }
  }

  /** Adds {@code factor * value^2} of each of a row's slots to {@code sums[from + slot]}. */
  void addSquares(int row, double factor, double[] sums, int from) {
    for (int i = starts[row]; i < starts[row + 1]; i++) {
      sums[from + columns[i]] += factor * values[i] * values[i];
    }
  }

  /** Adds {@code factor} times the product of each two of a row's slots, by {@code at}. */
  void addProducts(int row, double factor, double[] sums) {
    for (int i = starts[row]; i < starts[row + 1]; i++) {
      double scaled = factor * values[i];
      for (int k = starts[row]; k <= i; k++) {
        sums[NormalEquations.at(columns[i], columns[k])] += scaled * values[k];
      }
    }
  }
}
