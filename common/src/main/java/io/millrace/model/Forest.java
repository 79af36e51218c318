package io.millrace.model;

import java.io.Serializable;
import java.util.List;

/**
 * Decision trees in flat arrays. A node's right child follows its left one. A leaf has slot -1, and
 * its values start at {@code values[left]}. A set split has threshold NaN, so that the hot
 * comparison fails both ways and only then the rare cases are looked at; its bit set starts at
 * {@code sets[setStart]}.
 */
public final class Forest implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * Packs trees.
   *
   * @param trees in the order of summing
   * @param outputs by tree: the output that gets the first of a leaf's values
   * @param leafWidth number of values of each leaf
   */
  public static Forest of(List<TreeNode> trees, List<Integer> outputs, int leafWidth) {
    throw new UnsupportedOperationException();
  }

  /** Number of trees. */
  public int trees() {
    return 0;
  }
}
