package io.millrace.jobs.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.config.OpenLineageSpec;
import io.millrace.jobs.mirror.LineageEvents.Parent;
import java.util.Map;
import java.util.Optional;

/** Tells a receiver of OpenLineage events of runs, one after the other. */
public final class LineageMirror {

  private final JsonServer server;
  private final String path;
  private final LineageEvents events;

  /**
   * @param environment of the process: a key, and who called it
   */
  public LineageMirror(OpenLineageSpec spec, Map<String, String> environment, Patience patience) {
    Optional<Parent> parent = Parent.parse(environment.getOrDefault("OPENLINEAGE_PARENT_ID", ""));
    this.events = new LineageEvents(spec.namespace(), parent);
    this.path = "/" + spec.endpoint().replaceFirst("^/+", "");
    this.server =
        new JsonServer(
            "OpenLineage",
            spec.url(),
            Credentials.ofOpenLineage(environment),
            "OPENLINEAGE_API_KEY",
            patience);
  }

  /**
   * Tells of one run: how it began and how it ended.
   *
   * @throws io.millrace.UnavailableException where the receiver can't be reached or refuses
   */
  public void tell(FinishedRun run) {
    send(events.start(run));
    send(events.end(run));
  }

  private void send(JsonNode event) {
    server.expect(server.post(path, event), path);
  }
}
