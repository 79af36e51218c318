package io.millrace.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.SpecException;
import io.millrace.UnavailableException;
import io.millrace.config.ConfFolder;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.ingest.ColumnTypes;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.cli.Refused;
import io.millrace.jobs.console.Console;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Lists refused rows, writes them to a file, and takes mended ones in. */
final class QuarantineVerb {

  private static final ObjectMapper JSON = new ObjectMapper();

  private QuarantineVerb() {}

  static int run(Refused asked, Console console) {
    try (Places.Opened opened = Places.open(asked.place(), console)) {
      if (asked.retry().isPresent()) {
        return retry(asked, opened, console);
      }
      Optional<PinnedTable> table = opened.lake().latest("quarantine/" + asked.source());
      if (table.isEmpty() && opened.lake().latest("raw/" + asked.source()).isEmpty()) {
        throw SuggestVerb.unknown(asked.source(), opened.lake());
      }
      List<Map<String, Object>> rows =
          table.map(refused -> open(refused, asked, opened)).orElse(List.of());
      if (asked.export().isPresent()) {
        export(asked, opened, rows);
        console.info(
            "%s: %,d rows; mend them there, then `millrace quarantine %s --retry %s --date DATE`"
                .formatted(
                    asked.export().get(),
                    byRow(rows).size(),
                    asked.source(),
                    asked.export().get()));
        return 0;
      }
      list(asked, rows, console);
      return 0;
    }
  }

  /** Refused rows but those that a mended one has taken the place of. */
  private static List<Map<String, Object>> open(
      PinnedTable table, Refused asked, Places.Opened opened) {
    Optional<PinnedTable> raw = opened.lake().latest("raw/" + asked.source());
    return RefusedRows.of(table, raw).open().stream()
        .sorted(
            Comparator.comparing(
                    (Map<String, Object> row) -> row.get(RawColumns.INGESTED).toString())
                .thenComparing(row -> (String) row.get(RawColumns.ROW_ID))
                .thenComparing(RefusedRows::slice)
                .thenComparing(row -> (String) row.get("rule"))
                .thenComparing(row -> String.valueOf(row.get("column"))))
        .toList();
  }

  private static void list(Refused asked, List<Map<String, Object>> rows, Console console) {
    Map<String, List<Map<String, Object>>> byRule = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      String column = String.valueOf(row.get("column"));
      String rule = column.isEmpty() ? "" + row.get("rule") : row.get("rule") + "(" + column + ")";
      byRule.computeIfAbsent(rule, any -> new ArrayList<>()).add(row);
    }
    List<List<Object>> cells = new ArrayList<>();
    byRule.forEach(
        (rule, of) ->
            of.stream()
                .limit(asked.limit())
                .forEach(
                    row ->
                        cells.add(
                            List.of(
                                rule,
                                of.size(),
                                row.get(RawColumns.INGESTED),
                                String.valueOf(row.get("reason")),
                                String.valueOf(row.get("row")),
                                row.get(RawColumns.ROW_ID)))));
    if (cells.isEmpty()) {
      console.info("quarantine/" + asked.source() + ": no row is refused");
      return;
    }
    console.table(List.of("rule", "rows", "ingested", "reason", "row", "row_id"), cells);
    console.info(
        "%,d rows broke %d rules; all of them: millrace quarantine %s --export FILE"
            .formatted(byRow(rows).size(), byRule.size(), asked.source()));
  }

  /** By row and slice, all that was refused of it. */
  private static Map<List<String>, List<Map<String, Object>>> byRow(
      List<Map<String, Object>> rows) {
    Map<List<String>, List<Map<String, Object>>> byRow = new LinkedHashMap<>();
    rows.forEach(
        row ->
            byRow
                .computeIfAbsent(
                    List.of((String) row.get(RawColumns.ROW_ID), RefusedRows.slice(row)),
                    id -> new ArrayList<>())
                .add(row));
    return byRow;
  }

  private static void export(Refused asked, Places.Opened opened, List<Map<String, Object>> rows) {
    List<String> columns =
        opened
            .lake()
            .latest("raw/" + asked.source())
            .map(raw -> ColumnTypes.of(raw.schema()).names())
            .orElseThrow(() -> SuggestVerb.unknown(asked.source(), opened.lake()));
    Path file = asked.export().orElseThrow();
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      List<String> header =
          new ArrayList<>(
              List.of(RefusedRows.ROW_ID, RefusedRows.SLICE, "reasons", "refused_text"));
      header.addAll(columns);
      out.write(line(header));
      for (Map.Entry<List<String>, List<Map<String, Object>>> row : byRow(rows).entrySet()) {
        out.write(line(cells(row.getKey(), row.getValue(), columns)));
      }
    } catch (IOException e) {
      throw new UnavailableException(
          file + ": can't be written: " + e.getMessage() + "; give --export a folder of yours", e);
    }
  }

  /** A row that was read has its values in columns; one that wasn't, its text. */
  private static List<String> cells(
      List<String> id, List<Map<String, Object>> refused, List<String> columns) {
    List<String> reasons = refused.stream().map(row -> String.valueOf(row.get("reason"))).toList();
    String text = String.valueOf(refused.get(0).get("row"));
    Optional<JsonNode> values = json(text);
    List<String> cells = new ArrayList<>(id);
    cells.addAll(List.of(String.join("; ", reasons), values.isPresent() ? "" : text));
    for (String column : columns) {
      cells.add(values.map(v -> v.path(column).asText("")).orElse(""));
    }
    return cells;
  }

  private static Optional<JsonNode> json(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return node != null && node.isObject() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String line(List<String> cells) {
    List<String> quoted = new ArrayList<>();
    cells.forEach(cell -> quoted.add(quoted(cell)));
    return String.join(",", quoted) + "\n";
  }

  private static String quoted(String cell) {
    return cell.matches("(?s).*[\",\\r\\n].*") || cell.startsWith(" ") || cell.endsWith(" ")
        ? '"' + cell.replace("\"", "\"\"") + '"'
        : cell;
  }

  private static int retry(Refused asked, Places.Opened opened, Console console) {
    String pipeline = pipelineOf(asked.source(), asked.place());
    try (Work work = opened.work(pipeline)) {
      long rows =
          new Mending(work, asked.source(), work.spec().every().start(asked.date().orElseThrow()))
              .retry(asked.retry().orElseThrow());
      console.info(
          rows == 0
              ? "raw/" + asked.source() + ": all rows of the file are in already"
              : "raw/%s: %,d mended rows taken in; `millrace backfill %s` brings them into the features of their dates"
                  .formatted(asked.source(), rows, pipeline));
    }
    return 0;
  }

  /** The first pipeline of the conf folder that declares the source: all declare it alike. */
  private static String pipelineOf(String source, Place place) {
    TreeSet<String> known = new TreeSet<>();
    for (Map.Entry<String, Path> file : ConfFolder.pipelines(place.conf()).entrySet()) {
      PipelineSpec spec =
          SpecReader.pipeline(
              file.getValue(),
              Places.variables(place)
                  .with(ConfFolder.env(place.conf(), place.env(), Places.variables(place))),
              Places.overrides(place));
      known.addAll(spec.sources().keySet());
      if (spec.sources().containsKey(source)) {
        return file.getKey();
      }
    }
    throw new SpecException(
        place.conf()
            + ": no pipeline has a source "
            + source
            + "; "
            + io.millrace.Nearest.mend(source, known, "sources"));
  }
}
