package io.millrace.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;

/** From slots to scores. Whatever library trains, its result is converted into one of these. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "constant", value = Predictor.Constant.class),
  @JsonSubTypes.Type(name = "linear", value = Predictor.Linear.class),
  @JsonSubTypes.Type(name = "trees", value = Predictor.Trees.class)
})
public sealed interface Predictor extends Serializable {

  /** Number of scores: 1 for binary tasks and regression, K for K classes. */
  int outputs();

  /** Number of slots that {@link #predict} reads; a row may have more. */
  int slots();

  /**
   * Scores of one row: P(positive), or a probability per class, or a number.
   *
   * @param slots as {@link Encoders#encode} fills them
   * @param out {@link #outputs} elements, overwritten
   */
  void predict(float[] slots, double[] out);

  /** The same scores for every row. */
  record Constant(Numbers values) implements Predictor {

    @Override
    public int outputs() {
      return values.size();
    }

    @Override
    public int slots() {
      return 0;
    }

    @Override
    public void predict(float[] slots, double[] out) {
      for (int i = 0; i < out.length; i++) {
        out[i] = values.get(i);
      }
    }
  }

  /**
   * {@code link(intercept_k + sum_i weights_k,i * slot_i)}, summed in slot order.
   *
   * @param weights outputs x slots, row by row
   * @param intercepts one per output
   */
  record Linear(Numbers weights, Numbers intercepts, Link link) implements Predictor {

    public Linear {
      if (intercepts.size() == 0 || weights.size() % intercepts.size() != 0) {
        throw new IllegalArgumentException(
            weights.size() + " weights for " + intercepts.size() + " outputs");
      }
    }

    @Override
    public int outputs() {
      return intercepts.size();
    }

    @Override
    public int slots() {
      return weights.size() / intercepts.size();
    }

    @Override
    public void predict(float[] slots, double[] out) {
      int n = slots();
      for (int k = 0; k < out.length; k++) {
        double sum = intercepts.get(k);
        for (int i = 0; i < n; i++) {
          sum += weights.get(k * n + i) * slots[i];
        }
        out[k] = sum;
      }
      link.apply(out, 1);
    }
  }

  /**
   * A forest: each tree adds its leaf's value to one output (boosting), or a vector to all (random
   * forests).
   *
   * @param baseScores what each output's sum starts from, before the link
   * @param slots number of slots of the rows that it was trained on
   */
  record Trees(Forest forest, Numbers baseScores, Link link, int slots) implements Predictor {

    /**
     * @throws IllegalArgumentException when the forest reads more slots or writes more outputs
     */
    public Trees {
      if (forest.slotsRead() > slots || forest.outputsWritten() > baseScores.size()) {
        throw new IllegalArgumentException(
            "trees over %d slots and %d outputs in a predictor of %d and %d"
                .formatted(forest.slotsRead(), forest.outputsWritten(), slots, baseScores.size()));
      }
    }

    @Override
    public int outputs() {
      return baseScores.size();
    }

    @Override
    public void predict(float[] slots, double[] out) {
      for (int k = 0; k < out.length; k++) {
        out[k] = baseScores.get(k);
      }
      if (link == Link.MEAN) {
        forest.add(slots, out);
      } else {
        forest.addFloats(slots, out);
      }
      link.apply(out, forest.trees());
    }
  }
}
