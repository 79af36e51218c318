package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.DataException;
import io.millrace.SpecException;
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
import java.util.Optional;

/** The spec that a model keeps in its manifest: as it was trained, secrets masked. */
final class KeptSpec {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What stands for a value of the environment. */
  private static final String MASK = "***";

  private KeptSpec() {}

  /**
   * A pipeline as it was when a model was trained, to be read with.
   *
   * @throws DataException where its manifest is gone, or its spec can't be read
   */
  static Work work(Lake lake, Console console, String pipeline, String version) {
    String text = manifest(lake, pipeline, version).path("spec").asText();
    PipelineSpec spec = parse(text, "models/" + pipeline + "/" + version);
    return new Work(spec, text, lake, console);
  }

  /** Why a model can't be trained again though its tables may be whole; empty where it can. */
  static Optional<String> fault(Lake lake, String pipeline, String version) {
    try {
      parse(
          manifest(lake, pipeline, version).path("spec").asText(),
          "models/" + pipeline + "/" + version);
      return Optional.empty();
    } catch (DataException e) {
      return Optional.of(e.getMessage());
    }
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

  /**
   * The spec that a stored text says.
   *
   * @param model folder of the model that keeps it
   * @throws DataException where it can't be read, as where a number came from the environment
   */
  static PipelineSpec parse(String text, String model) {
    try {
      Path file = Files.createTempFile("millrace-spec", ".yaml");
      try {
        // Its variables are filled in, so what looks like one is the text itself.
        Files.writeString(file, text.replace("${", "$${"));
        return SpecReader.pipeline(file, Variables.of(Map.of(), Map.of()), Map.of());
      } catch (SpecException e) {
        throw unreadable(text, model, e.getMessage().replace(file.toString(), "line"), e);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DataException unreadable(
      String text, String model, String faults, SpecException cause) {
    String mend =
        text.contains(MASK)
            ? "values from the environment are kept as "
                + MASK
                + ": write such a number or word into conf/env, where it is no secret, and train again"
            : "this build reads specs otherwise than the one that trained it; train again";
    return new DataException(
        "%s: the spec that it keeps can't be read: %s\n%s".formatted(model, faults, mend), cause);
  }
}
