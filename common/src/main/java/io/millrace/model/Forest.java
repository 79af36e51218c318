package io.millrace.model;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Decision trees in flat arrays, one element per node of all trees. Immutable.
 *
 * <p>A node's right child follows its left one, so only {@code left} is stored. A leaf has slot -1,
 * and its values start at {@code values[left]}. A set split has threshold NaN. This is the form
 * that is stored; {@link ForestWalk} is the form that is walked.
 */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
public final class Forest implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Number of values of each leaf. */
  final int leafWidth;

  /** By tree, in the order of summing: its first node. */
  final int[] roots;

  /** By tree: the output that gets the first of a leaf's values. */
  final int[] outputs;

  /** By node: the slot that is compared, -1 for a leaf. */
  final int[] slots;

  /** By node: less goes left; NaN for a set split, 0 for a leaf. */
  final float[] thresholds;

  /** By node: its left child, or where a leaf's values start. */
  final int[] left;

  /** By node: 0 when a missing value goes left, 1 when right. */
  final byte[] missing;

  /** By node: index of its set, -1 when it has none. */
  final int[] nodeSets;

  /** By set: bit {@code c & 63} of word {@code c >> 6} says whether code c goes right. */
  final long[][] sets;

  /** Values of all leaves. */
  final double[] values;

  @JsonIgnore private final ForestWalk walk;

  @JsonCreator
  Forest(
      @JsonProperty("leafWidth") int leafWidth,
      @JsonProperty("roots") int[] roots,
      @JsonProperty("outputs") int[] outputs,
      @JsonProperty("slots") int[] slots,
      @JsonProperty("thresholds") float[] thresholds,
      @JsonProperty("left") int[] left,
      @JsonProperty("missing") byte[] missing,
      @JsonProperty("nodeSets") int[] nodeSets,
      @JsonProperty("sets") long[][] sets,
      @JsonProperty("values") double[] values) {
    this.leafWidth = leafWidth;
    this.roots = roots;
    this.outputs = outputs;
    this.slots = slots;
    this.thresholds = thresholds;
    this.left = left;
    this.missing = missing;
    this.nodeSets = nodeSets;
    this.sets = sets;
    this.values = values;
    check();
    walk = new ForestWalk(this);
  }

  /**
   * Packs trees.
   *
   * @param trees in the order of summing
   * @param outputs by tree: the output that gets the first of a leaf's values
   * @param leafWidth number of values of each leaf
   * @throws IllegalArgumentException when a leaf has another number of values
   */
  public static Forest of(List<? extends TreeNode> trees, List<Integer> outputs, int leafWidth) {
    return new ForestBuilder(leafWidth).add(trees, outputs).build();
  }

  /** A walk from a root must end: children stand behind their parent. */
  private void check() {
    for (int node = 0; node < slots.length; node++) {
      boolean right =
          slots[node] < 0
              ? left[node] >= 0 && left[node] + leafWidth <= values.length
              : left[node] > node && left[node] + 1 < slots.length;
      if (!right || (slots[node] >= 0 && Float.isNaN(thresholds[node]) != (nodeSets[node] >= 0))) {
        throw new IllegalArgumentException("node " + node + " of a forest is no node");
      }
    }
    for (int tree = 0; tree < roots.length; tree++) {
      if (roots[tree] < 0 || roots[tree] >= slots.length || outputs[tree] < 0) {
        throw new IllegalArgumentException("tree " + tree + " of a forest is no tree");
      }
    }
  }

  /** Number of trees. */
  public int trees() {
    return roots.length;
  }

  /** Number of nodes of all trees. */
  public int nodes() {
    return slots.length;
  }

  /** One more than the greatest slot that is compared. */
  int slotsRead() {
    return Arrays.stream(slots).max().orElse(-1) + 1;
  }

  /** One more than the greatest output that is added to. */
  int outputsWritten() {
    return Arrays.stream(outputs).max().orElse(-1) + leafWidth;
  }

  /** Adds each tree's leaf to {@code sums} in doubles. */
  void add(float[] row, double[] sums) {
    walk.add(row, sums, false);
  }

  /**
   * Adds each tree's leaf to {@code sums}, rounding to float after each tree as XGBoost does. A sum
   * of two floats in double rounds to the float that a float addition gives.
   */
  void addFloats(float[] row, double[] sums) {
    walk.add(row, sums, true);
  }

  void addLeaf(int tree, int leaf, double[] sums, boolean inFloats) {
    int from = left[leaf];
    int to = outputs[tree];
    for (int i = 0; i < leafWidth; i++) {
      double sum = sums[to + i] + values[from + i];
      sums[to + i] = inFloats ? (float) sum : sum;
    }
  }

  /** The side of a set split that a slot goes to: 0 for left, 1 for right. */
  int side(float x, int node) {
    if (Float.isNaN(x)) {
      return missing[node];
    }
    long[] set = sets[nodeSets[node]];
    if (x < 0 || x >= set.length * 64L) {
      return 0;
    }
    int code = (int) x;
    return (int) (set[code >> 6] >>> code) & 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Forest f
        && leafWidth == f.leafWidth
        && Arrays.equals(roots, f.roots)
        && Arrays.equals(outputs, f.outputs)
        && Arrays.equals(slots, f.slots)
        && Arrays.equals(thresholds, f.thresholds)
        && Arrays.equals(left, f.left)
        && Arrays.equals(missing, f.missing)
        && Arrays.equals(nodeSets, f.nodeSets)
        && Arrays.deepEquals(sets, f.sets)
        && Arrays.equals(values, f.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(thresholds) + Arrays.hashCode(values);
  }
}
