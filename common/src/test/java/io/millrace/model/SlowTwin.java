package io.millrace.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The slow and obvious twin of encoders and trees: strings, lists and recursion, written from the
 * rules in the package's page.
 */
public final class SlowTwin {

  private SlowTwin() {}

  /** Slots of a row whose values are Double, String or Boolean, or null. */
  public static List<Float> encode(Encoders encoders, List<Object> row) {
    List<Float> slots = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      slots.addAll(encode(encoders.encoders().get(i), row.get(i)));
    }
    return slots;
  }

  private static List<Float> encode(Encoder encoder, Object value) {
    if (encoder instanceof Encoder.Numeric e) {
      return List.of(numeric(e, (Double) value));
    } else if (encoder instanceof Encoder.OneHot e) {
      return oneHot(e.levels().names(), (String) value);
    } else if (encoder instanceof Encoder.Ordinal e) {
      int code = value == null ? -1 : e.levels().names().indexOf(value);
      return List.of(
          value == null ? Float.NaN : code >= 0 ? (float) code : (float) e.levels().size());
    } else if (encoder instanceof Encoder.Frequency e) {
      int level = value == null ? -1 : e.levels().names().indexOf(value);
      return List.of((float) (value == null ? e.missing() : level < 0 ? 0 : e.shares().get(level)));
    } else if (encoder instanceof Encoder.Target e) {
      int level = value == null ? -1 : e.levels().names().indexOf(value);
      return List.of(
          (float) (value == null ? e.missing() : level < 0 ? e.prior() : e.means().get(level)));
    } else if (encoder instanceof Encoder.Flag e) {
      return List.of((float) (value == null ? e.missing() : (Boolean) value ? 1 : 0));
    }
    return List.of();
  }

  private static float numeric(Encoder.Numeric e, Double value) {
    double x = value == null || value.isNaN() || value.isInfinite() ? e.impute() : value;
    if (Double.isNaN(x)) {
      return Float.NaN;
    }
    double clipped = x < e.low() ? e.low() : x > e.high() ? e.high() : x;
    double scaled = (clipped - e.mean()) / e.scale();
    float limit = (float) Math.pow(2, 126);
    float slot = scaled > limit ? limit : scaled < -limit ? -limit : (float) scaled;
    return slot == 0 ? 0f : slot;
  }

  private static List<Float> oneHot(List<String> levels, String value) {
    List<Float> slots = new ArrayList<>();
    for (String level : levels) {
      slots.add(level.equals(value) ? 1f : 0f);
    }
    slots.add(value != null && !levels.contains(value) ? 1f : 0f);
    return slots;
  }

  /** The leaf that a row reaches. */
  public static Numbers leaf(TreeNode node, List<Float> slots) {
    if (node instanceof TreeNode.Leaf leaf) {
      return leaf.values();
    } else if (node instanceof TreeNode.Split s) {
      float x = slots.get(s.slot());
      boolean left = Float.isNaN(x) ? s.missingLeft() : x < s.threshold();
      return leaf(left ? s.left() : s.right(), slots);
    }
    TreeNode.SetSplit s = (TreeNode.SetSplit) node;
    float x = slots.get(s.slot());
    boolean left = Float.isNaN(x) ? s.missingLeft() : !s.codes().contains((int) x);
    return leaf(left ? s.left() : s.right(), slots);
  }

  /** The sum of all trees' leaves, in floats, from a base score. */
  public static float sum(List<TreeNode> trees, float baseScore, List<Float> slots) {
    float sum = baseScore;
    for (TreeNode tree : trees) {
      sum += (float) leaf(tree, slots).get(0);
    }
    return sum;
  }
}
