package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.UnavailableException;
import io.millrace.config.EnvSpec;
import io.millrace.config.OpenLineageSpec;
import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What a receiver of lineage hears of runs: each once, late rather than never, and failures. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OpenLineageTest {

  private static final LocalDate D2 = Shop.FIRST.plusDays(2);
  private static final UUID CALLER = UUID.fromString("01234567-89ab-7cde-8f01-23456789abcd");
  private static final Shop SHOP = new Shop().days(0, 3);

  private static LineageReceiver receiver;
  private static Instant afterIngest;

  @BeforeAll
  static void train() throws IOException {
    receiver = new LineageReceiver();
    try (Work work = SHOP.open()) {
      new IngestJob(work, D2).run();
    }
    afterIngest = Instant.now();
    try (Work work = SHOP.open()) {
      new Chains(work).train(D2);
    }
  }

  @AfterAll
  static void end() {
    receiver.close();
  }

  private static Mirrors mirrors(Map<String, String> variables) {
    EnvSpec place =
        new EnvSpec(
            "lake",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Optional.empty(),
            Optional.of(new OpenLineageSpec(receiver.url(), "api/v1/lineage", "night")));
    Work work = SHOP.open();
    return new Mirrors(place, variables, work.lake(), work.console(), afterIngest);
  }

  private static List<Map<String, Object>> runs() {
    return new RunLog(SHOP.open().lake()).rows("shop");
  }

  @Test
  @Order(1)
  void halfOfThemIsToldAndTheRestLater() {
    assertThat(runs()).hasSizeGreaterThan(5);
    receiver.room(5);
    SHOP.said();
    mirrors(Map.of()).ofRuns(SHOP.open());
    assertThat(SHOP.said())
        .startsWith(
            "warning: OpenLineage at " + receiver.url() + ": answered 503 to /api/v1/lineage; ")
        .hasLineCount(1);
    // The third run was begun and not ended, so it counts as not told.
    assertThat(receiver.events()).hasSize(5);
    assertThatThrownBy(() -> mirrors(Map.of()).now(List.of("shop")))
        .isInstanceOf(UnavailableException.class);

    receiver.room(Integer.MAX_VALUE);
    String caller = "airflow/shop_train.chain/" + CALLER;
    mirrors(Map.of("OPENLINEAGE_PARENT_ID", caller, "OPENLINEAGE_API_KEY", "hush"))
        .ofRuns(SHOP.open());
    assertThat(SHOP.said()).isEmpty();
    assertThat(receiver.keys()).contains("null", "Bearer hush");
    List<JsonNode> events = receiver.events();
    assertThat(events).hasSize(2 * (runs().size() - 2));
    for (JsonNode event : events) {
      boolean ingest = event.at("/job/name").asText().equals("shop.ingest");
      assertThat(event.at("/run/facets/parent/run/runId").asText())
          .isEqualTo(ingest ? "" : CALLER.toString());
      assertThat(event.at("/run/facets/parent/job/name").asText())
          .isEqualTo(ingest ? "" : "shop_train.chain");
    }

    mirrors(Map.of()).ofRuns(SHOP.open());
    mirrors(Map.of()).now(List.of("shop"));
    assertThat(receiver.events()).isEmpty();
    assertThat(SHOP.said()).isEqualTo("shop: OpenLineage knows all\n");
  }

  /** Another namespace has heard of nothing yet. */
  @Test
  @Order(2)
  void eachRunIsToldAsItStandsInTheTable() {
    EnvSpec place =
        new EnvSpec(
            "lake",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Optional.empty(),
            Optional.of(new OpenLineageSpec(receiver.url(), "api/v1/lineage", "day")));
    Work work = SHOP.open();
    new Mirrors(place, Map.of(), work.lake(), work.console(), afterIngest).now(List.of("shop"));

    List<JsonNode> events = receiver.events();
    List<Map<String, Object>> runs = runs();
    assertThat(events).hasSize(2 * runs.size());
    for (int i = 0; i < runs.size(); i++) {
      JsonNode start = events.get(2 * i);
      JsonNode end = events.get(2 * i + 1);
      Map<String, Object> run = runs.get(i);
      assertThat(start.path("eventType").asText()).isEqualTo("START");
      assertThat(end.path("eventType").asText()).isEqualTo("COMPLETE");
      assertThat(start.path("eventTime").asText()).isEqualTo(run.get("started_at").toString());
      assertThat(end.path("eventTime").asText()).isEqualTo(run.get("ended_at").toString());
      assertThat(end.at("/job/namespace").asText()).isEqualTo("day");
      assertThat(end.at("/job/name").asText()).isEqualTo("shop." + run.get("stage"));
      assertThat(end.at("/run/facets/nominalTime/nominalStartTime").asText())
          .isEqualTo(run.get("date") + "T00:00:00Z");
      assertThat(end.at("/run/facets/millrace_run/runId").asText()).isEqualTo(run.get("run_id"));
      assertThat(start.at("/run/runId")).isEqualTo(end.at("/run/runId"));
      assertThat(UUID.fromString(end.at("/run/runId").asText()).version()).isEqualTo(8);
      assertThat(end.at("/run/runId").asText().substring(0, 8))
          .isEqualTo(((String) run.get("run_id")).substring(0, 8));
      assertThat(versions(work.lake(), end.path("inputs"))).isEqualTo(expected(run.get("inputs")));
      assertThat(versions(work.lake(), end.path("outputs")))
          .isEqualTo(expected(run.get("outputs")));
      assertThat(start.path("outputs")).isEmpty();
    }
    assertThat(events)
        .filteredOn(event -> event.at("/job/name").asText().equals("shop.train"))
        .last()
        .satisfies(
            event ->
                assertThat(versions(work.lake(), event.path("inputs")))
                    .containsKeys("features/shop", "labels/shop"));
  }

  private static Map<String, String> versions(Lake lake, JsonNode datasets) {
    String root = lake.path("x").toUri().getPath().replaceFirst("x$", "");
    Map<String, String> versions = new TreeMap<>();
    for (JsonNode dataset : datasets) {
      String name = dataset.path("name").asText();
      if (name.contains(":")) {
        assertThat(name).matches("shop_(visits|sales):.*\\.csv");
        assertThat(dataset.path("namespace").asText()).isEqualTo("day");
        versions.put(name, "");
        continue;
      }
      assertThat(dataset.path("namespace").asText()).isEqualTo("file");
      assertThat(dataset.path("name").asText()).startsWith(root);
      versions.put(
          dataset.path("name").asText().substring(root.length()),
          dataset.at("/facets/version/datasetVersion").asText());
    }
    return versions;
  }

  private static Map<String, String> expected(Object references) {
    Map<String, String> versions = new TreeMap<>();
    for (Object reference : (List<?>) references) {
      Map<?, ?> one = (Map<?, ?>) reference;
      long version = (Long) one.get("version");
      versions.put((String) one.get("table"), version < 0 ? "" : Long.toString(version));
    }
    return versions;
  }

  @Test
  @Order(3)
  void aCommandThatEndsInAFaultSaysSo() {
    Shop.write(
        SHOP.folder.resolve("conf/env/night.yaml"),
        "open-lineage: {url: \"" + receiver.url() + "\", namespace: night}\n");
    String[] command = {"score", "shop.yaml", "--date", Shop.FIRST.toString()};
    try (Program program =
        new Program(
            SHOP,
            Map.of("OPENLINEAGE_PARENT_ID", "air/flow/shop.score/" + CALLER),
            List.of("--env", "night", "--lake", SHOP.lakeFolder.toString()),
            command)) {
      assertThat(program.end()).as(program::said).isEqualTo(10);
    }
    List<JsonNode> events = receiver.events();
    assertThat(events)
        .extracting(event -> event.path("eventType").asText())
        .containsExactly("START", "FAIL");
    JsonNode fail = events.get(1);
    assertThat(fail.at("/job/name").asText()).isEqualTo("shop.score");
    assertThat(fail.at("/run/facets/errorMessage/message").asText())
        .contains("no model is in force");
    assertThat(fail.at("/run/facets/parent/job/namespace").asText()).isEqualTo("air/flow");
  }
}
