package io.millrace.jobs.mirror;

import io.millrace.SpecException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How this process shows who it is; known from its environment and told to nobody else. */
public final class Credentials {

  private static final String MASK = "***";

  private final Optional<String> header;
  private final List<String> secrets;

  private Credentials(Optional<String> header, List<String> secrets) {
    this.header = header;
    this.secrets = secrets;
  }

  /**
   * The variables that MLflow's own clients read; a token wins over user and password.
   *
   * @throws SpecException where the token can't be one; it isn't repeated
   */
  public static Credentials ofMlflow(Map<String, String> environment) {
    String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
    String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
    String password = environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
    if (!token.isBlank()) {
      requireText("MLFLOW_TRACKING_TOKEN", token.strip());
      return new Credentials(Optional.of("Bearer " + token.strip()), List.of(token.strip()));
    }
    if (user.isBlank()) {
      return new Credentials(Optional.empty(), List.of());
    }
    String pair = user + ":" + password;
    String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    List<String> secrets = new ArrayList<>(List.of(encoded));
    if (!password.isBlank()) {
      secrets.add(password);
    }
    return new Credentials(Optional.of("Basic " + encoded), secrets);
  }

  /**
   * The variable that OpenLineage's own clients read.
   *
   * @throws SpecException where the key can't be one; it isn't repeated
   */
  public static Credentials ofOpenLineage(Map<String, String> environment) {
    String key = environment.getOrDefault("OPENLINEAGE_API_KEY", "").strip();
    requireText("OPENLINEAGE_API_KEY", key);
    return key.isEmpty()
        ? new Credentials(Optional.empty(), List.of())
        : new Credentials(Optional.of("Bearer " + key), List.of(key));
  }

  /** A header of HTTP carries ASCII without line breaks; who refuses others repeats the value. */
  private static void requireText(String variable, String value) {
    if (!value.matches("[ -~]*")) {
      throw new SpecException(
          variable
              + ": holds a character that no header of HTTP can carry, such as a line break within;"
              + " set it anew from where it came");
    }
  }

  /** The value of the header {@code Authorization}. */
  Optional<String> header() {
    return header;
  }

  /** A text of a server's without what it might have repeated. */
  String masked(String text) {
    String masked = text;
    for (String secret : secrets) {
      masked = masked.replace(secret, MASK);
    }
    return masked;
  }
}
