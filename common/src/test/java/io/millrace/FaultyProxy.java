package io.millrace;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Stands before an object store and does to requests what networks and stores do. */
public final class FaultyProxy implements AutoCloseable {

  private static final Set<String> OF_HOP =
      Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");

  /** What may happen to a request. */
  public enum Fault {
    /** The store does it; the answer is lost. */
    LOSE_ANSWER,
    /** The store isn't asked; another writer is in the middle of the same. */
    CONFLICT,
    /** The store isn't asked; it is busy. */
    BUSY,
    /** The store isn't asked; the connection breaks. */
    LOSE_REQUEST,
    /** The store is asked without its condition: one that knows no conditions. */
    FORGET_CONDITION
  }

  /** A request as faults are chosen by it. */
  public record Request(String method, String path, boolean conditional) {}

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger faults = new AtomicInteger();
  private final HttpServer server;
  private final String behind;
  private volatile Function<Request, Optional<Fault>> plan = request -> Optional.empty();

  /** Starts before the endpoint {@code behind}. */
  public FaultyProxy(String behind) {
    this.behind = behind;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Which fault each request meets from now on; the counter starts anew. */
  public void plan(Function<Request, Optional<Fault>> chosen) {
    faults.set(0);
    plan = chosen;
  }

  /** How many requests met a fault since the last plan. */
  public int faults() {
    return faults.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean conditional = exchange.getRequestHeaders().containsKey("If-None-Match");
      Request request =
          new Request(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), conditional);
      Optional<Fault> fault = plan.apply(request);
      fault.ifPresent(met -> faults.incrementAndGet());
      if (fault.isEmpty()) {
        answer(exchange, forwarded(exchange, body, true));
        return;
      }
      switch (fault.get()) {
        case LOSE_ANSWER -> forwarded(exchange, body, true);
        case LOSE_REQUEST -> {}
        case FORGET_CONDITION -> answer(exchange, forwarded(exchange, body, false));
        case CONFLICT -> error(exchange, 409, "ConditionalRequestConflict");
        case BUSY -> error(exchange, 503, "SlowDown");
      }
      // What wasn't answered ends here with a closed connection.
    }
  }

  private HttpResponse<byte[]> forwarded(HttpExchange exchange, byte[] body, boolean whole)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(behind + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (!OF_HOP.contains(lower) && (whole || !lower.equals("if-none-match"))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer)
      throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (!OF_HOP.contains(lower) || head && lower.equals("content-length")) {
                exchange.getResponseHeaders().put(name, List.copyOf(values));
              }
            });
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    byte[] body =
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
                .formatted(code, code))
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
