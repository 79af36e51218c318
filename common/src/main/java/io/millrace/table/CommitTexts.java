package io.millrace.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.UnavailableException;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/** What the commits of a table say of the runs that made them. */
final class CommitTexts {

  private static final ObjectMapper JSON = new ObjectMapper();

  private CommitTexts() {}

  /** The runs of one commit, with the table at that version as their output. */
  static List<RunRow> runs(Lake lake, String name, long version) {
    List<TableVersion> outputs = List.of(new TableVersion(name, version));
    return userMetadata(lake, name, version).map(RunRow::parse).orElse(List.of()).stream()
        .map(run -> run.finished(outputs, run.rowsOut()))
        .toList();
  }

  /** Who wrote the files of a table since a version: our runs, or whatever the log says. */
  static Map<String, Authorship> authors(Lake lake, PinnedTable table, long since) {
    Map<String, Authorship> authors = new HashMap<>();
    for (long version = since + 1; version <= table.version(); version++) {
      List<ObjectNode> actions =
          LogActions.read(lake, lake.commit(table.name(), version)).orElse(List.of());
      JsonNode info = JSON.createObjectNode();
      for (ObjectNode action : actions) {
        info = action.has("commitInfo") ? action.get("commitInfo") : info;
      }
      Authorship author = author(info);
      for (ObjectNode action : actions) {
        String path = action.path("add").path("path").asText("");
        if (!path.isEmpty()) {
          authors.put(path.substring(path.lastIndexOf('/') + 1), author);
        }
      }
    }
    return authors;
  }

  private static Authorship author(JsonNode info) {
    List<RunRow> runs = RunRow.parse(info.path("userMetadata").asText("{}"));
    String by =
        runs.isEmpty()
            ? (info.path("operation").asText("?") + " " + info.path("userName").asText("")).strip()
            : runs.stream()
                .map(run -> run.stage() + " " + run.pipeline())
                .distinct()
                .collect(Collectors.joining(", "));
    return new Authorship(by, Instant.ofEpochMilli(info.path("timestamp").asLong()));
  }

  private static Optional<String> userMetadata(Lake lake, String name, long version) {
    return info(lake, name, version).map(info -> info.path("userMetadata").asText(null));
  }

  private static Optional<JsonNode> info(Lake lake, String name, long version) {
    Path commit = lake.commit(name, version);
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(lake.files().open(commit), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        JsonNode info = JSON.readTree(line).path("commitInfo");
        if (info.isObject()) {
          return Optional.of(info);
        }
      }
      return Optional.empty();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UnavailableException(name + "@" + version + ": " + e.getMessage(), e);
    }
  }
}
