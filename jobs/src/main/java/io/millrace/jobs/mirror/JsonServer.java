package io.millrace.jobs.mirror;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.UnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A server that speaks JSON over HTTP. Whatever goes wrong is told in one line that names the
 * server and holds no credential. Redirects are not followed: credentials are for this server.
 */
final class JsonServer {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final int LONGEST = 200;

  private final HttpClient client;
  private final String name;
  private final String root;
  private final Credentials credentials;
  private final String variables;
  private final Patience patience;

  /**
   * @param name what it is, such as {@code MLflow}
   * @param root its URI
   * @param variables of the environment that hold its credentials, for the mend of a refusal
   */
  JsonServer(
      String name, String root, Credentials credentials, String variables, Patience patience) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.name = name;
    this.root = root.replaceFirst("/+$", "");
    this.credentials = credentials;
    this.variables = variables;
    this.patience = patience;
  }

  /** An answer: its status, and its body where that is JSON. */
  record Answer(int status, JsonNode body) {
    boolean ok() {
      return status / 100 == 2;
    }

    /** What the server calls the fault; empty where it doesn't say. */
    String fault() {
      return body.path("error_code").asText("");
    }
  }

  /** Asks, whatever the answer may be. */
  Answer get(String path) {
    return send(request(path).GET());
  }

  /** Tells, whatever the answer may be. */
  Answer post(String path, JsonNode body) {
    return send(json(path).POST(BodyPublishers.ofString(body.toString())));
  }

  /** Tells, by another method. */
  Answer send(String method, String path, JsonNode body) {
    return send(json(path).method(method, BodyPublishers.ofString(body.toString())));
  }

  /** Sends a file. */
  Answer put(String path, byte[] content) {
    return send(
        request(path)
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(content)));
  }

  /** The body of an answer that has to be good. */
  JsonNode expect(Answer answer, String path) {
    if (answer.ok()) {
      return answer.body();
    }
    throw refused(answer, path);
  }

  /** An answer that refuses what was asked. */
  UnavailableException refused(Answer answer, String path) {
    int status = answer.status();
    String said = answer.body().path("message").asText("").lines().findFirst().orElse("").strip();
    String shown = said.length() > LONGEST ? said.substring(0, LONGEST) + " …" : said;
    String mend =
        switch (status) {
          case 401, 403 -> "; set " + variables;
          case 301, 302, 303, 307, 308 -> "; it redirects, name the place it redirects to";
          default -> "";
        };
    String tail = shown.isEmpty() ? "" : ": " + shown;
    return new UnavailableException(
        credentials.masked(
            name + " at " + root + ": answered " + status + " to " + path(path) + tail + mend));
  }

  private static String path(String path) {
    return path.replaceFirst("\\?.*", "");
  }

  private HttpRequest.Builder json(String path) {
    return request(path).header("Content-Type", "application/json; charset=utf-8");
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = authorized(path);
    Duration left = patience.left();
    if (left.isNegative() || left.isZero()) {
      throw new UnavailableException(
          name
              + " at "
              + root
              + ": not all was told within "
              + patience.inAll().toSeconds()
              + " s");
    }
    return request.timeout(left);
  }

  private HttpRequest.Builder authorized(String path) {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
      credentials.header().ifPresent(value -> request.header("Authorization", value));
      return request;
    } catch (IllegalArgumentException e) {
      throw failed("can't be asked", e);
    }
  }

  /** What the client throws may repeat a header: then it is told masked, and kept nowhere. */
  private UnavailableException failed(String what, Exception e) {
    String why = e.getMessage() == null ? "" : ": " + e.getMessage();
    String message =
        "%s at %s: %s (%s%s)".formatted(name, root, what, e.getClass().getSimpleName(), why);
    String masked = credentials.masked(message);
    return masked.equals(message)
        ? new UnavailableException(message, e)
        : new UnavailableException(masked);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), parsed(response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException(name + " at " + root + ": interrupted", e);
    } catch (IOException | RuntimeException e) {
      throw failed("can't be reached", e);
    }
  }

  /** A page of a proxy is no JSON, and says nothing that we could use. */
  private static JsonNode parsed(byte[] body) {
    try {
      return JSON.readTree(new String(body, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
