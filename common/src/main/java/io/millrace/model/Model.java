package io.millrace.model;

import io.millrace.Task;
import java.io.Serializable;
import java.util.List;

/**
 * From raw features to scores.
 *
 * @param classes of a classification, in the order of the label's indices (binary: negative,
 *     positive); empty for a regression
 */
public record Model(Task task, List<String> classes, Encoders encoders, Predictor predictor)
    implements Serializable {

  /**
   * @throws IllegalArgumentException when classes, outputs and task, or slots, don't fit together
   */
  public Model {
    classes = List.copyOf(classes);
    int wanted =
        switch (task) {
          case BINARY -> 2;
          case MULTI_CLASS -> predictor.outputs();
          case REGRESSION -> 0;
        };
    if (classes.size() != wanted || (task != Task.MULTI_CLASS && predictor.outputs() != 1)) {
      throw new IllegalArgumentException(
          task + " with " + classes.size() + " classes and " + predictor.outputs() + " outputs");
    }
    if (predictor.slots() > encoders.slots()) {
      throw new IllegalArgumentException(
          predictor.slots() + " slots predicted from, but " + encoders.slots() + " encoded");
    }
  }

  /** Number of scores of a row. */
  public int outputs() {
    return predictor.outputs();
  }

  /**
   * Scores one row.
   *
   * @param slots scratch of {@code encoders().slots()} elements
   * @param out {@link #outputs} elements, overwritten
   */
  public void score(RawRow row, float[] slots, double[] out) {
    encoders.encode(row, slots);
    predictor.predict(slots, out);
  }
}
