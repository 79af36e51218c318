package io.millrace.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes the commits of a log in, one after the other, as the Delta protocol says. */
final class LogReplay {

  private static final com.fasterxml.jackson.databind.ObjectMapper JSON =
      new com.fasterxml.jackson.databind.ObjectMapper();

  private final String root;
  private final Map<String, LoggedFile> live = new HashMap<>();
  private final List<LoggedFile> past = new ArrayList<>();
  private final Map<String, Long> changeFiles = new HashMap<>();
  private final Map<String, Set<TableVersion>> inputs = new HashMap<>();
  private final List<TableHistory.Vacuumed> vacuums = new ArrayList<>();
  private List<LoggedFile> files = List.of();

  /** A log of a table in a folder. */
  LogReplay(String root) {
    this.root = root;
  }

  void commit(long version, List<? extends JsonNode> actions) {
    // A commit may take a file out and in again with another deletion vector, in any order.
    for (JsonNode action : actions) {
      if (action.has("remove")) {
        remove(version, action.get("remove"));
      }
    }
    for (JsonNode action : actions) {
      if (action.has("add")) {
        add(version, action.get("add"));
      } else if (action.has("cdc")) {
        changeFiles.put(name(path(action.get("cdc"))), version);
      } else if (action.has("commitInfo")) {
        info(version, action.get("commitInfo"));
      }
    }
    files = List.of();
  }

  private void add(long version, JsonNode add) {
    Map<String, String> partition = new HashMap<>();
    add.path("partitionValues")
        .fields()
        .forEachRemaining(
            e -> partition.put(e.getKey(), e.getValue().isNull() ? null : e.getValue().asText()));
    // Statistics may be added to a live file by naming it again.
    live.putIfAbsent(
        key(add),
        new LoggedFile(
            name(path(add)),
            partition,
            run(add),
            vector(add).map(LogReplay::name),
            version,
            LoggedFile.LIVE));
  }

  private void remove(long version, JsonNode remove) {
    LoggedFile file = live.remove(key(remove));
    if (file != null) {
      past.add(file.removedBy(version));
    }
  }

  private void info(long version, JsonNode info) {
    if (info.path("operation").asText().equals("VACUUM START")) {
      vacuums.add(
          new TableHistory.Vacuumed(
              version, java.time.Instant.ofEpochMilli(info.path("timestamp").asLong())));
    }
    if (info.path("userMetadata").isTextual()) {
      for (RunRow run : RunRow.parse(info.get("userMetadata").asText())) {
        inputs.computeIfAbsent(run.runId(), id -> new LinkedHashSet<>()).addAll(run.inputs());
      }
    }
  }

  private String key(JsonNode file) {
    return path(file) + "|" + vectorId(file);
  }

  /** As the log means it: writers may escape it in several ways. */
  private static String path(JsonNode file) {
    String text = file.path("path").asText();
    try {
      URI uri = new URI(text);
      return uri.isAbsolute() || uri.getPath() == null ? text : uri.getPath();
    } catch (java.net.URISyntaxException e) {
      return text;
    }
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Optional<String> run(JsonNode add) {
    try {
      JsonNode stats = JSON.readTree(add.path("stats").asText("{}"));
      String least = stats.path("minValues").path("run_id").asText("");
      String greatest = stats.path("maxValues").path("run_id").asText("");
      return least.isEmpty() || !least.equals(greatest) ? Optional.empty() : Optional.of(least);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String vectorId(JsonNode file) {
    JsonNode vector = file.path("deletionVector");
    return vector.isObject()
        ? vector.path("storageType").asText()
            + vector.path("pathOrInlineDv").asText()
            + "@"
            + vector.path("offset").asText()
        : "";
  }

  /** Where its deletion vector lies, if it has one and that isn't in the log itself. */
  private Optional<String> vector(JsonNode file) {
    JsonNode vector = file.path("deletionVector");
    if (!vector.isObject()) {
      return Optional.empty();
    }
    DeletionVectorDescriptor descriptor =
        new DeletionVectorDescriptor(
            vector.path("storageType").asText(),
            vector.path("pathOrInlineDv").asText(),
            Optional.of(vector.path("offset").asInt()),
            vector.path("sizeInBytes").asInt(),
            vector.path("cardinality").asLong());
    return descriptor.isOnDisk() ? Optional.of(descriptor.getAbsolutePath(root)) : Optional.empty();
  }

  List<LoggedFile> files() {
    if (files.isEmpty()) {
      List<LoggedFile> all = new ArrayList<>(past);
      all.addAll(live.values());
      files = List.copyOf(all);
    }
    return files;
  }

  Map<String, Long> changeFiles() {
    return Map.copyOf(changeFiles);
  }

  Map<String, Set<TableVersion>> inputs() {
    return inputs;
  }

  List<TableHistory.Vacuumed> vacuums() {
    return List.copyOf(vacuums);
  }
}
