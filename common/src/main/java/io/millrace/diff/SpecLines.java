package io.millrace.diff;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.config.CanonicalJson;
import io.millrace.config.PipelineSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Two specs key by key: what they mean, not how they are written. */
public final class SpecLines {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SpecLines() {}

  /**
   * A key that the specs don't have alike.
   *
   * @param before its value; absent where it has its default, or isn't there
   */
  public record Line(String key, Optional<String> before, Optional<String> after) {}

  /** The keys that differ, in their order; keys that equal their default count as absent. */
  public static List<Line> between(PipelineSpec before, PipelineSpec after) {
    SortedMap<String, String> old = lines(before);
    SortedMap<String, String> now = lines(after);
    TreeSet<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(now.keySet());
    List<Line> lines = new ArrayList<>();
    for (String key : keys) {
      Line line =
          new Line(key, Optional.ofNullable(old.get(key)), Optional.ofNullable(now.get(key)));
      if (!line.before().equals(line.after())) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static SortedMap<String, String> lines(PipelineSpec spec) {
    SortedMap<String, String> lines = new TreeMap<>();
    try {
      add("", JSON.readTree(CanonicalJson.of(spec)), lines);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("canonical JSON isn't JSON", e);
    }
    return lines;
  }

  /** Lists of plain values are one value; of maps, each has a number. */
  private static void add(String path, JsonNode node, SortedMap<String, String> lines) {
    if (node.isObject() && !node.isEmpty()) {
      node.fields()
          .forEachRemaining(
              e -> add(path.isEmpty() ? e.getKey() : path + "." + e.getKey(), e.getValue(), lines));
    } else if (node.isArray() && !node.isEmpty() && node.get(0).isContainerNode()) {
      for (int i = 0; i < node.size(); i++) {
        add(path + "[" + i + "]", node.get(i), lines);
      }
    } else {
      lines.put(path, node.isTextual() ? node.asText() : node.toString());
    }
  }
}
