package io.millrace.table;

import io.millrace.SpecException;
import io.millrace.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What a lake on {@code s3a:} needs that one in a folder doesn't. */
public final class ObjectStore {

  private static final String SCHEME = "s3a";

  /**
   * Hadoop settings of a lake on {@code s3a:}. S3A's own try for minutes to reach a store that
   * isn't there; {@code spark:} of an environment may say otherwise, as {@code spark.hadoop.<key>}.
   */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "io.delta.kernel.logStore.s3a.impl", ConditionalPutLogStore.class.getName(),
          "fs.s3a.attempts.maximum", "3",
          "fs.s3a.retry.limit", "4",
          "fs.s3a.retry.interval", "300ms",
          "fs.s3a.retry.throttle.limit", "10",
          "fs.s3a.connection.establish.timeout", "15s",
          "fs.s3a.connection.request.timeout", "60s");

  /** For the first contact alone: whoever waits at a terminal has mistyped something. */
  private static final Map<String, String> FIRST_CONTACT =
      Map.of(
          "fs.s3a.attempts.maximum", "1",
          "fs.s3a.retry.limit", "1",
          "fs.s3a.retry.throttle.limit", "4");

  private ObjectStore() {}

  static boolean holds(Path root) {
    return SCHEME.equals(root.toUri().getScheme());
  }

  /**
   * Refuses what never was a lake's URI; secrets in it aren't repeated.
   *
   * @throws SpecException with the mend
   */
  static void check(String uri) {
    if (uri.matches("(?i)s3[an]?:/.*@.*")) {
      throw new SpecException(
          "the lake's URI holds a user or a key before @, and URIs end up in logs;"
              + " write s3a://BUCKET/FOLDER and give credentials in the environment");
    }
    if (uri.matches("(?i)s3n?:/.*")) {
      throw new SpecException(
          "lake %s: Hadoop calls it s3a; write s3a://%s"
              .formatted(uri, uri.replaceFirst("^[^:]*:/+", "")));
    }
    if (uri.startsWith(SCHEME + ":") && URI.create(uri.replace(' ', '_')).getHost() == null) {
      throw new SpecException("lake " + uri + ": names no bucket; write s3a://BUCKET/FOLDER");
    }
  }

  /**
   * Asks the store for the root, once, so that what is wrong is told at once and in one line.
   *
   * @throws UnavailableException where the bucket can't be read
   */
  static void reach(Path root, Configuration configuration) {
    Configuration hasty = new Configuration(configuration);
    FIRST_CONTACT.forEach(hasty::set);
    try (FileSystem files = FileSystem.newInstance(root.toUri(), hasty)) {
      files.getFileStatus(root);
    } catch (FileNotFoundException absent) {
      if (!absent.getClass().equals(FileNotFoundException.class)) {
        throw unavailable(root, configuration, absent);
      }
    } catch (IOException e) {
      throw unavailable(root, configuration, e);
    }
  }

  /**
   * Writes below the root and finds out whether the store keeps {@code If-None-Match: *}. One that
   * passes it over lets two commits win, which loses rows in silence.
   *
   * @throws SpecException where it does
   * @throws UnavailableException where the bucket can't be written to
   */
  static void requireConditionalWrites(FileSystem files, Path root) {
    Path probe = new Path(root, "._probe_" + UUID.randomUUID());
    boolean refused = false;
    try {
      ConditionalPutLogStore.writeIfAbsent(files, probe, "1".getBytes(StandardCharsets.UTF_8));
      try {
        ConditionalPutLogStore.writeIfAbsent(files, probe, "2".getBytes(StandardCharsets.UTF_8));
      } catch (FileAlreadyExistsException expected) {
        refused = true;
      }
      files.delete(probe, false);
    } catch (IOException e) {
      throw unavailable(root, files.getConf(), e);
    }
    if (!refused) {
      throw new SpecException(
          "lake %s: this store overwrites where it was told not to (a PUT's If-None-Match has no"
                  .formatted(root)
              + " effect),\nso two commits could both win and rows be lost; use a store that keeps it,"
              + " see docs/object-store.md");
    }
  }

  static UnavailableException unavailable(Path root, Configuration configuration, Throwable e) {
    String endpoint = configuration.getTrimmed("fs.s3a.endpoint", "");
    String at = endpoint.isEmpty() ? "AWS" : endpoint;
    return new UnavailableException(
        "lake %s: %s".formatted(root, explain(root.toUri().getHost(), at, e)), e);
  }

  private static String explain(String bucket, String endpoint, Throwable e) {
    if (has(e, "UnknownStoreException|NoSuchBucketException")) {
      return "there is no bucket %s at %s; make it, or name another".formatted(bucket, endpoint);
    } else if (has(
        e, "NoAuthWithAWSException|NoAwsCredentialsException|CredentialInitializationException")) {
      return "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the"
          + " environment, or give this machine a role";
    } else if (has(e, "AccessDeniedException")) {
      return "%s refuses us (%s); check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do with bucket %s"
          .formatted(endpoint, reason(e), bucket);
    } else if (has(e, "UnknownHostException")) {
      return "no such host: %s; check the endpoint".formatted(endpoint);
    }
    return "%s can't be reached (%s); check the endpoint and the network, or try again later"
        .formatted(endpoint, reason(e));
  }

  /** By name, for these classes are no dependency of ours. */
  private static boolean has(Throwable e, String types) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t.getClass().getSimpleName().matches(types)) {
        return true;
      }
    }
    return false;
  }

  /** The deepest text, which is the store's own or the network's, without its identifiers. */
  private static String reason(Throwable e) {
    String text = e.getClass().getSimpleName();
    for (Throwable t = e; t != null; t = t.getCause()) {
      text = Optional.ofNullable(t.getMessage()).filter(m -> !m.isBlank()).orElse(text);
    }
    return text.lines().findFirst().orElse("").replaceAll(" \\(Service: .*", "").strip();
  }
}
