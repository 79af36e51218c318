package io.millrace.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run, as it stands in the {@code runs} table and, whole, in the {@code userMetadata} of the
 * commit that it made.
 *
 * @param files what an ingest took in; stands in the commit and in the table {@code files}
 */
public record RunRow(
    String runId,
    String pipeline,
    String stage,
    LocalDate date,
    String status,
    Instant startedAt,
    Instant endedAt,
    String specHash,
    String codeVersion,
    List<TableVersion> inputs,
    List<TableVersion> outputs,
    long rowsIn,
    long rowsOut,
    long rowsQuarantined,
    String message,
    List<SourceFileEntry> files) {

  private static final ObjectMapper JSON = new ObjectMapper();

  public RunRow {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    files = List.copyOf(files);
  }

  /** This run with what its commit found. */
  public RunRow finished(List<TableVersion> outputs, long rowsOut) {
    return ended(status, endedAt, outputs, rowsOut, message);
  }

  /** This run as one that ended before it had done its work. */
  public RunRow stopped(List<TableVersion> outputs, long rowsOut, String why) {
    return ended("stopped", endedAt, outputs, rowsOut, why);
  }

  /** This run with a word of why it did so. */
  public RunRow saying(String why) {
    return ended(status, endedAt, outputs, rowsOut, why);
  }

  /** This run when its files are written and its commit is about to be: ended now. */
  RunRow written(long rows) {
    return ended(status, Instant.now(), outputs, rows, message);
  }

  private RunRow ended(
      String how, Instant when, List<TableVersion> written, long rows, String said) {
    return new RunRow(
        runId,
        pipeline,
        stage,
        date,
        how,
        startedAt,
        when,
        specHash,
        codeVersion,
        inputs,
        written,
        rowsIn,
        rows,
        rowsQuarantined,
        said,
        files);
  }

  /** The row by column of the {@code runs} table. */
  Map<String, Object> row() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", runId);
    row.put("pipeline", pipeline);
    row.put("stage", stage);
    row.put("date", date);
    row.put("status", status);
    row.put("started_at", startedAt);
    row.put("ended_at", endedAt);
    row.put("spec_hash", specHash);
    row.put("code_version", codeVersion);
    row.put("inputs", inputs.stream().map(RunRow::reference).toList());
    row.put("outputs", outputs.stream().map(RunRow::reference).toList());
    row.put("rows_in", rowsIn);
    row.put("rows_out", rowsOut);
    row.put("rows_quarantined", rowsQuarantined);
    row.put("message", message);
    return row;
  }

  private static Map<String, Object> reference(TableVersion version) {
    return Map.of("table", version.table(), "version", version.version());
  }

  /** The text that goes into a commit. */
  static String json(List<RunRow> runs) {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode array = node.putArray("millrace-runs");
    runs.forEach(run -> run.into(array.addObject()));
    return node.toString();
  }

  private void into(ObjectNode run) {
    run.put("run_id", runId).put("pipeline", pipeline).put("stage", stage);
    run.put("date", date.toString()).put("status", status);
    run.put("started_at", startedAt.toString()).put("ended_at", endedAt.toString());
    run.put("spec_hash", specHash).put("code_version", codeVersion);
    references(run.putArray("inputs"), inputs);
    references(run.putArray("outputs"), outputs);
    run.put("rows_in", rowsIn).put("rows_out", rowsOut);
    run.put("rows_quarantined", rowsQuarantined).put("message", message);
    if (!files.isEmpty()) {
      ArrayNode array = run.putArray("files");
      files.forEach(file -> file.into(array.addObject()));
    }
  }

  private static void references(ArrayNode array, List<TableVersion> versions) {
    versions.forEach(v -> array.addObject().put("table", v.table()).put("version", v.version()));
  }

  /** The runs that a commit's text tells; none where it isn't one of ours. */
  static List<RunRow> parse(String userMetadata) {
    try {
      List<RunRow> runs = new ArrayList<>();
      JSON.readTree(userMetadata).path("millrace-runs").forEach(run -> runs.add(parse(run)));
      return runs;
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  private static RunRow parse(JsonNode run) {
    return new RunRow(
        run.path("run_id").asText(),
        run.path("pipeline").asText(),
        run.path("stage").asText(),
        LocalDate.parse(run.path("date").asText()),
        run.path("status").asText(),
        Instant.parse(run.path("started_at").asText()),
        Instant.parse(run.path("ended_at").asText()),
        run.path("spec_hash").asText(),
        run.path("code_version").asText(),
        references(run.path("inputs")),
        references(run.path("outputs")),
        run.path("rows_in").asLong(),
        run.path("rows_out").asLong(),
        run.path("rows_quarantined").asLong(),
        run.path("message").asText(),
        SourceFileEntry.list(run.path("files")));
  }

  private static List<TableVersion> references(JsonNode array) {
    List<TableVersion> versions = new ArrayList<>();
    array.forEach(
        v -> versions.add(new TableVersion(v.path("table").asText(), v.path("version").asLong())));
    return versions;
  }
}
