package io.millrace.train;

import io.millrace.model.Predictor;

/**
 * Compares a converted model with its library's own scores. A difference is a bug in the
 * conversion, and such a model must not be saved.
 */
final class Parity {

  /** Greatest relative difference allowed: XGBoost sums trees in single precision. */
  static final double LIMIT = 1e-5;

  private static final int ROWS = 20_000;

  private Parity() {}

  /**
   * The largest difference on rows that tune (where there are none, that train): {@code |ours -
   * library's| / max(|ours|, |library's|, mean |library's|)} over a sample of up to 20,000 rows,
   * the first of each worker.
   *
   * @throws IllegalStateException above {@link #LIMIT}
   */
  static double check(String name, Encoded rows, Learner.Learned learned) {
    EncodedRows sample = sample(rows);
    double[][] library = learned.library().of(sample);
    double floor = meanMagnitude(library);
    Predictor predictor = learned.predictor();
    float[] slots = new float[sample.slots()];
    double[] ours = new double[predictor.outputs()];
    double largest = 0;
    for (int i = 0; i < sample.size(); i++) {
      sample.copy(i, slots);
      predictor.predict(slots, ours);
      for (int k = 0; k < ours.length; k++) {
        double theirs = library[i][k];
        double size = Math.max(floor, Math.max(Math.abs(ours[k]), Math.abs(theirs)));
        double difference = size == 0 ? 0 : Math.abs(ours[k] - theirs) / size;
        largest = difference >= 0 ? Math.max(largest, difference) : Double.POSITIVE_INFINITY;
      }
    }
    if (largest > LIMIT) {
      throw new IllegalStateException(
          String.format(
              "the converted %s differs from its library's scores by %.1e (allowed: %.0e) on %d"
                  + " rows; nothing is saved",
              name, largest, LIMIT, sample.size()));
    }
    return largest;
  }

  private static double meanMagnitude(double[][] scores) {
    double sum = 0;
    long count = 0;
    for (double[] row : scores) {
      for (double score : row) {
        sum += Math.abs(score);
        count++;
      }
    }
    return sum / count;
  }

  private static EncodedRows sample(Encoded rows) {
    int slots = rows.encoders().slots();
    int each = Math.max(1, ROWS / rows.blocks().getNumPartitions());
    EncodedRows sample = new EncodedRows(slots);
    for (EncodedRows part : rows.map(block -> first(block.tune(), each))) {
      append(part, sample);
    }
    if (sample.size() == 0) {
      for (EncodedRows part : rows.map(block -> first(block.train(), each))) {
        append(part, sample);
      }
    }
    sample.trim();
    return sample;
  }

  private static EncodedRows first(EncodedRows rows, int count) {
    EncodedRows first = new EncodedRows(rows.slots());
    float[] slots = new float[rows.slots()];
    for (int i = 0; i < Math.min(count, rows.size()); i++) {
      rows.copy(i, slots);
      first.add(slots, rows.label(i), rows.weight(i));
    }
    first.trim();
    return first;
  }

  private static void append(EncodedRows part, EncodedRows to) {
    float[] slots = new float[part.slots()];
    for (int i = 0; i < part.size(); i++) {
      part.copy(i, slots);
      to.add(slots, part.label(i), part.weight(i));
    }
  }
}
