package io.millrace.jobs;

import static org.apache.spark.sql.functions.lit;

import io.millrace.MillraceException;
import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.jobs.cli.Traced;
import io.millrace.jobs.console.Console;
import io.millrace.report.Section;
import io.millrace.table.Columns;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.RunLog;
import io.millrace.table.SmallTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/** Tells where a file or a row went. */
final class ForwardVerb {

  private static final int MOST_ROWS = 100;

  private final Lake lake;
  private final Places.Opened place;
  private final Console console;
  private final Traced asked;
  private final String source;

  private ForwardVerb(Traced asked, Places.Opened place, Console console) {
    this.lake = place.lake();
    this.place = place;
    this.console = console;
    this.asked = asked;
    this.source = asked.source().orElseThrow();
  }

  /**
   * What was asked about.
   *
   * @param slices runs that brought it
   * @param row true of the rows; absent for a whole file
   */
  record Start(String said, Set<String> slices, Optional<Column> row) {}

  static void run(Traced asked, Places.Opened place, Console console) {
    ForwardVerb verb = new ForwardVerb(asked, place, console);
    Start start = start(place.lake(), verb.source, asked.forward().orElseThrow());
    List<Section> sections = new ArrayList<>();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("slices", start.slices().size());
    if (start.slices().isEmpty()) {
      facts.put("reached", "nothing: all of it was refused");
    }
    sections.add(Section.of(start.said(), facts));
    for (String pipeline : verb.pipelines()) {
      sections.add(verb.section(pipeline, start));
    }
    TraceVerb.tell("trace", "where " + start.said() + " went", sections, asked.html(), console);
  }

  private Set<String> pipelines() {
    if (asked.pipeline().isPresent()) {
      return Set.of(asked.pipeline().get());
    }
    Set<String> ran = new TreeSet<>();
    new RunLog(lake).rows().forEach(row -> ran.add((String) row.get("pipeline")));
    return ran;
  }

  /**
   * Finds a file by its name, or rows by their id or a value.
   *
   * @throws SpecException where the source has neither
   */
  static Start start(Lake lake, String source, String asked) {
    PinnedTable raw =
        lake.latest("raw/" + source).orElseThrow(() -> SuggestVerb.unknown(source, lake));
    FileSlices files = new FileSlices(lake, source, RunGraph.ofAll(lake));
    Set<String> slices = new TreeSet<>();
    files.files().stream()
        .filter(file -> asked.equals(file.get("file")))
        .forEach(file -> slices.add(files.slice(file)));
    if (!slices.isEmpty()) {
      slices.addAll(mended(lake, source, asked));
      return new Start(source + ": " + asked, slices, Optional.empty());
    }
    int sign = asked.indexOf('=');
    boolean isValue =
        sign > 0 && List.of(raw.schema().fieldNames()).contains(asked.substring(0, sign));
    if (!isValue && !asked.matches("[0-9a-f]{32}")) {
      List<String> known = files.files().stream().map(file -> (String) file.get("file")).toList();
      throw new SpecException(
          "%s: no file, row or column=value '%s'; %s"
              .formatted(source, asked, Nearest.mend(asked, known, "files")));
    }
    return isValue
        ? ofRows(lake, source, raw, asked.substring(0, sign), asked.substring(sign + 1))
        : ofRows(lake, source, raw, RawColumns.ROW_ID, asked);
  }

  private static Start ofRows(
      Lake lake, String source, PinnedTable raw, String name, String value) {
    Column row = Columns.named(name).cast("string").equalTo(lit(value));
    Set<String> slices = new TreeSet<>();
    List<Row> rows =
        raw.read().where(row).select(RawColumns.RUN_ID).limit(MOST_ROWS + 1).collectAsList();
    rows.forEach(found -> slices.add(found.getString(0)));
    if (rows.size() > MOST_ROWS) {
      throw new SpecException(
          "%s: more than %d rows have %s = %s; name a column that tells them apart"
              .formatted(source, MOST_ROWS, name, value));
    }
    if (rows.isEmpty() && !wasRefused(lake, source, value)) {
      throw new SpecException(
          "%s: no row with %s = %s in raw/%s@%d"
              .formatted(source, name, value, source, raw.version()));
    }
    return new Start(source + ": " + name + " = " + value, slices, Optional.of(row));
  }

  private static boolean wasRefused(Lake lake, String source, String id) {
    return lake.latest("quarantine/" + source)
        .map(
            table ->
                !table.read().where(Columns.named(RawColumns.ROW_ID).equalTo(lit(id))).isEmpty())
        .orElse(false);
  }

  /** Slices of mended rows that bear the name of the file which their refused rows came in. */
  private static Set<String> mended(Lake lake, String source, String file) {
    Set<String> slices = new TreeSet<>();
    lake.latest("quarantine/" + source)
        .ifPresent(
            table ->
                table.rows().stream()
                    .filter(row -> Validated.MENDED.equals(row.get("rule")))
                    .filter(row -> file.equals(row.get(RawColumns.FILE)))
                    .forEach(
                        row -> slices.add(Mending.marks((String) row.get(RawColumns.RUN_ID)))));
    return slices;
  }

  private Section section(String pipeline, Start start) {
    ForwardTrace trace =
        new ForwardTrace(
                lake,
                pipeline,
                specs(pipeline),
                source,
                start.slices(),
                start.row(),
                new ReadSlices.Opened(lake))
            .follow();
    return new Reached(lake, pipeline, trace).section(asked.rows(), console);
  }

  /** The present spec and those that models keep, each once. */
  private List<Work> specs(String pipeline) {
    Map<String, Work> specs = new LinkedHashMap<>();
    try {
      place.toRead(pipeline).ifPresent(work -> specs.put(work.specHash(), work));
    } catch (SpecException e) {
      console.warn(pipeline + ": its spec can't be read, so its models' own are used");
    }
    for (Map<String, Object> row : new SmallTable(lake, ResultTables.models()).rows(pipeline)) {
      try {
        Work kept = KeptSpec.work(lake, console, pipeline, (String) row.get("model_version"));
        specs.putIfAbsent(kept.specHash(), kept);
      } catch (MillraceException e) {
        console.warn(e.getMessage());
      }
    }
    return List.copyOf(specs.values());
  }
}
