package io.millrace.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.DataException;
import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.model.ModelDirectory;
import io.millrace.model.ModelStore;
import io.millrace.model.ModelStore.Artefact;
import io.millrace.table.SmallTable;
import io.millrace.table.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The trained models of a pipeline: rows of {@code models} and folders of files. */
final class ModelLibrary {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Work work;
  private final SmallTable table;

  ModelLibrary(Work work) {
    this.work = work;
    this.table = new SmallTable(work.lake(), ResultTables.models());
  }

  /** The row of a version. */
  Optional<Map<String, Object>> row(String version) {
    return table.rows(work.name()).stream()
        .filter(row -> version.equals(row.get("model_version")))
        .findFirst();
  }

  /** The row of a version that a person named. */
  Map<String, Object> named(String version) {
    return row(version)
        .orElseThrow(
            () -> {
              List<String> known =
                  table.rows(work.name()).stream()
                      .map(row -> (String) row.get("model_version"))
                      .toList();
              return new SpecException(
                  work.name()
                      + ": there is no model "
                      + version
                      + "; "
                      + Nearest.mend(version, known, "models"));
            });
  }

  /** Writes a model's files; its row comes last and makes it real. */
  Map<String, String> save(String version, Artefact artefact) {
    return ModelStore.save(directory(version), artefact);
  }

  void add(String runId, Map<String, ?> row) {
    table.append(work.name(), runId, List.of(row));
  }

  /** Loads a version; its files are checked against the table's hashes. */
  Artefact load(String version) {
    Map<String, Object> row =
        row(version)
            .orElseThrow(
                () ->
                    new DataException(
                        "models: " + work.name() + " " + version + " is not in the table"));
    return ModelStore.load(directory(version), hashes((String) row.get("files")));
  }

  static String json(Map<String, ?> values) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(values));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SHA-256 by file name, out of a row of {@code models}. */
  static Map<String, String> hashes(String json) {
    try {
      Map<String, String> hashes = new TreeMap<>();
      JSON.readTree(json)
          .fields()
          .forEachRemaining(e -> hashes.put(e.getKey(), e.getValue().asText()));
      return hashes;
    } catch (JsonProcessingException e) {
      throw new DataException("models: the hashes of a model can't be read: " + e.getMessage(), e);
    }
  }

  private ModelDirectory directory(String version) {
    String name = "models/" + work.name() + "/" + version;
    Path folder = work.lake().path(name);
    FileSystem files = work.lake().files();
    return new ModelDirectory() {
      @Override
      public byte[] read(String file) throws IOException {
        try (InputStream in = files.open(new Path(work.lake().found(name), file))) {
          return in.readAllBytes();
        } catch (ChecksumException e) {
          throw new DataException(
              locate(file) + ": was changed since it was written; restore it, or train again", e);
        }
      }

      @Override
      public void write(String file, byte[] bytes) throws IOException {
        WholeFile.write(files, new Path(folder, file), bytes);
      }

      @Override
      public String locate(String file) {
        return name + "/" + file;
      }
    };
  }
}
