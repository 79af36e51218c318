package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.millrace.S3Server;
import io.millrace.UnavailableException;
import io.millrace.config.EnvSpec;
import io.millrace.config.MlflowSpec;
import io.millrace.table.SmallTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What MLflow's own server knows of a pipeline: all of it, once, and late rather than never. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MlflowTest {

  private static final LocalDate D3 = Shop.FIRST.plusDays(3);
  private static final LocalDate D5 = Shop.FIRST.plusDays(5);
  private static final Shop SHOP = new Shop().days(0, 6);

  private static MlflowServer server;
  private static String first;
  private static String second;

  /** Two models are trained before anybody has heard of MLflow. */
  @BeforeAll
  static void train() {
    server = new MlflowServer();
    Work opened = SHOP.open();
    try (Work work = new Work(opened.spec(), Shop.SPEC, opened.lake(), opened.console())) {
      first = new Chains(work).train(D3).version();
      second = new Chains(work).train(D5).version();
      assertThat(new Champions(work).at(D5)).contains(second);
    }
    place("up", server.uri());
    place("down", "http://127.0.0.1:" + S3Server.freePort());
    server.await();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static void place(String name, String uri) {
    Shop.write(SHOP.folder.resolve("conf/env/" + name + ".yaml"), "mlflow: {uri: " + uri + "}\n");
  }

  private static Mirrors mirrors(String uri, String prefix, Map<String, String> variables) {
    return mirrors(new MlflowSpec(uri, Optional.empty(), Optional.of(prefix)), variables);
  }

  private static Mirrors mirrors(MlflowSpec mlflow, Map<String, String> variables) {
    EnvSpec place =
        new EnvSpec(
            "lake",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Optional.of(mlflow),
            Optional.empty());
    Work work = SHOP.open();
    return new Mirrors(place, variables, work.lake(), work.console(), Instant.now());
  }

  private static int program(String place, String... command) {
    try (Program program =
        new Program(
            SHOP,
            Map.of(),
            List.of("--env", place, "--lake", SHOP.lakeFolder.toString()),
            command)) {
      int code = program.end();
      SHOP.said.writeBytes(program.said().getBytes(StandardCharsets.UTF_8));
      return code;
    }
  }

  @Test
  @Order(1)
  void whatWasTrainedBeforeIsToldByTheNextTraining() throws IOException {
    assertThat(program("up", "run", "shop.yaml", "--date", D3.toString())).as(SHOP.said()).isZero();

    Map<String, List<JsonNode>> runs = server.runs("shop");
    assertThat(runs.keySet()).containsExactlyInAnyOrder(first, second);
    assertThat(server.versions("shop")).hasSize(2);
    assertThat(server.alias("shop", "champion")).isEqualTo(second);
    for (String version : List.of(first, second)) {
      assertThat(runs.get(version)).hasSize(1);
      JsonNode run = runs.get(version).get(0);
      assertThat(run.at("/info/status").asText()).isEqualTo("FINISHED");
      assertParams(MlflowServer.pairs(run.at("/data/params")));
      assertTags(version, MlflowServer.pairs(run.at("/data/tags")));
      assertMetrics(version, MlflowServer.pairs(run.at("/data/metrics")));
      assertFiles(version, run.at("/info/run_id").asText());
    }
  }

  private static void assertParams(Map<String, String> params) {
    assertThat(params)
        .containsEntry("algorithm.kind", "xgboost")
        .containsEntry("algorithm.rounds", "10")
        .containsEntry("algorithm.learning-rate", "0.3")
        .containsEntry("algorithm.lambda", "1")
        .containsEntry("baseline.kind", "logistic")
        .containsEntry("split.test", "0.2")
        .containsEntry("workers", "2")
        .containsEntry("seed", "0")
        .containsKeys("date", "features_version", "rows_train");
  }

  private static void assertTags(String version, Map<String, String> tags) {
    assertThat(tags)
        .containsEntry("millrace.pipeline", "shop")
        .containsEntry("millrace.gates", "passed")
        .containsKeys("millrace.features_version", "millrace.code_version", "millrace.spec_hash");
    assertThat(tags.get("millrace.run_id")).hasSize(32).startsWith(version);
    assertThat(tags.get("millrace.inputs")).contains("\"features/shop\":", "\"labels/shop\":");
    assertThat(tags.get("millrace.model_uri"))
        .isEqualTo("file:" + SHOP.lakeFolder.resolve("models/shop/" + version));
  }

  /**
   * Each figure of the table, to the last bit; a slice whose name MLflow may not take is absent.
   */
  private static void assertMetrics(String version, Map<String, String> found) {
    Map<String, Double> expected = new TreeMap<>();
    Work work = SHOP.open();
    for (Map<String, Object> row :
        new SmallTable(work.lake(), ResultTables.metrics()).rows("shop")) {
      String metric = (String) row.get("metric");
      String value = (String) row.get("slice_value");
      boolean whole = row.get("slice_column").equals("");
      if (row.get("model_version").equals(version) && row.get("role").equals("challenger")) {
        if (whole) {
          expected.put(metric, (Double) row.get("value"));
        } else if (!value.equals("(null)")) {
          expected.put("slices/channel/" + value + "/" + metric, (Double) row.get("value"));
        }
      } else if (row.get("model_version").equals(version) && whole) {
        expected.put(row.get("role") + "/" + metric, (Double) row.get("value"));
      }
    }
    assertThat(expected)
        .containsKeys("auc", "baseline/auc", "slices/channel/web/auc", "value")
        .hasSizeGreaterThan(40);
    expected.forEach(
        (key, value) -> assertThat(Double.valueOf(found.get(key))).as(key).isEqualTo(value));
    found.keySet().removeAll(expected.keySet());
    assertThat(found.keySet()).isNotEmpty().allMatch(key -> key.matches(".*\\.(low|high)"));
  }

  private static void assertFiles(String version, String run) throws IOException {
    Path folder = SHOP.lakeFolder.resolve("models/shop/" + version);
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .toList();
    }
    assertThat(files).hasSizeGreaterThanOrEqualTo(5);
    for (Path file : files) {
      assertThat(server.artifact(run, "model/" + folder.relativize(file)))
          .as(file.toString())
          .isEqualTo(Files.readAllBytes(file));
    }
  }

  @Test
  @Order(2)
  void whatItKnowsIsNotToldAgain() {
    Map<String, List<JsonNode>> runs = server.runs("shop");
    List<JsonNode> versions = server.versions("shop");
    SHOP.said();

    mirrors(server.uri(), "", Map.of()).ofModels(SHOP.open());
    mirrors(server.uri(), "", Map.of()).now(List.of("shop"));

    assertThat(SHOP.said()).isEqualTo("shop: MLflow knows all\n");
    assertThat(server.runs("shop")).isEqualTo(runs);
    assertThat(server.versions("shop")).isEqualTo(versions);
  }

  @Test
  @Order(3)
  void aRollbackThatItMissedMovesTheAliasLater() {
    SHOP.said();
    String[] rollback = {"promote", "shop.yaml", "--to", first, "--date", D5.toString()};
    assertThat(program("down", rollback)).isZero();
    assertThat(SHOP.said().lines().filter(line -> line.contains("MLflow")))
        .singleElement()
        .asString()
        .startsWith("warning: MLflow at http://127.0.0.1:")
        .contains("can't be reached (ConnectException")
        .endsWith("a later command, or `millrace mirror shop`, tells the rest");
    assertThat(server.alias("shop", "champion")).isEqualTo(second);

    assertThat(program("down", "mirror", "shop")).isEqualTo(4);
    assertThat(SHOP.said()).startsWith("millrace: MLflow at http://127.0.0.1:");

    assertThat(program("up", "mirror")).isZero();
    assertThat(SHOP.said()).isEqualTo("shop: MLflow has " + first + " as champion now\n");
    assertThat(server.alias("shop", "champion")).isEqualTo(first);
    assertThat(server.versions("shop")).hasSize(2);
  }

  @Test
  @Order(4)
  void twoAtOnceLeaveOneOfEach() {
    Stream.of(1, 2, 3)
        .map(
            i ->
                CompletableFuture.runAsync(
                    () -> mirrors(server.uri(), "race-", Map.of()).ofModels(SHOP.open())))
        .toList()
        .forEach(CompletableFuture::join);
    // One of them may have been refused; whatever is missing is told by the next.
    mirrors(server.uri(), "race-", Map.of()).now(List.of("shop"));

    Map<String, List<JsonNode>> runs = server.runs("race-shop");
    assertThat(runs.keySet()).containsExactlyInAnyOrder(first, second);
    assertThat(runs.values()).allMatch(of -> of.size() == 1);
    assertThat(server.versions("race-shop"))
        .hasSize(2)
        .allMatch(
            version ->
                runs.values().stream()
                    .anyMatch(of -> of.get(0).at("/info/run_id").equals(version.path("run_id"))));
    assertThat(server.alias("race-shop", "champion")).isEqualTo(first);
  }

  @Test
  @Order(5)
  void aRefusalShowsNoCredential() throws IOException {
    ConcurrentLinkedQueue<String> shown = new ConcurrentLinkedQueue<>();
    HttpServer guard =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    guard.createContext(
        "/",
        exchange -> {
          String header = exchange.getRequestHeaders().getFirst("Authorization");
          shown.add(header);
          byte[] body =
              ("{\"message\": \"no such user: " + header + "\"}").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(401, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    guard.start();
    try {
      String uri = "http://127.0.0.1:" + guard.getAddress().getPort();
      Map<String, String> token = Map.of("MLFLOW_TRACKING_TOKEN", "hush-hush");
      Map<String, String> user =
          Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "hush-hush");
      SHOP.said();
      mirrors(uri, "", token).ofModels(SHOP.open());
      assertThat(SHOP.said())
          .startsWith("warning: MLflow at " + uri + ": answered 401 to ")
          .contains("no such user: Bearer ***", "set MLFLOW_TRACKING_TOKEN")
          .doesNotContain("hush-hush")
          .hasLineCount(1);
      assertThatThrownBy(() -> mirrors(uri, "", user).now(List.of("shop")))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("no such user: Basic ***");
      assertThat(shown).containsExactly("Bearer hush-hush", "Basic bWU6aHVzaC1odXNo");
    } finally {
      guard.stop(0);
    }
  }

  @Test
  @Order(6)
  void twoPlacesInOneExperimentHaveRunsOfTheirOwn() {
    for (String prefix : List.of("dev-", "prod-")) {
      Optional<String> experiment = Optional.of("all-models");
      mirrors(new MlflowSpec(server.uri(), experiment, Optional.of(prefix)), Map.of())
          .now(List.of("shop"));
    }
    assertThat(server.runs("all-models").get(first)).hasSize(2);
    assertThat(
            Stream.of("dev-shop", "prod-shop")
                .flatMap(name -> server.versions(name).stream())
                .map(version -> version.path("run_id").asText()))
        .hasSize(4)
        .doesNotHaveDuplicates();
  }

  /** As an erasure does with a model whose files hold the person. */
  @Test
  @Order(7)
  void aModelWhoseFilesAreGoneHindersNoOther() {
    FileUtils.deleteQuietly(SHOP.lakeFolder.resolve("models/shop/" + second).toFile());
    SHOP.said();

    mirrors(server.uri(), "gone-", Map.of()).now(List.of("shop"));

    assertThat(SHOP.said())
        .isEqualTo(
            """
            shop: MLflow was told of 1 model, has %s as champion now
            warning: models/shop/%s/manifest.json: is gone, so no server is told of that model
            """
                .formatted(first, second));
    assertThat(server.runs("gone-shop").keySet()).containsExactly(first);
    assertThat(server.alias("gone-shop", "champion")).isEqualTo(first);
  }
}
