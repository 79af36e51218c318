package io.millrace.model;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads XGBoost's JSON models, as XGBoost 3.1 writes them (its {@code doc/model.schema}). Trees
 * after {@code best_iteration} are left out.
 */
public final class XgboostTrees {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final Map<String, Link> LINKS =
      Map.of(
          "binary:logistic", Link.LOGISTIC,
          "reg:logistic", Link.LOGISTIC,
          "multi:softprob", Link.SOFTMAX,
          "reg:squarederror", Link.IDENTITY,
          "reg:absoluteerror", Link.IDENTITY,
          "reg:pseudohubererror", Link.IDENTITY,
          "reg:quantileerror", Link.IDENTITY);

  private XgboostTrees() {}

  /**
   * Converts a booster.
   *
   * @param boosterJson the bytes of {@code booster.toByteArray("json")}
   * @throws IllegalArgumentException for bytes, a booster or an objective that isn't known
   */
  public static Predictor.Trees parse(byte[] boosterJson) {
    JsonNode learner = read(boosterJson).path("learner");
    JsonNode booster = learner.path("gradient_booster");
    String objective = learner.path("objective").path("name").asText();
    Link link = LINKS.get(objective);
    if (link == null || !booster.path("name").asText().equals("gbtree")) {
      throw new IllegalArgumentException(
          "no conversion for XGBoost's booster \"%s\" with objective \"%s\""
              .formatted(booster.path("name").asText(), objective));
    }
    JsonNode model = booster.path("model");
    int count = treesToUse(model, learner.path("attributes"));
    List<TreeNode> trees = new ArrayList<>();
    List<Integer> outputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      trees.add(new Tree(model.path("trees").path(i)).root());
      outputs.add(model.path("tree_info").path(i).asInt());
    }
    JsonNode parameters = learner.path("learner_model_param");
    int classes = Math.max(1, parameters.path("num_class").asInt());
    return new Predictor.Trees(
        Forest.of(trees, outputs, 1),
        baseScores(parameters.path("base_score").asText(), classes, link),
        link,
        parameters.path("num_feature").asInt());
  }

  private static JsonNode read(byte[] boosterJson) {
    try {
      return JSON.readTree(boosterJson);
    } catch (IOException e) {
      throw new IllegalArgumentException("the booster's bytes are no JSON", e);
    }
  }

  private static int treesToUse(JsonNode model, JsonNode attributes) {
    if (!attributes.has("best_iteration")) {
      return model.path("trees").size();
    }
    int best = Integer.parseInt(attributes.path("best_iteration").asText());
    return model.path("iteration_indptr").path(best + 1).asInt();
  }

  /** A number or a list of them, as text; for a logistic objective a probability. */
  private static Numbers baseScores(String text, int outputs, Link link) {
    String[] parts = text.replaceAll("[\\[\\]\\s]", "").split(",");
    double[] scores = new double[outputs];
    for (int k = 0; k < outputs; k++) {
      float score = Float.parseFloat(parts[parts.length == 1 ? 0 : k]);
      scores[k] = link == Link.LOGISTIC ? logit(score) : score;
    }
    return Numbers.of(scores);
  }

  /** In float, as XGBoost does: {@code -log(1/p - 1)}. */
  private static float logit(float probability) {
    return -(float) StrictMath.log(1f / probability - 1f);
  }

  /** One tree of the model, whose arrays stand by node. */
  private static final class Tree {

    private final JsonNode json;
    private final List<Set<Integer>> sets = new ArrayList<>();

    Tree(JsonNode json) {
      this.json = json;
      for (int node = 0; node < json.path("left_children").size(); node++) {
        sets.add(Set.of());
      }
      for (int i = 0; i < json.path("categories_nodes").size(); i++) {
        int start = json.path("categories_segments").path(i).asInt();
        int size = json.path("categories_sizes").path(i).asInt();
        Set<Integer> codes = new HashSet<>();
        for (int k = start; k < start + size; k++) {
          codes.add(json.path("categories").path(k).asInt());
        }
        sets.set(json.path("categories_nodes").path(i).asInt(), codes);
      }
    }

    TreeNode root() {
      int width = json.path("tree_param").path("size_leaf_vector").asInt(1);
      if (width > 1) {
        throw new IllegalArgumentException("no conversion for XGBoost's trees with vector leaves");
      }
      return node(0);
    }

    private TreeNode node(int node) {
      int left = json.path("left_children").path(node).asInt();
      float condition = Float.parseFloat(json.path("split_conditions").path(node).asText());
      if (left < 0) {
        return new TreeNode.Leaf(Numbers.of(condition));
      }
      int slot = json.path("split_indices").path(node).asInt();
      boolean missingLeft = json.path("default_left").path(node).asInt() == 1;
      TreeNode leftTree = node(left);
      TreeNode rightTree = node(json.path("right_children").path(node).asInt());
      return json.path("split_type").path(node).asInt() == 1
          ? new TreeNode.SetSplit(slot, sets.get(node), missingLeft, leftTree, rightTree)
          : new TreeNode.Split(slot, condition, missingLeft, leftTree, rightTree);
    }
  }
}
