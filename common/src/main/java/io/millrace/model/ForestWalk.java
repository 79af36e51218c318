package io.millrace.model;

import java.io.Serializable;

/**
 * The fast form of a {@link Forest}: four trees are walked at once, and a step has no branch that
 * the processor could mispredict, which is what a plain walk spends its time on.
 *
 * <p>A float's bits, those of negative numbers inverted but for the sign, are an int of the same
 * order, NaN last. Taken relative to a base per node and compared unsigned, the least of them is
 * -infinity where a missing value goes right, and NaN where it goes left. A leaf leads to itself,
 * so that all four trees take as many steps as the deepest needs.
 */
final class ForestWalk implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int AT_ONCE = 4;
  private static final int INTS_PER_NODE = 4;
  private static final int BASE_RIGHT = key(Float.NEGATIVE_INFINITY);
  private static final int BASE_LEFT = key(Float.NaN);
  private static final long UNSIGNED = 0xffffffffL;

  private final Forest forest;

  /** By node: slot (inverted for a set split), base, threshold from the base, right child. */
  private final int[] nodes;

  /** By four trees: steps of the deepest. */
  private final int[] steps;

  ForestWalk(Forest forest) {
    this.forest = forest;
    nodes = new int[forest.nodes() * INTS_PER_NODE];
    for (int node = 0; node < forest.nodes(); node++) {
      pack(node);
    }
    steps = new int[(forest.trees() + AT_ONCE - 1) / AT_ONCE];
    int[] depths = depths();
    for (int tree = 0; tree < forest.trees(); tree++) {
      int four = tree / AT_ONCE;
      steps[four] = Math.max(steps[four], depths[forest.roots[tree]]);
    }
  }

  private void pack(int node) {
    int at = node * INTS_PER_NODE;
    int base = forest.missing[node] == 0 ? BASE_LEFT : BASE_RIGHT;
    if (forest.slots[node] < 0) {
      nodes[at + 1] = BASE_RIGHT;
      nodes[at + 2] = -1;
      nodes[at + 3] = node + 1;
    } else {
      nodes[at] = forest.nodeSets[node] >= 0 ? ~forest.slots[node] : forest.slots[node];
      nodes[at + 1] = base;
      nodes[at + 2] = key(forest.thresholds[node] + 0f) - base;
      nodes[at + 3] = forest.left[node] + 1;
    }
  }

  /** By node: steps to its deepest leaf; children stand behind their parent. */
  private int[] depths() {
    int[] depths = new int[forest.nodes()];
    for (int node = depths.length - 1; node >= 0; node--) {
      if (forest.slots[node] >= 0) {
        int left = forest.left[node];
        depths[node] = 1 + Math.max(depths[left], depths[left + 1]);
      }
    }
    return depths;
  }

  /**
   * Finds each tree's leaf and adds it up.
   *
   * @param row slots, in which -0 becomes 0 and every NaN the usual one
   */
  void add(float[] row, double[] sums, boolean inFloats) {
    normalise(row);
    int[] roots = forest.roots;
    int tree = 0;
    for (; tree + AT_ONCE <= roots.length; tree += AT_ONCE) {
      int a = roots[tree];
      int b = roots[tree + 1];
      int c = roots[tree + 2];
      int d = roots[tree + 3];
      for (int step = steps[tree / AT_ONCE]; step > 0; step--) {
        a = next(row, a);
        b = next(row, b);
        c = next(row, c);
        d = next(row, d);
      }
      forest.addLeaf(tree, a, sums, inFloats);
      forest.addLeaf(tree + 1, b, sums, inFloats);
      forest.addLeaf(tree + 2, c, sums, inFloats);
      forest.addLeaf(tree + 3, d, sums, inFloats);
    }
    for (; tree < roots.length; tree++) {
      int node = roots[tree];
      for (int step = steps[tree / AT_ONCE]; step > 0; step--) {
        node = next(row, node);
      }
      forest.addLeaf(tree, node, sums, inFloats);
    }
  }

  private int next(float[] row, int node) {
    int at = node * INTS_PER_NODE;
    int slot = nodes[at];
    if (slot < 0) {
      return nodes[at + 3] - 1 + forest.side(row[~slot], node);
    }
    int key = key(row[slot]);
    long fromThreshold = ((key - nodes[at + 1]) & UNSIGNED) - (nodes[at + 2] & UNSIGNED);
    return nodes[at + 3] + (int) (fromThreshold >> 63);
  }

  private static int key(float x) {
    int bits = Float.floatToRawIntBits(x);
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  private static void normalise(float[] row) {
    for (int i = 0; i < row.length; i++) {
      float x = row[i];
      row[i] = Float.isNaN(x) ? Float.NaN : x + 0f;
    }
  }
}
