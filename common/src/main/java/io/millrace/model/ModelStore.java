package io.millrace.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.DataException;
import io.millrace.Hashes;
import io.millrace.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Saves and loads a model's directory: {@code manifest.json}, {@code encoders.json}, {@code
 * predictor.json}, and the same two in {@code baseline/}. What was saved is known by its SHA-256,
 * which every load checks.
 */
public final class ModelStore {

  private static final String MANIFEST = "manifest.json";
  private static final String BASELINE = "baseline/";

  /**
   * What lies in a model's directory.
   *
   * @param manifest where the model comes from: spec, seed, versions of tables and code
   * @param baseline the simple model that was trained beside it
   */
  public record Artefact(JsonNode manifest, Model model, Optional<Model> baseline) {}

  private ModelStore() {}

  /**
   * Writes all files; equal artefacts give equal bytes.
   *
   * @return SHA-256 by file name, in the names' order
   * @throws UnavailableException when the storage fails
   */
  public static Map<String, String> save(ModelDirectory directory, Artefact artefact) {
    Map<String, byte[]> files = new TreeMap<>(ModelFiles.write(artefact.model()));
    artefact
        .baseline()
        .ifPresent(
            baseline ->
                ModelFiles.write(baseline)
                    .forEach((name, bytes) -> files.put(BASELINE + name, bytes)));
    files.put(MANIFEST, ModelFiles.bytes(artefact.manifest()));
    Map<String, String> sha256s = new TreeMap<>();
    files.forEach(
        (name, bytes) -> {
          write(directory, name, bytes);
          sha256s.put(name, Hashes.sha256Hex(bytes));
        });
    return Collections.unmodifiableMap(sha256s);
  }

  /**
   * Reads all files that were saved.
   *
   * @param sha256s as {@link #save} returned them
   * @throws DataException when a file is gone, was changed, or can't be read by this version
   * @throws UnavailableException when the storage fails
   */
  public static Artefact load(ModelDirectory directory, Map<String, String> sha256s) {
    Map<String, byte[]> files = new TreeMap<>();
    sha256s.forEach((name, sha256) -> files.put(name, readChecked(directory, name, sha256)));
    Optional<Model> baseline =
        files.containsKey(BASELINE + ModelFiles.PREDICTOR)
            ? Optional.of(model(directory, files, BASELINE))
            : Optional.empty();
    try {
      JsonNode manifest = ModelFiles.JSON.readTree(file(directory, files, MANIFEST));
      return new Artefact(manifest, model(directory, files, ""), baseline);
    } catch (IOException e) {
      throw new DataException(directory.locate(MANIFEST) + ": is no JSON; train again", e);
    }
  }

  private static Model model(ModelDirectory directory, Map<String, byte[]> files, String folder) {
    return ModelFiles.read(
        directory.locate(folder),
        file(directory, files, folder + ModelFiles.ENCODERS),
        file(directory, files, folder + ModelFiles.PREDICTOR));
  }

  private static byte[] file(ModelDirectory directory, Map<String, byte[]> files, String name) {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new DataException(
          directory.locate(name) + ": no SHA-256 was recorded for it; train again");
    }
    return bytes;
  }

  private static byte[] readChecked(ModelDirectory directory, String name, String sha256) {
    byte[] bytes;
    try {
      bytes = directory.read(name);
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new DataException(directory.locate(name) + ": is gone; restore it or train again", e);
    } catch (IOException e) {
      throw new UnavailableException(directory.locate(name) + ": can't be read: " + e, e);
    }
    String found = Hashes.sha256Hex(bytes);
    if (!found.equals(sha256)) {
      throw new DataException(
          "%s: has been changed since it was saved (SHA-256 %s, was %s); restore it or train again"
              .formatted(directory.locate(name), found.substring(0, 12), sha256.substring(0, 12)));
    }
    return bytes;
  }

  private static void write(ModelDirectory directory, String name, byte[] bytes) {
    try {
      directory.write(name, bytes);
    } catch (IOException e) {
      throw new UnavailableException(directory.locate(name) + ": can't be written: " + e, e);
    }
  }
}
