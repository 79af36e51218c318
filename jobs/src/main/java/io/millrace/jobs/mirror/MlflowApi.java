package io.millrace.jobs.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.UnavailableException;
import io.millrace.jobs.mirror.JsonServer.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The calls of MLflow's REST API that are needed, version 2.0 of it, which servers since 2.9 have.
 *
 * @see <a href="https://mlflow.org/docs/latest/rest-api.html">the API</a>
 */
final class MlflowApi {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "/api/2.0/mlflow/";
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts/";
  private static final String PROXIED = "mlflow-artifacts:/";
  private static final String EXISTS = "RESOURCE_ALREADY_EXISTS";
  private static final int PAGE = 1000;
  private static final int METRICS = 1000;
  private static final int OTHERS = 100;

  private final JsonServer server;

  MlflowApi(JsonServer server) {
    this.server = server;
  }

  /**
   * A run.
   *
   * @param artifacts where its files are
   * @param finished whether it has ended
   */
  record Run(
      String id,
      String artifacts,
      boolean finished,
      Map<String, String> params,
      Map<String, String> tags) {

    /** Where this server takes files of the run; empty where they are kept elsewhere. */
    Optional<String> proxied() {
      return artifacts.matches(PROXIED + "[^/].*")
          ? Optional.of(artifacts.substring(PROXIED.length()))
          : Optional.empty();
    }
  }

  /** A version of a registered model, with the server's number. */
  record Version(String number, String run, Map<String, String> tags) {}

  /**
   * A registered model.
   *
   * @param aliases number of the version by alias
   */
  record Registered(Map<String, String> aliases) {}

  /** The id of an experiment, which is made where there is none of the name. */
  String experiment(String name) {
    String path = API + "experiments/get-by-name?experiment_name=" + encoded(name);
    Answer found = server.get(path);
    if (found.status() == 404) {
      ObjectNode body = JSON.createObjectNode().put("name", name);
      Answer made = server.post(API + "experiments/create", body);
      if (made.ok()) {
        return made.body().path("experiment_id").asText();
      }
      if (!made.fault().equals(EXISTS)) {
        throw server.refused(made, API + "experiments/create");
      }
      found = server.get(path);
    }
    JsonNode experiment = server.expect(found, path).path("experiment");
    if (experiment.path("lifecycle_stage").asText().equals("deleted")) {
      throw new UnavailableException(
          "MLflow: the experiment " + name + " is deleted there; restore it, or name another one");
    }
    return experiment.path("experiment_id").asText();
  }

  /** The runs of an experiment that have these tags. */
  List<Run> runs(String experiment, Map<String, String> tags) {
    List<String> terms = new ArrayList<>();
    tags.forEach((key, value) -> terms.add("tags.`" + key + "` = '" + value + "'"));
    ObjectNode body = JSON.createObjectNode().put("filter", String.join(" and ", terms));
    body.putArray("experiment_ids").add(experiment);
    body.put("run_view_type", "ACTIVE_ONLY").put("max_results", OTHERS);
    JsonNode answer = post("runs/search", body);
    List<Run> runs = new ArrayList<>();
    answer.path("runs").forEach(run -> runs.add(run(run)));
    return runs;
  }

  private static Run run(JsonNode run) {
    JsonNode info = run.path("info");
    return new Run(
        info.path("run_id").asText(),
        info.path("artifact_uri").asText(),
        info.path("status").asText().equals("FINISHED"),
        pairs(run.path("data").path("params")),
        pairs(run.path("data").path("tags")));
  }

  Run create(String experiment, TrackedModel model, Map<String, String> tags) {
    ObjectNode body = JSON.createObjectNode().put("experiment_id", experiment);
    body.put("run_name", model.name()).put("start_time", model.started().toEpochMilli());
    pairs(body.putArray("tags"), tags);
    return run(post("runs/create", body).path("run"));
  }

  void finish(String run, TrackedModel model) {
    ObjectNode body = JSON.createObjectNode().put("run_id", run).put("status", "FINISHED");
    post("runs/update", body.put("end_time", model.ended().toEpochMilli()));
  }

  /** Takes a run out of the lists; MLflow keeps it until its own clean-up. */
  void deleteRun(String run) {
    post("runs/delete", JSON.createObjectNode().put("run_id", run));
  }

  void params(String run, Map<String, String> params) {
    for (Map<String, String> part : parts(params)) {
      ObjectNode body = JSON.createObjectNode().put("run_id", run);
      pairs(body.putArray("params"), part);
      post("runs/log-batch", body);
    }
  }

  void tags(String run, Map<String, String> tags) {
    for (Map<String, String> part : parts(tags)) {
      ObjectNode body = JSON.createObjectNode().put("run_id", run);
      pairs(body.putArray("tags"), part);
      post("runs/log-batch", body);
    }
  }

  void metrics(String run, List<TrackedMetric> metrics) {
    for (int from = 0; from < metrics.size(); from += METRICS) {
      ObjectNode body = JSON.createObjectNode().put("run_id", run);
      ArrayNode array = body.putArray("metrics");
      for (TrackedMetric metric : metrics.subList(from, Math.min(from + METRICS, metrics.size()))) {
        ObjectNode node = array.addObject().put("key", metric.key());
        if (Double.isFinite(metric.value())) {
          node.put("value", metric.value());
        } else {
          node.put("value", Double.toString(metric.value()));
        }
        node.put("timestamp", metric.found().toEpochMilli()).put("step", metric.step());
      }
      post("runs/log-batch", body);
    }
  }

  /** Sends a file to where the server's proxy keeps those of a run. */
  void upload(String folder, String file, byte[] content) {
    String path = PROXY + folder + "/" + file;
    server.expect(server.put(path, content), path);
  }

  /** A registered model, if there is one of the name. */
  Optional<Registered> registered(String name) {
    String path = API + "registered-models/get?name=" + encoded(name);
    Answer found = server.get(path);
    if (found.status() == 404) {
      return Optional.empty();
    }
    Map<String, String> aliases = new LinkedHashMap<>();
    server
        .expect(found, path)
        .path("registered_model")
        .path("aliases")
        .forEach(one -> aliases.put(one.path("alias").asText(), one.path("version").asText()));
    return Optional.of(new Registered(aliases));
  }

  /** Makes a registered model, unless somebody has made it in between. */
  void register(String name, String description) {
    ObjectNode body = JSON.createObjectNode().put("name", name).put("description", description);
    Answer made = server.post(API + "registered-models/create", body);
    if (!made.ok() && !made.fault().equals(EXISTS)) {
      throw server.refused(made, API + "registered-models/create");
    }
  }

  /** All versions of a registered model, in the order of their numbers. */
  List<Version> versions(String name) {
    List<Version> versions = new ArrayList<>();
    String token = "";
    do {
      String path =
          API
              + "model-versions/search?max_results="
              + PAGE
              + "&filter="
              + encoded("name='" + name + "'")
              + (token.isEmpty() ? "" : "&page_token=" + encoded(token));
      JsonNode page = server.expect(server.get(path), path);
      page.path("model_versions")
          .forEach(
              one ->
                  versions.add(
                      new Version(
                          one.path("version").asText(),
                          one.path("run_id").asText(),
                          pairs(one.path("tags")))));
      token = page.path("next_page_token").asText("");
    } while (!token.isEmpty());
    versions.sort(java.util.Comparator.comparingLong(one -> Long.parseLong(one.number())));
    return versions;
  }

  Version createVersion(String name, Run run, Map<String, String> tags, String description) {
    ObjectNode body = JSON.createObjectNode().put("name", name).put("run_id", run.id());
    body.put("source", "runs:/" + run.id() + "/model").put("description", description);
    pairs(body.putArray("tags"), tags);
    JsonNode made = post("model-versions/create", body).path("model_version");
    return new Version(made.path("version").asText(), run.id(), tags);
  }

  void tagVersion(String name, String number, String key, String value) {
    ObjectNode body = JSON.createObjectNode().put("name", name).put("version", number);
    post("model-versions/set-tag", body.put("key", key).put("value", value));
  }

  /** Deletes a version, unless somebody has in between. */
  void deleteVersion(String name, String number) {
    ObjectNode body = JSON.createObjectNode().put("name", name).put("version", number);
    String path = API + "model-versions/delete";
    Answer answer = server.send("DELETE", path, body);
    if (answer.status() != 404) {
      server.expect(answer, path);
    }
  }

  void alias(String name, String alias, String number) {
    ObjectNode body = JSON.createObjectNode().put("name", name).put("alias", alias);
    post("registered-models/alias", body.put("version", number));
  }

  private JsonNode post(String call, JsonNode body) {
    return server.expect(server.post(API + call, body), API + call);
  }

  private static List<Map<String, String>> parts(Map<String, String> all) {
    List<Map<String, String>> parts = new ArrayList<>();
    Map<String, String> part = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : all.entrySet()) {
      part.put(entry.getKey(), entry.getValue());
      if (part.size() == OTHERS) {
        parts.add(part);
        part = new LinkedHashMap<>();
      }
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }

  private static void pairs(ArrayNode array, Map<String, String> pairs) {
    pairs.forEach((key, value) -> array.addObject().put("key", key).put("value", value));
  }

  private static Map<String, String> pairs(JsonNode array) {
    Map<String, String> pairs = new LinkedHashMap<>();
    array.forEach(one -> pairs.put(one.path("key").asText(), one.path("value").asText()));
    return pairs;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
