package io.millrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PredictorTest {

  private static final Offset<Double> ROUNDING = Offset.offset(1e-15);

  private static double[] predict(Predictor predictor, float... slots) {
    double[] out = new double[predictor.outputs()];
    predictor.predict(slots, out);
    return out;
  }

  private static TreeNode leaf(double... values) {
    return new TreeNode.Leaf(Numbers.of(values));
  }

  @Test
  void linearModelsWeighSlots() {
    Numbers weights = Numbers.of(1, 2, -1, 0.5);
    Predictor two = new Predictor.Linear(weights, Numbers.of(0.5, 0), Link.SOFTMAX);
    double a = Math.exp(0.5 + 3 + 8);
    double b = Math.exp(-3 + 2);
    assertThat(predict(two, 3, 4)[0]).isCloseTo(a / (a + b), ROUNDING);
    assertThat(predict(two, 3, 4)[1]).isCloseTo(b / (a + b), ROUNDING);
    Predictor one = new Predictor.Linear(weights, Numbers.of(1), Link.IDENTITY);
    assertThat(predict(one, 1, 2, 3, 4)).containsExactly(1 + 1 + 4 - 3 + 2);
  }

  @Test
  void linksDoNotOverflow() {
    Predictor logistic = new Predictor.Linear(Numbers.of(1), Numbers.of(0), Link.LOGISTIC);
    assertThat(predict(logistic, -1e30f)).containsExactly(0);
    assertThat(predict(logistic, 1e30f)).containsExactly(1);
    Predictor softmax = new Predictor.Linear(Numbers.of(1, -1), Numbers.of(0, 0), Link.SOFTMAX);
    assertThat(predict(softmax, 1e30f)).containsExactly(1, 0);
  }

  @Test
  void forestsAverageTheVectorsOfTheirLeaves() {
    TreeNode first = new TreeNode.Split(0, 1f, false, leaf(0.25, 0.75), leaf(1, 0));
    Forest forest = Forest.of(List.of(first, leaf(0.5, 0.5)), List.of(0, 0), 2);
    Predictor trees = new Predictor.Trees(forest, Numbers.of(0, 0), Link.MEAN, 1);
    assertThat(predict(trees, 0.5f)).containsExactly(0.375, 0.625);
    assertThat(predict(trees, 1f)).containsExactly(0.75, 0.25);
    assertThat(predict(trees, Float.NaN)).containsExactly(0.75, 0.25);
  }

  @Test
  void treesOfAnyShapeAndNumberFindTheLeavesOfTheSlowTwin() {
    Random random = new Random(8);
    Encoders encoders = RandomModels.encoders();
    float[] odd = {Float.NaN, -0f, 0f, 1e-45f, Float.MAX_VALUE, Float.POSITIVE_INFINITY};
    for (int count = 0; count < 12; count++) {
      List<TreeNode> trees = new ArrayList<>(RandomModels.trees(encoders, count, random));
      trees.add(count % 2 == 0 ? leaf(3) : chain(40));
      Forest forest = Forest.of(trees, Collections.nCopies(trees.size(), 0), 1);
      Predictor predictor =
          new Predictor.Trees(forest, Numbers.of(0.25), Link.IDENTITY, encoders.slots());
      for (int row = 0; row < 500; row++) {
        float[] slots = new float[encoders.slots()];
        List<Float> list = new ArrayList<>();
        for (int i = 0; i < slots.length; i++) {
          boolean code = encoders.slotTypes().get(i).equals("c");
          float x = (float) random.nextGaussian() * (random.nextBoolean() ? 1 : -10);
          slots[i] = code ? random.nextInt(200) : random.nextInt(3) == 0 ? odd[row % 6] : x;
          list.add(slots[i]);
        }
        assertThat((float) predict(predictor, slots)[0])
            .isEqualTo(SlowTwin.sum(trees, 0.25f, list));
      }
    }
  }

  private static TreeNode chain(int depth) {
    TreeNode node = leaf(depth);
    for (int i = 0; i < depth; i++) {
      node = new TreeNode.Split(0, i / 10f - 2, i % 2 == 0, leaf(i), node);
    }
    return node;
  }

  @Test
  void refusesPartsThatDoNotFit() {
    Forest forest = Forest.of(List.of(leaf(1)), List.of(1), 1);
    assertThatThrownBy(() -> new Predictor.Trees(forest, Numbers.of(0), Link.IDENTITY, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("trees over 0 slots and 2 outputs in a predictor of 3 and 1");
    assertThatThrownBy(() -> Forest.of(List.of(leaf(1, 2)), List.of(0), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a leaf of 2 values in a forest of 1");
    Predictor constant = new Predictor.Constant(Numbers.of(0.1, 0.9));
    assertThat(predict(constant)).containsExactly(0.1, 0.9);
    assertThatThrownBy(
            () -> new Model(Task.BINARY, List.of("no", "yes"), RandomModels.encoders(), constant))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("BINARY with 2 classes and 2 outputs");
  }
}
