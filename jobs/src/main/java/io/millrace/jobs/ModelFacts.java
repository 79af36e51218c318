package io.millrace.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.DataException;
import io.millrace.Hashes;
import io.millrace.UnavailableException;
import io.millrace.config.StoredSpec;
import io.millrace.jobs.mirror.TrackedMetric;
import io.millrace.jobs.mirror.TrackedModel;
import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the lake says of a pipeline's models, as a tracking server is told of it. */
final class ModelFacts {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFIX = "millrace.";
  private static final int LONGEST_KEY = 250;

  private final Lake lake;
  private final String pipeline;
  private final Map<String, Map<String, Object>> runs = new HashMap<>();
  private final List<Map<String, Object>> metrics;
  private final List<Map<String, Object>> gates;
  private final List<Map<String, Object>> trials;

  ModelFacts(Lake lake, String pipeline) {
    this.lake = lake;
    this.pipeline = pipeline;
    new RunLog(lake).rows(pipeline).forEach(row -> runs.put((String) row.get("run_id"), row));
    this.metrics = rows(ResultTables.metrics().name());
    this.gates = rows(ResultTables.gates().name());
    this.trials = rows(ResultTables.trials().name());
  }

  private List<Map<String, Object>> rows(String table) {
    return lake.latest(table).map(found -> found.rows("pipeline", pipeline)).orElse(List.of());
  }

  /** All versions, the oldest first. */
  List<TrackedModel> models() {
    return rows(ResultTables.models().name()).stream()
        .sorted(
            Comparator.comparing((Map<String, Object> row) -> (LocalDate) row.get("date"))
                .thenComparing(row -> (Instant) row.get("trained_at")))
        .map(this::model)
        .toList();
  }

  /** The version in force now. */
  Optional<String> champion() {
    return rows(ResultTables.promotions().name()).stream()
        .max(
            Comparator.comparing((Map<String, Object> row) -> (LocalDate) row.get("effective_from"))
                .thenComparing(row -> (Long) row.get("position")))
        .map(row -> (String) row.get("model_version"));
  }

  private TrackedModel model(Map<String, Object> row) {
    String version = text(row, "model_version");
    Map<String, Object> run = runs.getOrDefault(text(row, "run_id"), Map.of());
    Instant ended = (Instant) row.get("trained_at");
    Instant started = (Instant) run.getOrDefault("started_at", ended);
    Map<String, String> files = files(text(row, "files"));
    return new TrackedModel(
        pipeline,
        version,
        row.get("date") + " " + version,
        started,
        ended,
        () -> params(row, files),
        tags(row, run),
        place(version),
        metrics(version),
        files,
        file -> bytes(version, file, files));
  }

  private Map<String, String> place(String version) {
    String root = lake.root();
    return Map.of(
        PREFIX + "lake", root, PREFIX + "model_uri", lake.found(folder(version)).toString());
  }

  private String folder(String version) {
    return "models/" + pipeline + "/" + version;
  }

  private Map<String, String> tags(Map<String, Object> row, Map<String, Object> run) {
    Map<String, String> tags = new TreeMap<>();
    for (String column : List.of("run_id", "date", "task", "features_version", "code_version")) {
      tags.put(PREFIX + column, text(row, column));
    }
    if (!run.isEmpty()) {
      tags.put(PREFIX + "spec_hash", text(run, "spec_hash"));
      tags.put(PREFIX + "inputs", inputs(run));
    }
    tags.put("mlflow.source.name", "millrace");
    tags.put("mlflow.source.type", "JOB");
    String said = gates(text(row, "model_version"));
    if (!said.isEmpty()) {
      tags.put(PREFIX + "gates", said);
    }
    return tags;
  }

  private static String inputs(Map<String, Object> run) {
    Map<String, Object> versions = new TreeMap<>();
    for (Object input : (List<?>) run.get("inputs")) {
      Map<?, ?> reference = (Map<?, ?>) input;
      versions.put((String) reference.get("table"), reference.get("version"));
    }
    return ModelLibrary.json(versions);
  }

  /** What the gates said last of a version, in a line. */
  private String gates(String version) {
    List<Map<String, Object>> rows =
        gates.stream().filter(row -> version.equals(row.get("model_version"))).toList();
    Optional<String> last =
        rows.stream().map(row -> text(row, "run_id")).max(Comparator.comparing(this::ended));
    List<String> reasons =
        rows.stream()
            .filter(row -> last.equals(Optional.of(text(row, "run_id"))))
            .filter(row -> !(Boolean) row.get("passed"))
            .map(row -> text(row, "reason"))
            .toList();
    if (last.isEmpty()) {
      return "";
    }
    return reasons.isEmpty() ? "passed" : "stays out: " + String.join("; ", reasons);
  }

  /** When a run ended; one that the index lacks is older than all others. */
  private Instant ended(String runId) {
    return (Instant) runs.getOrDefault(runId, Map.of()).getOrDefault("ended_at", Instant.EPOCH);
  }

  private List<TrackedMetric> metrics(String version) {
    List<TrackedMetric> found = new ArrayList<>();
    for (Map<String, Object> row : metrics) {
      String role = text(row, "role");
      if (version.equals(row.get("model_version")) && "evaluate".equals(row.get("stage"))) {
        key(role, row).ifPresent(key -> add(found, key, row, role));
      }
    }
    found.sort(
        Comparator.comparing(TrackedMetric::key)
            .thenComparing(TrackedMetric::step)
            .thenComparing(TrackedMetric::found)
            .thenComparing(TrackedMetric::value));
    return found;
  }

  /** A champion is measured again and again; the step tells at which date. */
  private void add(List<TrackedMetric> found, String key, Map<String, Object> row, String role) {
    Instant ended = ended(text(row, "run_id"));
    LocalDate date = (LocalDate) row.get("date");
    long step = role.equals("champion") ? date.toEpochDay() : 0;
    found.add(new TrackedMetric(key, (Double) row.get("value"), ended, step));
    for (String end : List.of("low", "high")) {
      if (row.get(end) != null && "".equals(row.get("slice_column"))) {
        found.add(new TrackedMetric(key + "." + end, (Double) row.get(end), ended, step));
      }
    }
  }

  /**
   * {@code auc}, {@code precision/dos}, {@code baseline/auc}, {@code slices/channel/web/auc}. Not
   * all servers know other characters than these, so figures of slices and classes with others are
   * left out; so are slices of the baseline and of later dates.
   */
  private static Optional<String> key(String role, Map<String, Object> row) {
    List<String> parts = new ArrayList<>();
    boolean challenger = role.equals("challenger");
    if (!challenger) {
      parts.add(role);
    }
    if (!text(row, "slice_column").isEmpty()) {
      parts.addAll(List.of("slices", text(row, "slice_column"), text(row, "slice_value")));
    }
    parts.addAll(List.of(text(row, "metric").split(":", 2)));
    boolean known = parts.stream().allMatch(part -> part.matches("(?=.*\\w)[\\w. -]+"));
    String key = String.join("/", parts);
    boolean told = challenger || text(row, "slice_column").isEmpty();
    return known && told && key.length() <= LONGEST_KEY - ".high".length()
        ? Optional.of(key)
        : Optional.empty();
  }

  /** The settings that the model's own manifest tells, since the spec may be another one by now. */
  private Map<String, String> params(Map<String, Object> row, Map<String, String> files) {
    String version = text(row, "model_version");
    JsonNode manifest = manifest(version, files);
    Map<String, String> params =
        new TreeMap<>(StoredSpec.training(manifest.path("spec").asText("")));
    params.keySet().removeIf(key -> !key.matches("[\\w./ -]{1," + LONGEST_KEY + "}"));
    for (String column : List.of("date", "features_version", "rows_train", "rows_tune", "rounds")) {
      if (row.get(column) != null) {
        params.put(column, text(row, column));
      }
    }
    trials.stream()
        .filter(trial -> version.equals(trial.get("model_version")))
        .filter(trial -> (Boolean) trial.get("chosen"))
        .forEach(
            trial ->
                tree(text(trial, "settings"))
                    .fields()
                    .forEachRemaining(
                        e -> params.put("tuned." + e.getKey(), e.getValue().asText())));
    return params;
  }

  private JsonNode manifest(String version, Map<String, String> files) {
    String text =
        new String(bytes(version, "manifest.json", files), java.nio.charset.StandardCharsets.UTF_8);
    return tree(text);
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new DataException("models: a text of a model is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Map<String, String> files(String json) {
    Map<String, String> files = new TreeMap<>();
    tree(json).fields().forEachRemaining(e -> files.put(e.getKey(), e.getValue().asText()));
    return files;
  }

  private byte[] bytes(String version, String file, Map<String, String> files) {
    String name = folder(version) + "/" + file;
    byte[] bytes;
    try (InputStream in =
        lake.files().open(new org.apache.hadoop.fs.Path(lake.found(folder(version)), file))) {
      bytes = in.readAllBytes();
    } catch (FileNotFoundException e) {
      throw new DataException(name + ": is gone, so no server is told of that model", e);
    } catch (IOException e) {
      throw new UnavailableException(name + ": can't be read: " + e.getMessage(), e);
    }
    if (!Hashes.sha256Hex(bytes).equals(files.get(file))) {
      throw new DataException(
          name + ": has been changed since it was saved; restore it, or train again");
    }
    return bytes;
  }

  private static String text(Map<String, Object> row, String column) {
    return String.valueOf(row.get(column));
  }
}
