package io.millrace.train;

import io.millrace.SpecException;
import io.millrace.config.TrainSpec.ClassWeights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The weight of each class. It weighs rows that train and rows that tune alike, since a loss that
 * stops a fit must be the one that the fit lowers.
 */
final class ClassWeighting {

  private ClassWeighting() {}

  /**
   * Weights by index of the class; balanced: {@code rows / (classes * rows of the class)}, as in
   * scikit-learn. Empty where none are asked for.
   *
   * @param rows that train, by class
   * @throws SpecException for a label that isn't there, or a weight that can't be one
   */
  static double[] of(Optional<ClassWeights> spec, List<String> classes, long[] rows) {
    if (spec.isEmpty()) {
      return new double[0];
    }
    double[] weights = new double[classes.size()];
    Arrays.fill(weights, 1);
    if (spec.get().balanced()) {
      double all = Arrays.stream(rows).sum();
      for (int k = 0; k < weights.length; k++) {
        weights[k] = rows[k] == 0 ? 1 : all / (classes.size() * (double) rows[k]);
      }
    }
    for (Map.Entry<String, Double> e : new TreeMap<>(spec.get().weights()).entrySet()) {
      int k = classes.indexOf(e.getKey());
      if (k < 0 || !(e.getValue() > 0) || e.getValue().isInfinite()) {
        throw new SpecException(
            String.format(
                "train.class-weights.weights.%s: %s; the labels are %s",
                e.getKey(), k < 0 ? "no such label" : "a weight must be above 0", classes));
      }
      weights[k] *= e.getValue();
    }
    return weights;
  }
}
