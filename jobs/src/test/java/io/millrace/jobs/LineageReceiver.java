package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A receiver of OpenLineage events on this machine. It refuses what OpenLineage 2-0-2 doesn't allow
 * of a run event, and all else once it has taken as many events as it was told to.
 */
final class LineageReceiver implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> TYPES =
      Set.of("START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER");

  private final List<JsonNode> events = Collections.synchronizedList(new ArrayList<>());
  private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
  private final HttpServer server;
  private final AtomicInteger room = new AtomicInteger(Integer.MAX_VALUE);

  LineageReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/lineage", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Takes so many events more and refuses the rest. */
  void room(int more) {
    room.set(more);
  }

  /** What has come in since the last call. */
  List<JsonNode> events() {
    synchronized (events) {
      List<JsonNode> taken = List.copyOf(events);
      events.clear();
      return taken;
    }
  }

  /** The headers {@code Authorization} that were seen. */
  List<String> keys() {
    return keys;
  }

  private void take(HttpExchange exchange) throws IOException {
    int status = 201;
    String said = "";
    try {
      keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      JsonNode event = JSON.readTree(exchange.getRequestBody().readAllBytes());
      check(event);
      if (room.getAndDecrement() <= 0) {
        status = 503;
      } else {
        events.add(event);
      }
    } catch (RuntimeException e) {
      status = 400;
      said = "{\"message\": \"" + e.getMessage() + "\"}";
    }
    byte[] body = said.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void check(JsonNode event) {
    require(TYPES.contains(event.path("eventType").asText()), "eventType");
    Instant.parse(event.path("eventTime").asText());
    require(URI.create(event.path("producer").asText()).isAbsolute(), "producer");
    require(URI.create(event.path("schemaURL").asText()).isAbsolute(), "schemaURL");
    UUID.fromString(event.at("/run/runId").asText());
    facets(event.at("/run/facets"));
    named(event.path("job"));
    for (String side : List.of("inputs", "outputs")) {
      require(event.path(side).isArray(), side);
      event.path(side).forEach(LineageReceiver::named);
      event.path(side).forEach(dataset -> facets(dataset.path(side.replace("s", "Facets"))));
    }
  }

  private static void named(JsonNode node) {
    require(!node.path("namespace").asText().isEmpty(), "namespace");
    require(!node.path("name").asText().isEmpty(), "name");
    facets(node.path("facets"));
  }

  private static void facets(JsonNode facets) {
    for (JsonNode facet : facets) {
      require(URI.create(facet.path("_producer").asText()).isAbsolute(), "_producer");
      require(URI.create(facet.path("_schemaURL").asText()).isAbsolute(), "_schemaURL");
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("no " + what);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
