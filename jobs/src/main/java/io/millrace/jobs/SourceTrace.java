package io.millrace.jobs;

import io.millrace.report.Section;
import io.millrace.table.Columns;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.SmallTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Where raw rows came from, which refused rows they took the place of, what checks said. */
final class SourceTrace {

  private static final int MOST_REFUSED = 20;

  private final Lake lake;
  private final ReadSlices read;
  private final RunGraph ingests;
  private final Map<String, List<Map<String, Object>>> rows = new TreeMap<>();

  SourceTrace(Lake lake, ReadSlices read) {
    this.lake = lake;
    this.read = read;
    this.ingests = RunGraph.ofAll(lake);
  }

  /** Adds a row that is shown. */
  void add(String source, Map<String, Object> row) {
    rows.computeIfAbsent(source, s -> new ArrayList<>()).add(row);
  }

  /** Files of the rows, refused rows, checks of all slices that were read. */
  List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(files());
    rows.keySet().forEach(source -> refused(source).ifPresent(sections::add));
    sections.add(checks());
    return sections;
  }

  private Section files() {
    Set<List<Object>> cells = new LinkedHashSet<>();
    for (Map.Entry<String, List<Map<String, Object>>> of : rows.entrySet()) {
      FileSlices files = new FileSlices(lake, of.getKey(), ingests);
      for (Map<String, Object> row : of.getValue()) {
        cells.add(file(of.getKey(), row, files));
      }
    }
    return new Section(
        "files",
        Map.of(),
        List.of("source", "file", "bytes", "sha256", "came in by", "at", "build", "raw version"),
        new ArrayList<>(cells));
  }

  private List<Object> file(String source, Map<String, Object> row, FileSlices files) {
    Object name = row.get(RawColumns.FILE);
    Optional<Map<String, Object>> file =
        files.files().stream()
            .filter(found -> found.get("file").equals(name))
            .filter(found -> files.slice(found).equals(row.get(RawColumns.RUN_ID)))
            .findFirst();
    List<Object> cells = new ArrayList<>(List.of(source, String.valueOf(name)));
    cells.add(file.map(found -> found.get("bytes")).orElse(null));
    cells.add(file.map(found -> found.get("sha256")).orElse(null));
    Optional<RunGraph.Run> ingest =
        file.map(found -> (Long) found.get("version"))
            .flatMap(version -> ingests.thatWrote("raw/" + source, version))
            .or(() -> ingests.run((String) row.get(RawColumns.RUN_ID)));
    cells.add(
        ingest
            .map(run -> run.text("pipeline") + " " + run.date())
            .orElse("a run that isn't in the index"));
    cells.add(ingest.map(RunGraph.Run::ended).orElse(null));
    cells.add(ingest.map(run -> run.text("code_version")).orElse(null));
    cells.add(file.map(found -> found.get("version")).orElse(null));
    return cells;
  }

  /** The refused rows that shown ones took the place of. */
  private Optional<Section> refused(String source) {
    Optional<PinnedTable> quarantine = lake.latest("quarantine/" + source);
    Set<String> marked = new TreeSet<>();
    quarantine.ifPresent(table -> table.files().forEach(file -> marked.addAll(file.runIds())));
    Object[] mended =
        rows.get(source).stream()
            .filter(row -> marked.contains(Mending.marks((String) row.get(RawColumns.RUN_ID))))
            .map(row -> row.get(RawColumns.ROW_ID))
            .distinct()
            .toArray();
    if (mended.length == 0) {
      return Optional.empty();
    }
    List<Map<String, Object>> found =
        Shown.first(
            quarantine
                .orElseThrow()
                .read()
                .where(Columns.named(RawColumns.ROW_ID).isin(mended))
                .where(Columns.named("rule").notEqual(Validated.MENDED))
                .select(RawColumns.ROW_ID, "rule", "column", "value", "reason", "row")
                .distinct()
                .orderBy(RawColumns.ROW_ID, "rule", "column"),
            MOST_REFUSED);
    return Optional.of(
        new Section(
            "refused rows of " + source + " that mended ones took the place of",
            Map.of(),
            List.of(RawColumns.ROW_ID, "rule", "column", "value", "reason", "row"),
            found.stream().<List<Object>>map(row -> new ArrayList<>(row.values())).toList()));
  }

  /** What the checks said last of the slices that were read; those that hold are counted. */
  private Section checks() {
    Set<String> slices = new TreeSet<>();
    Set<String> seen = read.reach().runIds();
    for (Validated checked : read.checked().values()) {
      checked.upTo(java.time.LocalDate.MAX).stream()
          .filter(slice -> seen.contains(slice.runId()) || seen.contains(checked.id(slice)))
          .forEach(slice -> slices.add(slice.runId()));
    }
    Map<List<Object>, Map<String, Object>> last = new LinkedHashMap<>();
    new SmallTable(lake, ResultTables.checks())
        .rows(read.work().name()).stream()
            .filter(row -> slices.contains(row.get("slice_run_id")))
            .sorted(Comparator.comparing(row -> (Instant) row.get("checked_at")))
            .forEach(
                row ->
                    last.put(
                        List.of(row.get("slice_run_id"), row.get("check"), row.get("column")),
                        row));
    Map<String, Object> facts = new LinkedHashMap<>();
    List<Map<String, Object>> failed =
        last.values().stream().filter(row -> !(Boolean) row.get("passed")).toList();
    facts.put("slices", slices.size());
    facts.put("hold", last.size() - failed.size());
    facts.put("don't hold", failed.size());
    List<List<Object>> cells = new ArrayList<>();
    for (Map<String, Object> row : failed) {
      List<Object> line = new ArrayList<>();
      List.of("source", "date", "check", "column", "on_fail", "message")
          .forEach(name -> line.add(row.get(name)));
      cells.add(line);
    }
    return new Section(
        "checks of these slices",
        facts,
        List.of("source", "came in", "check", "column", "on fail", "found"),
        cells);
  }
}
