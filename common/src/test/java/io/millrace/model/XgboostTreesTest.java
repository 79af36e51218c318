package io.millrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our scores against XGBoost's own on the same rows. */
class XgboostTreesTest {

  private static final int ROWS = 3000;
  private static final int SLOTS = 6;
  private static final int CODES = 150;
  private static final String[] TYPES = {"q", "c", "q", "c", "q", "q"};

  /**
   * Slots 1 and 3 hold codes, every other one numbers, a tenth of all is missing.
   *
   * @param codes codes below this; above {@link #CODES} they are unseen in training
   */
  private static float[] rows(long seed, int codes) {
    Random random = new Random(seed);
    float[] rows = new float[ROWS * SLOTS];
    for (int i = 0; i < rows.length; i++) {
      boolean code = TYPES[i % SLOTS].equals("c");
      float x = code ? random.nextInt(i % SLOTS == 1 ? codes : codes / 30) : number(random);
      rows[i] = random.nextInt(10) == 0 ? Float.NaN : x;
    }
    return rows;
  }

  private static float number(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> 0f;
      case 1 -> (float) Encoder.Numeric.LIMIT;
      case 2 -> -random.nextInt(5);
      default -> (float) random.nextGaussian();
    };
  }

  private static float[] labels(float[] rows, String objective) {
    Random random = new Random(5);
    float[] labels = new float[ROWS];
    for (int r = 0; r < ROWS; r++) {
      float x = rows[r * SLOTS];
      float code = rows[r * SLOTS + 1];
      double y = (x > 0 ? 1 : 0) + (code % 7 < 3 ? 1 : 0) + 0.5 * random.nextGaussian();
      labels[r] =
          switch (objective) {
            case "binary:logistic" -> y > 0.7 ? 1 : 0;
            case "multi:softprob" -> y > 1.2 ? 2 : y > 0.3 ? 1 : 0;
            default -> (float) (1000 + 250 * y);
          };
    }
    return labels;
  }

  private static DMatrix matrix(float[] rows) throws XGBoostError {
    DMatrix matrix = new DMatrix(rows, ROWS, SLOTS, Float.NaN);
    matrix.setFeatureTypes(TYPES);
    return matrix;
  }

  private static Booster train(String objective, Map<String, Object> more) throws XGBoostError {
    float[] rows = rows(1, CODES);
    DMatrix matrix = matrix(rows);
    matrix.setLabel(labels(rows, objective));
    Map<String, Object> parameters = new HashMap<>(more);
    parameters.put("objective", objective);
    parameters.put("max_depth", 6);
    parameters.put("eta", 0.1);
    parameters.put("nthread", 1);
    parameters.put("max_cat_to_onehot", 4);
    parameters.put("seed", 3);
    return XGBoost.train(matrix, parameters, 60, new HashMap<>(), null, null);
  }

  /** The greatest relative difference of our scores from the booster's. */
  private static double greatestDifference(Booster booster, float[] rows) throws XGBoostError {
    Predictor.Trees trees = XgboostTrees.parse(booster.toByteArray("json"));
    float[][] theirs = booster.predict(matrix(rows));
    double[] ours = new double[trees.outputs()];
    float[] slots = new float[SLOTS];
    double greatest = 0;
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(rows, r * SLOTS, slots, 0, SLOTS);
      trees.predict(slots, ours);
      assertThat(theirs[r]).hasSize(ours.length);
      for (int k = 0; k < ours.length; k++) {
        greatest = Math.max(greatest, Math.abs(ours[k] / theirs[r][k] - 1));
      }
    }
    return greatest;
  }

  @ParameterizedTest
  @CsvSource({
    "binary:logistic,1e-6",
    "multi:softprob,1e-6",
    "reg:squarederror,0",
    "reg:absoluteerror,0",
    "reg:quantileerror,0"
  })
  void scoresAsXgboostDoes(String objective, double tolerance) throws XGBoostError {
    Map<String, Object> more =
        switch (objective) {
          case "multi:softprob" -> Map.of("num_class", 3);
          case "reg:quantileerror" -> Map.of("quantile_alpha", "0.8");
          default -> Map.of();
        };
    Booster booster = train(objective, more);
    double seen = greatestDifference(booster, rows(2, CODES));
    double unseen = greatestDifference(booster, rows(3, CODES + 60));
    assertThat(seen).as("%s, codes of the training rows", objective).isLessThanOrEqualTo(tolerance);
    assertThat(unseen).as("%s, with unseen codes", objective).isLessThanOrEqualTo(tolerance);
  }

  @Test
  void scoresParallelTreesAndAGivenBaseScore() throws XGBoostError {
    Map<String, Object> more =
        Map.of("num_parallel_tree", 3, "base_score", 0.2, "subsample", 0.5, "gamma", 0.2);
    assertThat(greatestDifference(train("binary:logistic", more), rows(2, CODES)))
        .isLessThanOrEqualTo(1e-6);
  }

  @Test
  void leavesOutTreesAfterTheBestIteration() throws XGBoostError {
    Booster booster = train("multi:softprob", Map.of("num_class", 3));
    booster.setAttr("best_iteration", "9");
    Predictor.Trees trees = XgboostTrees.parse(booster.toByteArray("json"));
    assertThat(trees.forest().trees()).isEqualTo(30);
  }

  @Test
  void refusesWhatItDoesNotKnow() throws XGBoostError {
    byte[] ranking = train("count:poisson", Map.of()).toByteArray("json");
    assertThatThrownBy(() -> XgboostTrees.parse(ranking))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no conversion for XGBoost's booster \"gbtree\" with objective \"count:poisson\"");
    assertThatThrownBy(() -> XgboostTrees.parse("?".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the booster's bytes are no JSON");
  }

  @Test
  void readsTheBytesOfAStoredModelBack() throws XGBoostError {
    Predictor.Trees trees =
        XgboostTrees.parse(train("binary:logistic", Map.of()).toByteArray("json"));
    assertThat(trees.forest().nodes()).isGreaterThan(1000);
    Model model = Models.ofSlots(SLOTS, trees, List.of("no", "yes"));
    Map<String, byte[]> files = ModelFiles.write(model);
    Model read =
        ModelFiles.read("here", files.get(ModelFiles.ENCODERS), files.get(ModelFiles.PREDICTOR));
    assertThat(read).isEqualTo(model);
    assertThat(ModelFiles.write(read).get(ModelFiles.PREDICTOR))
        .isEqualTo(files.get(ModelFiles.PREDICTOR));
  }
}
