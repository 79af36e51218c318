package io.millrace.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** What can be wrong with the servers that are told of what was done. */
final class TrackingCheck {

  private final Faults faults;
  private final KeyPath path;

  TrackingCheck(Faults faults, KeyPath path) {
    this.faults = faults;
    this.path = path;
  }

  void check(MlflowSpec mlflow) {
    server(
        mlflow.uri(),
        path.then("uri"),
        "MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD");
    mlflow
        .prefix()
        .filter(prefix -> !prefix.matches("[A-Za-z0-9._-]{1,50}"))
        .ifPresent(
            prefix ->
                faults.add(
                    path.then("prefix"),
                    "MLflow takes no such name; use letters, digits, dot, - and _, such as dev-"));
    mlflow
        .experiment()
        .filter(String::isBlank)
        .ifPresent(name -> faults.add(path.then("experiment"), "an empty name; take the key away"));
  }

  void check(OpenLineageSpec lineage) {
    server(lineage.url(), path.then("url"), "OPENLINEAGE_API_KEY");
    if (lineage.namespace().isBlank()) {
      faults.add(path.then("namespace"), "an empty name; take the key away");
    }
    if (!lineage.endpoint().matches("[\\w./-]+")) {
      faults.add(path.then("endpoint"), "no path; write it like api/v1/lineage");
    }
  }

  /** A URI that may hold a password is never repeated. */
  private void server(String text, KeyPath key, String credentials) {
    Optional<URI> uri = parsed(text);
    if (text.contains("@")) {
      faults.add(
          key,
          "holds a user or password, which files and logs would keep; take it out, credentials come"
              + " from the environment: "
              + credentials);
    } else if (uri.isEmpty()
        || uri.get().getHost() == null
        || !uri.get().getScheme().toLowerCase(Locale.ROOT).matches("https?")) {
      faults.add(key, "no URI of a server: " + text + "; write it like https://host:5000");
    } else if (uri.get().getRawQuery() != null || uri.get().getRawFragment() != null) {
      faults.add(key, "has a query or a fragment; leave out what follows ? or #");
    }
  }

  private static Optional<URI> parsed(String text) {
    try {
      URI uri = new URI(text);
      return Optional.of(uri).filter(URI::isAbsolute);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
