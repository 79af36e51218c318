package io.millrace.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.SpecException;
import io.millrace.Stage;
import io.millrace.jobs.PipelinePlan.Chain;
import io.millrace.jobs.PlanStep.Amount;
import io.millrace.jobs.PlanStep.Slice;
import io.millrace.jobs.PlanStep.Then;
import io.millrace.table.TableVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Plans as JSON: for machines, and as the file that {@code run --plan} does. */
final class PlanJson {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "millrace-plan";

  private PlanJson() {}

  /** All of a plan but its steps. */
  static Map<String, Object> head(PipelinePlan plan) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("pipeline", plan.pipeline());
    head.put("chain", plan.chain().word());
    head.put("dates", plan.dates().stream().map(LocalDate::toString).toList());
    head.put("spec_hash", plan.specHash());
    plan.counts().forEach((would, count) -> head.put(would.word(), count));
    head.put("tables", plan.tables());
    head.put("pages", plan.pages());
    head.put("pins", plan.pins());
    return head;
  }

  static Map<String, Object> step(PlanStep step) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("date", step.date().toString());
    fields.put("stage", step.stage().word());
    fields.put("would", step.would().word());
    fields.put("because", step.because());
    fields.put("slices", step.slices().stream().map(PlanJson::slice).toList());
    fields.put("inputs", step.inputs().stream().map(PlanJson::version).toList());
    fields.put("reads", amount(step.reads()));
    fields.put("replaces", amount(step.replaces()));
    fields.put("gates", step.gates());
    fields.put("follows", step.follows());
    fields.put("then", step.then().name().toLowerCase(Locale.ROOT));
    fields.put("open", step.open());
    return fields;
  }

  private static Map<String, Object> slice(Slice slice) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("date", slice.date().toString());
    fields.put("held", List.copyOf(new TreeSet<>(slice.held())));
    fields.put("made_of", slice.madeOf().stream().map(PlanJson::version).toList());
    fields.put("run_id", slice.runId());
    return fields;
  }

  private static Map<String, Object> version(TableVersion version) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("table", version.table());
    fields.put("version", version.version());
    return fields;
  }

  private static Map<String, Object> amount(Amount amount) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("rows", amount.rows());
    fields.put("bytes", amount.bytes());
    return fields;
  }

  /** Writes a plan as a file. */
  static void write(PipelinePlan plan, Path file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(FORMAT, 1);
    fields.putAll(head(plan));
    fields.put("steps", plan.steps().stream().map(PlanJson::step).toList());
    try {
      Files.writeString(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fields) + "\n");
    } catch (IOException e) {
      throw new SpecException(
          "--out: %s can't be written (%s); name a file in a folder that is there"
              .formatted(file, e),
          e);
    }
  }

  /**
   * Reads a file that {@code plan --out} wrote.
   *
   * @throws SpecException where it is none
   */
  static PipelinePlan read(Path file) {
    try {
      JsonNode node = JSON.readTree(Files.readString(file));
      if (node.path(FORMAT).asInt() != 1) {
        throw none(file, null);
      }
      return plan(node);
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
      throw none(file, e);
    } catch (IOException e) {
      throw new SpecException(
          "--plan: %s can't be read (%s); name a file of `millrace plan PIPELINE --out FILE`"
              .formatted(file, e),
          e);
    }
  }

  private static SpecException none(Path file, Exception cause) {
    return new SpecException(
        "--plan: %s is no plan of this version; make one: millrace plan PIPELINE --out FILE"
            .formatted(file),
        cause);
  }

  private static PipelinePlan plan(JsonNode node) {
    Map<String, Long> tables = new TreeMap<>();
    node.path("tables")
        .fields()
        .forEachRemaining(table -> tables.put(table.getKey(), table.getValue().asLong()));
    List<PlanStep> steps = new ArrayList<>();
    node.path("steps").forEach(step -> steps.add(step(step)));
    List<LocalDate> dates = new ArrayList<>();
    texts(node.path("dates")).forEach(date -> dates.add(LocalDate.parse(date)));
    if (dates.isEmpty()) {
      throw new IllegalArgumentException("no dates");
    }
    return new PipelinePlan(
        node.path("pipeline").asText(),
        Chain.of(node.path("chain").asText()),
        dates,
        node.path("spec_hash").asText(),
        tables,
        steps,
        texts(node.path("pages")),
        texts(node.path("pins")));
  }

  private static PlanStep step(JsonNode node) {
    List<Slice> slices = new ArrayList<>();
    for (JsonNode slice : node.path("slices")) {
      slices.add(
          new Slice(
              LocalDate.parse(slice.path("date").asText()),
              new TreeSet<>(texts(slice.path("held"))),
              versions(slice.path("made_of")),
              slice.path("run_id").asText()));
    }
    return new PlanStep(
        LocalDate.parse(node.path("date").asText()),
        Stage.valueOf(node.path("stage").asText().toUpperCase(Locale.ROOT)),
        Would.of(node.path("would").asText()),
        node.path("because").asText(),
        slices,
        versions(node.path("inputs")),
        amount(node.path("reads")),
        amount(node.path("replaces")),
        texts(node.path("gates")),
        texts(node.path("follows")),
        Then.valueOf(node.path("then").asText().toUpperCase(Locale.ROOT)),
        node.path("open").asBoolean());
  }

  private static Amount amount(JsonNode node) {
    return new Amount(node.path("rows").asLong(), node.path("bytes").asLong());
  }

  private static List<TableVersion> versions(JsonNode array) {
    List<TableVersion> versions = new ArrayList<>();
    array.forEach(
        v -> versions.add(new TableVersion(v.path("table").asText(), v.path("version").asLong())));
    return versions;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
