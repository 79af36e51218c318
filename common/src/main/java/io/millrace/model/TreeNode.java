package io.millrace.model;

import java.util.Set;

/** A node of a decision tree, as converters build it; {@link Forest} packs whole trees. */
public sealed interface TreeNode {

  /**
   * Slot {@code < threshold} goes left, {@code >=} right.
   *
   * @param missingLeft where NaN goes
   */
  record Split(int slot, float threshold, boolean missingLeft, TreeNode left, TreeNode right)
      implements TreeNode {

    public Split {
      if (Float.isNaN(threshold)) {
        throw new IllegalArgumentException("a threshold can't be NaN");
      }
    }

    /**
     * Slot {@code <= bound} goes left, as in Spark MLlib: the same as {@code <} the least float
     * above the bound.
     */
    public static Split atMost(
        int slot, double bound, boolean missingLeft, TreeNode left, TreeNode right) {
      float nearest = (float) bound;
      float threshold = nearest > bound ? nearest : Math.nextUp(nearest);
      return new Split(slot, threshold, missingLeft, left, right);
    }
  }

  /**
   * A code in the set goes right; any other, also an unseen one, left.
   *
   * @param codes whole numbers from 0
   * @param missingLeft where NaN goes
   */
  record SetSplit(int slot, Set<Integer> codes, boolean missingLeft, TreeNode left, TreeNode right)
      implements TreeNode {

    public SetSplit {
      codes = Set.copyOf(codes);
    }
  }

  /**
   * An end.
   *
   * @param values one for boosted trees, one per output for random forests
   */
  record Leaf(Numbers values) implements TreeNode {}
}
