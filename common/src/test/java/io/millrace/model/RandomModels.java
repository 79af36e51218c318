package io.millrace.model;

import io.millrace.Task;
import io.millrace.config.FeaturesSpec.FeatureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Every encoder, trees over all their slots, and rows with all that a value can be. */
public final class RandomModels {

  private static final List<String> LEVELS = List.of("", " ", "a", "b", "NaN", "ünïcödé", "日本語");
  private static final List<String> UNSEEN = List.of("c", "A", "a ", "x".repeat(500), "\u0000");
  private static final double[] NUMBERS = {
    0.0,
    -0.0,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MAX_VALUE,
    -1e300,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    3.4028236e38,
    0.1,
    16777217,
    123456789.123456789
  };

  private RandomModels() {}

  /** A feature of each encoder. */
  public static Encoders encoders() {
    Levels levels = Levels.of(LEVELS);
    double inf = Double.POSITIVE_INFINITY;
    Numbers values = Numbers.of(0.5, 0.25, 0.1, 1.0 / 3, 1e-9, 0, 0.125);
    List<Encoder> encoders =
        List.of(
            Encoder.Numeric.AS_IS,
            new Encoder.Numeric(0.5, -inf, inf, 1.5, 0.1),
            new Encoder.Numeric(Double.NaN, -1, 1e6, 0, 1),
            new Encoder.OneHot(levels),
            new Encoder.Ordinal(levels),
            new Encoder.Frequency(levels, values, 0.01),
            new Encoder.Target(levels, values, 0.4, 0.3),
            new Encoder.Flag(Double.NaN),
            new Encoder.Flag(0.7),
            new Encoder.Dropped("constant"));
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < encoders.size(); i++) {
      features.add(new Feature("f" + i, kind(encoders.get(i))));
    }
    return new Encoders(new FeatureSchema(features), encoders);
  }

  private static FeatureKind kind(Encoder encoder) {
    if (encoder instanceof Encoder.Flag) {
      return FeatureKind.BOOLEAN;
    }
    return encoder instanceof Encoder.Numeric || encoder instanceof Encoder.Dropped
        ? FeatureKind.NUMERIC
        : FeatureKind.CATEGORY;
  }

  /** A value for each feature: Double, String or Boolean, or null. */
  public static List<Object> row(Encoders encoders, Random random) {
    List<Object> row = new ArrayList<>();
    for (Feature feature : encoders.schema().features()) {
      boolean rare = random.nextInt(3) == 0;
      row.add(
          random.nextInt(6) == 0
              ? null
              : switch (feature.kind()) {
                case NUMERIC ->
                    rare ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextGaussian() * 2;
                case CATEGORY -> rare ? pick(UNSEEN, random) : pick(LEVELS, random);
                case BOOLEAN -> random.nextBoolean();
              });
    }
    return row;
  }

  private static String pick(List<String> texts, Random random) {
    return texts.get(random.nextInt(texts.size()));
  }

  /** The same row for the fast path. */
  public static RawRow rawRow(List<Object> values) {
    RawRow row = new RawRow(values.size());
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value instanceof Double number) {
        row.setNumber(i, number);
      } else if (value instanceof String text) {
        row.setText(i, text);
      } else if (value instanceof Boolean flag) {
        row.setFlag(i, flag);
      }
    }
    return row;
  }

  /** Trees with splits of both kinds over all slots. */
  public static List<TreeNode> trees(Encoders encoders, int count, Random random) {
    List<TreeNode> trees = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      trees.add(tree(encoders, 5, random));
    }
    return trees;
  }

  private static TreeNode tree(Encoders encoders, int depth, Random random) {
    if (depth == 0 || random.nextInt(8) == 0) {
      return new TreeNode.Leaf(Numbers.of((float) random.nextGaussian()));
    }
    int slot = random.nextInt(encoders.slots());
    boolean missingLeft = random.nextBoolean();
    TreeNode left = tree(encoders, depth - 1, random);
    TreeNode right = tree(encoders, depth - 1, random);
    if (encoders.slotTypes().get(slot).equals("c")) {
      Set<Integer> codes = Set.of(random.nextInt(4), 4 + random.nextInt(4));
      return new TreeNode.SetSplit(slot, codes, missingLeft, left, right);
    }
    float threshold = random.nextInt(3) == 0 ? 0f : (float) random.nextGaussian();
    return new TreeNode.Split(slot, threshold, missingLeft, left, right);
  }

  /** A model of as many classes as outputs; two for one output. */
  public static Model model(List<TreeNode> trees, int outputs) {
    Encoders encoders = encoders();
    List<Integer> to = new ArrayList<>();
    for (int i = 0; i < trees.size(); i++) {
      to.add(i % outputs);
    }
    double[] base = new double[outputs];
    base[0] = 0.25;
    Predictor predictor =
        new Predictor.Trees(
            Forest.of(trees, to, 1),
            Numbers.of(base),
            outputs == 1 ? Link.LOGISTIC : Link.SOFTMAX,
            encoders.slots());
    return outputs == 1
        ? new Model(Task.BINARY, List.of("no", "yes"), encoders, predictor)
        : new Model(Task.MULTI_CLASS, List.of("a", "b", "c"), encoders, predictor);
  }
}
