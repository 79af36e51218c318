package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.PythonVenv;
import io.millrace.S3Server;
import io.millrace.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * MLflow's own server on this machine, on a free port of the loopback: runs and models in SQLite,
 * files by its proxy. What a test asks it goes by a client of its own.
 */
final class MlflowServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TRIES = 1800;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path folder = TestSpark.temporary("mlflow");
  private final Process process;
  private final String uri;

  /** Starts it; {@link #await} tells when it answers. */
  MlflowServer() {
    int port = S3Server.freePort();
    this.uri = "http://127.0.0.1:" + port;
    ProcessBuilder builder =
        new ProcessBuilder(
            PythonVenv.of("mlflow").resolve("bin/mlflow").toString(),
            "server",
            "--backend-store-uri",
            "sqlite:///" + folder.resolve("mlflow.db"),
            "--artifacts-destination",
            folder.resolve("artifacts").toString(),
            "--serve-artifacts",
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--workers",
            "1");
    builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
    builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("server.log").toFile());
    try {
      this.process = builder.directory(folder.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  String uri() {
    return uri;
  }

  /** Waits until it answers. */
  MlflowServer await() {
    try {
      for (int i = 0; i < TRIES && process.isAlive(); i++) {
        try {
          if (bytes("/health").length > 0) {
            return this;
          }
        } catch (IOException notYet) {
          Thread.sleep(100);
        }
      }
      throw new IllegalStateException(
          "MLflow doesn't answer: " + Files.readString(folder.resolve("server.log")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] bytes(String path) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(uri + path)).GET().build());
  }

  private byte[] send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofByteArray()).body();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode get(String path) {
    try {
      return JSON.readTree(bytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All runs of an experiment that aren't deleted, by the value of our version's tag. */
  Map<String, List<JsonNode>> runs(String experiment) {
    String id =
        get("/api/2.0/mlflow/experiments/get-by-name?experiment_name=" + experiment)
            .at("/experiment/experiment_id")
            .asText();
    Map<String, List<JsonNode>> runs = new TreeMap<>();
    String body = "{\"experiment_ids\": [\"" + id + "\"]}";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri + "/api/2.0/mlflow/runs/search"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      for (JsonNode run : JSON.readTree(send(request)).path("runs")) {
        String version = pairs(run.at("/data/tags")).get("millrace.model_version");
        runs.computeIfAbsent(version, key -> new ArrayList<>()).add(run);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return runs;
  }

  /** All versions of a registered model. */
  List<JsonNode> versions(String name) {
    String filter = URLEncoder.encode("name='" + name + "'", StandardCharsets.UTF_8);
    List<JsonNode> versions = new ArrayList<>();
    get("/api/2.0/mlflow/model-versions/search?filter=" + filter)
        .path("model_versions")
        .forEach(versions::add);
    return versions;
  }

  /** Our version of the one that an alias points to. */
  String alias(String name, String alias) {
    JsonNode version =
        get("/api/2.0/mlflow/registered-models/alias?name=" + name + "&alias=" + alias)
            .path("model_version");
    return pairs(version.path("tags")).getOrDefault("millrace.model_version", version.toString());
  }

  /** The bytes of a file of a run, by the way that MLflow's pages take. */
  byte[] artifact(String run, String path) {
    try {
      return bytes("/get-artifact?run_uuid=" + run + "&path=" + path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tags, parameters or metrics as a map of texts. */
  static Map<String, String> pairs(JsonNode array) {
    Map<String, String> pairs = new TreeMap<>();
    array.forEach(one -> pairs.put(one.path("key").asText(), one.path("value").asText()));
    return pairs;
  }

  /** Ends it and the processes that it has started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
