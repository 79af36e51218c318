package io.millrace.train;

import io.millrace.model.Numbers;
import io.millrace.model.TreeNode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.ml.tree.CategoricalSplit;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.LeafNode;
import org.apache.spark.ml.tree.Node;

/**
 * Converts MLlib's trees.
 *
 * @param values of a leaf
 */
record MllibTrees(ForestForm form, Function<LeafNode, Numbers> values) {

  /** Converts the tree below a node. */
  TreeNode convert(Node node) {
    if (node instanceof LeafNode leaf) {
      return new TreeNode.Leaf(values.apply(leaf));
    }
    InternalNode inner = (InternalNode) node;
    TreeNode left = convert(inner.leftChild());
    TreeNode right = convert(inner.rightChild());
    int slot = inner.split().featureIndex();
    if (inner.split() instanceof ContinuousSplit split) {
      return TreeNode.Split.atMost(slot, split.threshold(), true, left, right);
    }
    Set<Integer> codes = new HashSet<>();
    for (double code : ((CategoricalSplit) inner.split()).rightCategories()) {
      codes.add((int) code);
    }
    boolean missingRight = codes.remove(form.missingCode(slot));
    return new TreeNode.SetSplit(slot, codes, !missingRight, left, right);
  }
}
