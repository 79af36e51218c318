package io.millrace.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file that has been taken in.
 *
 * @param name below the fixed part of its glob, so that it is the same on every machine
 * @param modifiedAt milliseconds since the epoch; only a hint that spares reading the file again
 * @param day partition that a snapshot's file belongs to; empty for appended files
 */
public record SourceFileEntry(
    String source,
    String name,
    long bytes,
    long modifiedAt,
    String sha256,
    String day,
    String runId) {

  void into(ObjectNode node) {
    node.put("source", source).put("name", name).put("bytes", bytes);
    node.put("modified_at", modifiedAt).put("sha256", sha256);
    node.put("day", day).put("run_id", runId);
  }

  static List<SourceFileEntry> list(JsonNode array) {
    List<SourceFileEntry> files = new ArrayList<>();
    array.forEach(
        node ->
            files.add(
                new SourceFileEntry(
                    node.path("source").asText(),
                    node.path("name").asText(),
                    node.path("bytes").asLong(),
                    node.path("modified_at").asLong(),
                    node.path("sha256").asText(),
                    node.path("day").asText(),
                    node.path("run_id").asText())));
    return files;
  }

  /** Whether its name told a person who was erased: then only its bytes tell it from others. */
  public boolean isNameless() {
    return name.contains(Forgetting.ERASED);
  }

  Map<String, Object> row(String pipeline, long version) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("pipeline", pipeline);
    row.put("source", source);
    row.put("file", name);
    row.put("bytes", bytes);
    row.put("modified_at", modifiedAt);
    row.put("sha256", sha256);
    row.put("day", day);
    row.put("run_id", runId);
    row.put("version", version);
    return row;
  }

  static SourceFileEntry of(Map<String, Object> row) {
    return new SourceFileEntry(
        (String) row.get("source"),
        (String) row.get("file"),
        (Long) row.get("bytes"),
        (Long) row.get("modified_at"),
        (String) row.get("sha256"),
        (String) row.get("day"),
        (String) row.get("run_id"));
  }
}
