package io.millrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.FeaturesSpec.FeatureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EncodersTest {

  private static float encode(Encoder encoder, Object value) {
    float[] slots = new float[encoder.width()];
    ArrayList<Object> values = new ArrayList<>();
    values.add(value);
    encoder.encode(RandomModels.rawRow(values), 0, slots, 0);
    return slots[0];
  }

  @Test
  void encodesAndPredictsAsTheSlowTwin() {
    Random random = new Random(11);
    Encoders encoders = RandomModels.encoders();
    List<TreeNode> trees = RandomModels.trees(encoders, 20, random);
    Model model = RandomModels.model(trees, 1);
    float[] slots = new float[encoders.slots()];
    double[] score = new double[1];
    for (int i = 0; i < 20_000; i++) {
      List<Object> row = RandomModels.row(encoders, random);
      model.score(RandomModels.rawRow(row), slots, score);
      List<Float> expected = SlowTwin.encode(encoders, row);
      for (int s = 0; s < slots.length; s++) {
        assertThat(slots[s]).as("slot %d of %s", s, row).isEqualTo(expected.get(s));
      }
      double sum = SlowTwin.sum(trees, 0.25f, expected);
      assertThat(score[0]).isEqualTo(1 / (1 + StrictMath.exp(-sum)));
    }
  }

  @Test
  void keepsTheWrittenRulesOfNumbers() {
    Encoder asIs = Encoder.Numeric.AS_IS;
    assertThat(encode(asIs, null)).isNaN();
    assertThat(encode(asIs, Double.NaN)).isNaN();
    assertThat(encode(asIs, Double.NEGATIVE_INFINITY)).isNaN();
    assertThat(Float.floatToRawIntBits(encode(asIs, -0.0))).isZero();
    assertThat(Float.floatToRawIntBits(encode(asIs, -1e-300))).isZero();
    assertThat(encode(asIs, 1e300)).isEqualTo(0x1p126f);
    assertThat(encode(asIs, -1e300)).isEqualTo(-0x1p126f);
    Encoder scaled = new Encoder.Numeric(3, 0, 10, 1, 2);
    assertThat(encode(scaled, null)).isEqualTo(1);
    assertThat(encode(scaled, 100.0)).isEqualTo(4.5f);
    assertThat(encode(scaled, -100.0)).isEqualTo(-0.5f);
  }

  @Test
  void namesSlotsAndTheirTypes() {
    Levels levels = Levels.of(List.of("x", ""));
    Encoders encoders =
        new Encoders(
            new FeatureSchema(
                List.of(
                    new Feature("a", FeatureKind.CATEGORY),
                    new Feature("b", FeatureKind.NUMERIC),
                    new Feature("c", FeatureKind.CATEGORY))),
            List.of(
                new Encoder.OneHot(levels),
                new Encoder.Dropped("constant"),
                new Encoder.Ordinal(levels)));
    assertThat(encoders.slotNames()).containsExactly("a=x", "a=", "a other", "c");
    assertThat(encoders.slotTypes()).containsExactly("q", "q", "q", "c");
    assertThat(encoders.slotFeatures()).containsExactly(0, 0, 0, 2);
    assertThat(encoders.dropped()).containsExactly(java.util.Map.entry("b", "constant"));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> Levels.of(List.of("a", "b", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("level \"a\" stands twice");
    assertThatThrownBy(() -> new Encoder.Numeric(0, 0, 1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no numeric encoder: 0.0..1.0, mean 0.0, scale 0.0");
    Feature feature = new Feature("a", FeatureKind.NUMERIC);
    assertThatThrownBy(() -> new FeatureSchema(List.of(feature, feature)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("feature a stands twice");
  }

  @Test
  void findsEveryOfManyLevels() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      names.add("level-" + i * 7);
    }
    Levels levels = Levels.of(names);
    RawRow row = new RawRow(2);
    for (int i = 0; i < names.size(); i++) {
      row.clear();
      row.setText(0, "before");
      row.setText(1, names.get(i));
      assertThat(levels.find(row.text(), row.textStart(1), row.textLength(1))).isEqualTo(i);
      assertThat(levels.find(row.text(), row.textStart(0), row.textLength(0))).isEqualTo(-1);
    }
  }

  @Test
  void turnsAnUpperBoundIntoAThreshold() {
    TreeNode left = new TreeNode.Leaf(Numbers.of(1));
    TreeNode right = new TreeNode.Leaf(Numbers.of(2));
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      double bound = i % 2 == 0 ? random.nextGaussian() : (float) random.nextGaussian();
      TreeNode tree = TreeNode.Split.atMost(0, bound, true, left, right);
      for (float x :
          new float[] {(float) bound, Math.nextUp((float) bound), Math.nextDown((float) bound)}) {
        assertThat(SlowTwin.leaf(tree, List.of(x)).get(0)).isEqualTo(x <= bound ? 1 : 2);
      }
    }
  }
}
