package io.millrace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An object store on this machine: moto's server in memory, on a free port of the loopback, ended
 * with {@link #close}. It takes every key and secret.
 */
public final class S3Server implements AutoCloseable {

  /** The key and the secret that tests give; the secret is looked for where it must not be. */
  public static final String KEY = "AKIAMILLRACETEST";

  public static final String SECRET = "sUp3rs3cr3tOfMillraceTests";

  private static final int TRIES = 600;
  private static final int FIRST_PORT = 15_000;
  private static final int LAST_PORT = 32_000;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String endpoint;

  /** Starts it and waits until it answers. */
  public S3Server() {
    int port = freePort();
    this.endpoint = "http://127.0.0.1:" + port;
    Path log = TestSpark.temporary("moto").resolve("moto.log");
    try {
      this.process =
          new ProcessBuilder(
                  PythonVenv.of("s3").resolve("bin/moto_server").toString(),
                  "-H",
                  "127.0.0.1",
                  "-p",
                  Integer.toString(port))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      await(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await(Path log) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      try {
        send("GET", "/moto-api/data.json");
        return;
      } catch (IOException notYet) {
        if (!process.isAlive()) {
          break;
        }
        pause();
      }
    }
    throw new IllegalStateException("moto doesn't answer: " + Files.readString(log));
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A port that nobody listens to, below those that systems give to whoever asks for any: a server
   * takes seconds until it binds its port, and a connection could have it by then.
   */
  public static int freePort() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
    throw new IllegalStateException("no port is free");
  }

  /** Such as {@code http://127.0.0.1:40123}. */
  public String endpoint() {
    return endpoint;
  }

  /** Makes a bucket of a name that no other has: S3A keeps its clients by bucket. */
  public String bucket() {
    String name = "b" + UUID.randomUUID().toString().replace("-", "");
    try {
      send("PUT", "/" + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return name;
  }

  private void send(String method, String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new IllegalStateException(method + " " + path + ": " + status);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Hadoop settings to reach an endpoint without a look at the environment. */
  public static Map<String, String> settings(String endpoint) {
    return new TreeMap<>(
        Map.of(
            "fs.s3a.endpoint", endpoint,
            "fs.s3a.endpoint.region", "us-east-1",
            "fs.s3a.path.style.access", "true",
            "fs.s3a.access.key", KEY,
            "fs.s3a.secret.key", SECRET));
  }

  @Override
  public void close() {
    process.destroy();
  }
}
