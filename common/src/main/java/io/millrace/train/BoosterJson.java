package io.millrace.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** XGBoost's JSON model. */
final class BoosterJson {

  private BoosterJson() {}

  /** The model with its first {@code rounds} rounds alone; Java has no other way to slice one. */
  static byte[] cut(byte[] json, int rounds) {
    ObjectMapper mapper = new ObjectMapper();
    try {
      JsonNode root = mapper.readTree(json);
      ObjectNode model = (ObjectNode) root.at("/learner/gradient_booster/model");
      ArrayNode starts = (ArrayNode) model.get("iteration_indptr");
      if (rounds >= starts.size() - 1) {
        return json;
      }
      int trees = starts.get(rounds).asInt();
      truncate(starts, rounds + 1);
      truncate((ArrayNode) model.get("trees"), trees);
      truncate((ArrayNode) model.get("tree_info"), trees);
      ((ObjectNode) model.get("gbtree_model_param")).put("num_trees", String.valueOf(trees));
      return mapper.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void truncate(ArrayNode array, int size) {
    while (array.size() > size) {
      array.remove(array.size() - 1);
    }
  }
}
