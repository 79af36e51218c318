package io.millrace.model;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/** Packs trees of {@link TreeNode}s into a {@link Forest}, each tree breadth first. */
final class ForestBuilder {

  private record Place(TreeNode tree, int node) {}

  private final int leafWidth;
  private int[] roots = {};
  private int[] outputs = {};
  private int[] slots = new int[64];
  private float[] thresholds = new float[64];
  private int[] left = new int[64];
  private byte[] missing = new byte[64];
  private int[] nodeSets = new int[64];
  private long[][] sets = new long[4][];
  private double[] values = new double[64];
  private int nodeCount;
  private int setCount;
  private int valueCount;

  ForestBuilder(int leafWidth) {
    this.leafWidth = leafWidth;
  }

  ForestBuilder add(List<? extends TreeNode> trees, List<Integer> treeOutputs) {
    if (trees.size() != treeOutputs.size()) {
      throw new IllegalArgumentException(
          trees.size() + " trees, but outputs for " + treeOutputs.size());
    }
    roots = new int[trees.size()];
    outputs = new int[trees.size()];
    for (int i = 0; i < roots.length; i++) {
      outputs[i] = treeOutputs.get(i);
      roots[i] = newNodes(1);
      pack(trees.get(i), roots[i]);
    }
    return this;
  }

  Forest build() {
    return new Forest(
        leafWidth,
        roots,
        outputs,
        Arrays.copyOf(slots, nodeCount),
        Arrays.copyOf(thresholds, nodeCount),
        Arrays.copyOf(left, nodeCount),
        Arrays.copyOf(missing, nodeCount),
        Arrays.copyOf(nodeSets, nodeCount),
        Arrays.copyOf(sets, setCount),
        Arrays.copyOf(values, valueCount));
  }

  private void pack(TreeNode tree, int root) {
    Deque<Place> places = new ArrayDeque<>();
    places.add(new Place(tree, root));
    while (!places.isEmpty()) {
      Place place = places.remove();
      int node = place.node();
      if (place.tree() instanceof TreeNode.Split s) {
        putSplit(node, s.slot(), s.threshold(), s.missingLeft(), -1);
        putChildren(node, s.left(), s.right(), places);
      } else if (place.tree() instanceof TreeNode.SetSplit s) {
        putSplit(node, s.slot(), Float.NaN, s.missingLeft(), newSet(s));
        putChildren(node, s.left(), s.right(), places);
      } else if (place.tree() instanceof TreeNode.Leaf leaf) {
        putLeaf(node, leaf.values());
      }
    }
  }

  private void putSplit(int node, int slot, float threshold, boolean missingLeft, int set) {
    slots[node] = slot;
    thresholds[node] = threshold;
    missing[node] = (byte) (missingLeft ? 0 : 1);
    nodeSets[node] = set;
  }

  private void putChildren(int node, TreeNode leftTree, TreeNode rightTree, Deque<Place> places) {
    int child = newNodes(2);
    left[node] = child;
    places.add(new Place(leftTree, child));
    places.add(new Place(rightTree, child + 1));
  }

  private void putLeaf(int node, Numbers leaf) {
    if (leaf.size() != leafWidth) {
      throw new IllegalArgumentException(
          "a leaf of " + leaf.size() + " values in a forest of " + leafWidth);
    }
    putSplit(node, -1, 0, true, -1);
    left[node] = valueCount;
    if (valueCount + leafWidth > values.length) {
      values = Arrays.copyOf(values, 2 * (valueCount + leafWidth));
    }
    for (int i = 0; i < leafWidth; i++) {
      values[valueCount++] = leaf.get(i);
    }
  }

  private int newNodes(int count) {
    int first = nodeCount;
    nodeCount += count;
    if (nodeCount > slots.length) {
      int room = 2 * nodeCount;
      slots = Arrays.copyOf(slots, room);
      thresholds = Arrays.copyOf(thresholds, room);
      left = Arrays.copyOf(left, room);
      missing = Arrays.copyOf(missing, room);
      nodeSets = Arrays.copyOf(nodeSets, room);
    }
    return first;
  }

  private int newSet(TreeNode.SetSplit split) {
    BitSet codes = new BitSet();
    split.codes().forEach(codes::set);
    if (setCount == sets.length) {
      sets = Arrays.copyOf(sets, 2 * setCount);
    }
    sets[setCount] = codes.toLongArray();
    return setCount++;
  }
}
