package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.DataException;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.Variables;
import io.millrace.jobs.console.Console;
import io.millrace.table.Lake;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The spec that a model keeps in its manifest: as it was trained, secrets masked. */
final class KeptSpec {

  private static final ObjectMapper JSON = new ObjectMapper();

  private KeptSpec() {}

  /** A pipeline as it was when a model was trained, to be read with. */
  static Work work(Lake lake, Console console, String pipeline, String version) {
    String text = manifest(lake, pipeline, version).path("spec").asText();
    return new Work(parse(text), text, lake, console);
  }

  /**
   * The manifest of a model.
   *
   * @throws DataException where it is gone
   */
  static JsonNode manifest(Lake lake, String pipeline, String version) {
    String name = "models/" + pipeline + "/" + version + "/manifest.json";
    try (InputStream in = lake.files().open(lake.path(name))) {
      return JSON.readTree(in);
    } catch (FileNotFoundException e) {
      throw new DataException(name + ": is gone; restore it, or train again", e);
    } catch (IOException e) {
      throw new DataException(name + ": can't be read: " + e.getMessage(), e);
    }
  }

  /** The spec that a stored text says. */
  static PipelineSpec parse(String text) {
    try {
      Path file = Files.createTempFile("millrace-spec", ".yaml");
      try {
        Files.writeString(file, text);
        return SpecReader.pipeline(file, Variables.of(Map.of(), Map.of()), Map.of());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
