package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.DataException;
import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.config.PipelineSpec;
import io.millrace.erase.Receipts;
import io.millrace.jobs.console.Console;
import io.millrace.model.ModelStore;
import io.millrace.model.ModelStore.Artefact;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import io.millrace.train.TrainResult;
import io.millrace.train.TrainResult.Fitted;
import io.millrace.train.Trainer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Trains a model again, from the versions of the tables that it was trained on and with the spec
 * that it keeps, and compares its files byte for byte. Nothing is written.
 */
final class ReproduceVerb {

  private static final int DIFFERENT = 10;
  private static final String MANIFEST = "manifest.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lake lake;
  private final Console console;
  private final Map<String, Object> model;
  private final String folder;

  private ReproduceVerb(Lake lake, Console console, Map<String, Object> model) {
    this.lake = lake;
    this.console = console;
    this.model = model;
    this.folder = "models/" + model.get("pipeline") + "/" + model.get("model_version");
  }

  static int run(String version, Lake lake, Console console) {
    return new ReproduceVerb(lake, console, model(version, lake)).run();
  }

  private static Map<String, Object> model(String version, Lake lake) {
    List<Map<String, Object>> rows = new SmallTable(lake, ResultTables.models()).rows();
    List<String> known = rows.stream().map(row -> (String) row.get("model_version")).toList();
    return rows.stream()
        .filter(row -> version.equals(row.get("model_version")))
        .findFirst()
        .orElseThrow(
            () ->
                new SpecException(
                    "there is no model "
                        + version
                        + "; "
                        + Nearest.mend(version, known, "models")));
  }

  private int run() {
    Retention.lost(lake, model)
        .ifPresent(
            why -> {
              throw new DataException(
                  folder + ": can't be trained again, since what it learned from is lost: " + why);
            });
    JsonNode manifest = json(MANIFEST);
    PipelineSpec spec = KeptSpec.parse(manifest.path("spec").asText(), folder);
    requireRaw("raw/" + spec.population().source());
    try (Work work = new Work(spec, manifest.path("spec").asText(), lake, console)) {
      TrainingInputs inputs = TrainingInputs.of(work, model);
      TrainResult result = Trainer.train(LabelledRows.of(work, inputs), spec.train().orElseThrow());
      MadeFiles made = new MadeFiles();
      Map<String, String> hashes =
          ModelStore.save(
              made,
              new Artefact(
                  manifest, result.challenger().model(), result.baseline().map(Fitted::model)));
      return tell(inputs, hashes, made);
    }
  }

  /** Of raw the columns alone are needed, and yet the version has to be there. */
  private void requireRaw(String table) {
    long version = (Long) model.get("raw_table_version");
    new Receipts(lake)
        .erased(table, version)
        .ifPresent(
            erased -> {
              throw new DataException(
                  "%s: can't be trained again: %s@%d: a person was %s"
                      .formatted(folder, table, version, erased));
            });
  }

  /** Says what is the same, and of what isn't the first figure. */
  private int tell(TrainingInputs inputs, Map<String, String> hashes, MadeFiles made) {
    Map<String, String> kept = ModelLibrary.hashes((String) model.get("files"));
    boolean sameRun = inputs.runId().equals(model.get("run_id"));
    if (!sameRun) {
      console.warn(
          "this build gives the training another run id (%s, was %s): its stage or the meaning of"
                  .formatted(inputs.runId(), model.get("run_id"))
              + " its spec has changed since build "
              + model.get("code_version"));
    }
    String said = model.get("pipeline") + " " + model.get("model_version");
    for (Map.Entry<String, String> file : kept.entrySet()) {
      String name = file.getKey();
      if (!name.equals(MANIFEST) && !file.getValue().equals(hashes.get(name))) {
        String first =
            made.bytes.containsKey(name)
                ? Difference.first(json(name), made.json(name))
                : "the file isn't made any more";
        console.event("reproduced", Map.of("model", said, "same", false, "first", name + first));
        console.fault(DIFFERENT, said + ": not reproduced: train differs first at " + name + first);
        return DIFFERENT;
      }
    }
    console.event("reproduced", Map.of("model", said, "same", true));
    console.print(
        "%s: bit-identical, %d files, from %s"
            .formatted(
                said,
                kept.size() - 1,
                String.join(
                    ", ",
                    inputs.versions().stream().map(v -> v.table() + "@" + v.version()).toList())));
    return 0;
  }

  private JsonNode json(String name) {
    try (InputStream in =
        lake.files().open(new org.apache.hadoop.fs.Path(lake.found(folder), name))) {
      return JSON.readTree(in);
    } catch (FileNotFoundException e) {
      throw new DataException(folder + "/" + name + ": is gone; restore it, or train again", e);
    } catch (IOException e) {
      throw new DataException(folder + "/" + name + ": can't be read: " + e.getMessage(), e);
    }
  }

  /** The files of a model that is not kept. */
  private static final class MadeFiles implements io.millrace.model.ModelDirectory {

    private final Map<String, byte[]> bytes = new TreeMap<>();

    JsonNode json(String name) {
      try {
        return JSON.readTree(bytes.get(name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public byte[] read(String name) {
      return bytes.get(name);
    }

    @Override
    public void write(String name, byte[] content) {
      bytes.put(name, content);
    }

    @Override
    public String locate(String name) {
      return name;
    }
  }
}
