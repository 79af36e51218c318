package io.millrace.jobs.mirror;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.jobs.mirror.FinishedRun.Dataset;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/**
 * Runs as events of OpenLineage 2-0-2.
 *
 * @see <a href="https://openlineage.io/spec/2-0-2/OpenLineage.json">the schema of events</a>
 */
final class LineageEvents {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SPEC = "https://openlineage.io/spec/";
  private static final String EVENTS = SPEC + "2-0-2/OpenLineage.json#/$defs/";

  private final String namespace;
  private final Optional<Parent> parent;

  LineageEvents(String namespace, Optional<Parent> parent) {
    this.namespace = namespace;
    this.parent = parent;
  }

  /** The job that called this process. */
  record Parent(String namespace, String job, UUID run) {

    /** {@code namespace/job/run}, as Airflow's {@code lineage_parent_id} gives it. */
    static Optional<Parent> parse(String text) {
      String[] parts = text.split("/");
      int last = parts.length - 1;
      if (last < 2 || !parts[last].matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
        return Optional.empty();
      }
      String above = text.substring(0, text.length() - parts[last].length() - 1);
      int slash = above.lastIndexOf('/');
      return Optional.of(
          new Parent(
              above.substring(0, slash), above.substring(slash + 1), UUID.fromString(parts[last])));
    }
  }

  /** How a run begins. */
  ObjectNode start(FinishedRun run) {
    return event(run, "START", run.started());
  }

  /** How it ended. */
  ObjectNode end(FinishedRun run) {
    return event(run, run.failure().isPresent() ? "FAIL" : "COMPLETE", run.ended());
  }

  private ObjectNode event(FinishedRun run, String type, Instant time) {
    ObjectNode event = JSON.createObjectNode().put("eventType", type);
    event.put("eventTime", time.toString()).put("producer", producer(run));
    event.put("schemaURL", EVENTS + "RunEvent");
    ObjectNode of = event.putObject("run").put("runId", uuid(run.runId()).toString());
    runFacets(run, type, of.putObject("facets"));
    ObjectNode job = event.putObject("job").put("namespace", namespace);
    job.put("name", run.pipeline() + "." + run.stage());
    facet(
            job.putObject("facets"),
            run,
            "jobType",
            "2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet")
        .put("processingType", "BATCH")
        .put("integration", "MILLRACE")
        .put("jobType", "JOB");
    ArrayNode inputs = event.putArray("inputs");
    run.inputs().forEach(input -> dataset(inputs.addObject(), run, input));
    ArrayNode outputs = event.putArray("outputs");
    if (!type.equals("START")) {
      run.outputs().forEach(output -> dataset(outputs.addObject(), run, output));
      if (outputs.size() == 1 && run.failure().isEmpty()) {
        statistics((ObjectNode) outputs.get(0), run);
      }
    }
    return event;
  }

  private void runFacets(FinishedRun run, String type, ObjectNode facets) {
    facet(facets, run, "nominalTime", "1-0-1/NominalTimeRunFacet.json#/$defs/NominalTimeRunFacet")
        .put("nominalStartTime", run.date().atStartOfDay(ZoneOffset.UTC).toInstant().toString());
    ObjectNode ours = facets.putObject("millrace_run").put("_producer", producer(run));
    ours.put("_schemaURL", EVENTS + "RunFacet").put("runId", run.runId());
    ours.put("codeVersion", run.codeVersion()).put("specHash", run.specHash());
    if (type.equals("FAIL")) {
      facet(
              facets,
              run,
              "errorMessage",
              "1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet")
          .put("message", run.failure().orElse(""))
          .put("programmingLanguage", "JAVA");
    }
    parent
        .filter(caller -> run.ofThisProcess())
        .ifPresent(
            caller -> {
              ObjectNode facet =
                  facet(facets, run, "parent", "1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet");
              facet.putObject("run").put("runId", caller.run().toString());
              facet.putObject("job").put("namespace", caller.namespace()).put("name", caller.job());
            });
  }

  private static ObjectNode facet(ObjectNode facets, FinishedRun run, String name, String schema) {
    ObjectNode facet = facets.putObject(name).put("_producer", producer(run));
    return facet.put("_schemaURL", SPEC + "facets/" + schema);
  }

  private void dataset(ObjectNode node, FinishedRun run, Dataset dataset) {
    ObjectNode facets = JSON.createObjectNode();
    if (dataset.place().isPresent()) {
      URI place = dataset.place().get();
      node.put("namespace", space(place)).put("name", name(place));
      facet(
              facets,
              run,
              "dataSource",
              "1-0-1/DatasourceDatasetFacet.json#/$defs/DatasourceDatasetFacet")
          .put("name", space(place))
          .put("uri", place.toString());
    } else {
      node.put("namespace", namespace).put("name", dataset.name());
    }
    node.set("facets", facets);
    if (dataset.version() >= 0) {
      facet(
              facets,
              run,
              "version",
              "1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet")
          .put("datasetVersion", Long.toString(dataset.version()));
    }
  }

  private static void statistics(ObjectNode output, FinishedRun run) {
    facet(
            output.putObject("outputFacets"),
            run,
            "outputStatistics",
            "1-0-2/OutputStatisticsOutputDatasetFacet.json"
                + "#/$defs/OutputStatisticsOutputDatasetFacet")
        .put("rowCount", run.rowsOut());
  }

  /** As OpenLineage names places, so that others' events meet ours at the same table. */
  private static String space(URI place) {
    String scheme = place.getScheme().matches("s3[an]?") ? "s3" : place.getScheme();
    return place.getAuthority() == null ? scheme : scheme + "://" + place.getAuthority();
  }

  private static String name(URI place) {
    return place.getScheme().matches("s3[an]?|gs")
        ? place.getPath().replaceFirst("^/+", "")
        : place.getPath();
  }

  private static String producer(FinishedRun run) {
    return "urn:millrace:" + run.codeVersion().replaceAll("[^A-Za-z0-9.-]", "-");
  }

  /** The run's id as it is, but for the six bits that say that it is a UUID of version 8. */
  static UUID uuid(String runId) {
    long high = Long.parseUnsignedLong(runId.substring(0, 16), 16);
    long low = Long.parseUnsignedLong(runId.substring(16, 32), 16);
    return new UUID(
        high & 0xFFFFFFFFFFFF0FFFL | 0x8000L, low & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L);
  }
}
