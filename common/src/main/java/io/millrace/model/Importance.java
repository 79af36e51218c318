package io.millrace.model;

import io.millrace.stats.Mergeable;
import io.millrace.stats.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How much each feature moves a model's sum before its link, over given rows: the share of the
 * variance that its splits, or its term, explain.
 *
 * <p>Trees: each split reduces the variance of its node by {@code n_l (v_l - v)^2 + n_r (v_r -
 * v)^2}, where {@code n} counts the rows that come by and {@code v} is the mean of their leaves; a
 * feature has the sum over its splits in all trees (Breiman et al. 1984, with the model's own
 * values in place of labels). Linear: {@code weight^2} times the variance of the slot. Features
 * that move together share as the model happens to use them.
 *
 * <p>Counts and exact sums: the same bits in any order of rows and merges. What comes from another
 * process can only be merged into one that was made here: the model doesn't travel with it. Not
 * safe for threads.
 */
public final class Importance implements Mergeable<Importance> {

  private static final long serialVersionUID = 1L;

  private final transient Model model;
  private final transient float[] slots;
  private final long[] visits;
  private final Moments[] moments;

  /**
   * A feature and its share.
   *
   * @param share from 0 to 1; the shares of a model sum to 1, or are none
   */
  public record Weight(String feature, double share) {}

  /** No rows yet. */
  public Importance(Model model) {
    this.model = model;
    slots = new float[model.encoders().slots()];
    visits =
        new long[model.predictor() instanceof Predictor.Trees trees ? trees.forest().nodes() : 0];
    boolean linear = model.predictor() instanceof Predictor.Linear;
    moments = new Moments[linear ? model.predictor().slots() : 0];
    Arrays.setAll(moments, i -> new Moments());
  }

  /** Adds one row. */
  public void add(RawRow row) {
    model.encoders().encode(row, slots);
    if (model.predictor() instanceof Predictor.Trees trees) {
      visit(trees.forest());
    }
    for (int i = 0; i < moments.length; i++) {
      moments[i].add(slots[i]);
    }
  }

  private void visit(Forest forest) {
    for (int root : forest.roots) {
      int node = root;
      visits[node]++;
      while (forest.slots[node] >= 0) {
        node = forest.left[node] + side(forest, node, slots[forest.slots[node]]);
        visits[node]++;
      }
    }
  }

  private static int side(Forest forest, int node, float x) {
    if (forest.nodeSets[node] >= 0) {
      return forest.side(x, node);
    }
    return Float.isNaN(x) ? forest.missing[node] : x < forest.thresholds[node] ? 0 : 1;
  }

  @Override
  public void merge(Importance other) {
    for (int i = 0; i < visits.length; i++) {
      visits[i] += other.visits[i];
    }
    for (int i = 0; i < moments.length; i++) {
      moments[i].merge(other.moments[i]);
    }
  }

  /** Features that have a share, the greatest first. */
  public List<Weight> weights() {
    double[] bySlot = new double[0];
    if (model.predictor() instanceof Predictor.Trees trees) {
      bySlot = ofTrees(trees.forest());
    } else if (model.predictor() instanceof Predictor.Linear linear) {
      bySlot = ofTerms(linear);
    }
    int[] features = model.encoders().slotFeatures();
    double[] byFeature = new double[model.encoders().schema().size()];
    for (int slot = 0; slot < bySlot.length; slot++) {
      byFeature[features[slot]] += bySlot[slot];
    }
    double all = Arrays.stream(byFeature).sum();
    List<Weight> weights = new ArrayList<>();
    for (int i = 0; i < byFeature.length; i++) {
      if (byFeature[i] > 0) {
        String name = model.encoders().schema().features().get(i).name();
        weights.add(new Weight(name, byFeature[i] / all));
      }
    }
    Comparator<Weight> byShare = Comparator.comparingDouble(Weight::share);
    weights.sort(byShare.reversed().thenComparing(Weight::feature));
    return weights;
  }

  /** A node's children stand behind it, so means are made from the last node to the first. */
  private double[] ofTrees(Forest forest) {
    double[] bySlot = new double[model.encoders().slots()];
    for (int output = 0; output < forest.leafWidth; output++) {
      double[] means = new double[forest.nodes()];
      for (int node = forest.nodes() - 1; node >= 0; node--) {
        int first = forest.left[node];
        if (forest.slots[node] < 0) {
          means[node] = forest.values[first + output];
        } else if (visits[node] > 0) {
          double left = (double) visits[first] / visits[node];
          means[node] = left * means[first] + (1 - left) * means[first + 1];
          bySlot[forest.slots[node]] +=
              visits[first] * square(means[first] - means[node])
                  + visits[first + 1] * square(means[first + 1] - means[node]);
        }
      }
    }
    return bySlot;
  }

  private double[] ofTerms(Predictor.Linear linear) {
    double[] bySlot = new double[moments.length];
    for (int slot = 0; slot < bySlot.length; slot++) {
      double variance = moments[slot].variance().orElse(0);
      for (int k = 0; k < linear.outputs(); k++) {
        bySlot[slot] += square(linear.weights().get(k * bySlot.length + slot)) * variance;
      }
    }
    return bySlot;
  }

  private static double square(double x) {
    return x * x;
  }
}
