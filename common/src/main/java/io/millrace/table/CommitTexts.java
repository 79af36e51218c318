package io.millrace.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.UnavailableException;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
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

  private static Optional<String> userMetadata(Lake lake, String name, long version) {
    return info(lake, name, version).map(info -> info.path("userMetadata").asText(null));
  }

  private static Optional<JsonNode> info(Lake lake, String name, long version) {
    Path commit = new Path(lake.path(name), String.format("_delta_log/%020d.json", version));
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
