package io.millrace.jobs;

import io.millrace.StoppedException;
import io.millrace.branch.TableMerge;
import io.millrace.branch.TableMerge.Merged;
import io.millrace.config.ConfFolder;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SourceSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.SpecText;
import io.millrace.config.Variables;
import io.millrace.ingest.ColumnNames;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import io.millrace.table.FileLedger;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.RunRow;
import io.millrace.table.SourceFileEntry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructType;

/** What the specs say of the sources whose rows are merged: keys, checks, whose they are. */
final class MergedSources {

  private static final String STAGE = "merge";

  /**
   * A pipeline of the conf folder.
   *
   * @param text its spec as it was written, secrets masked
   */
  record Pipeline(PipelineSpec spec, String text) {}

  private final Map<String, Pipeline> specs;
  private final Console console;
  private final Instant started = Instant.now();
  private final Set<String> merged = new TreeSet<>();

  MergedSources(Place place, Console console) {
    this(read(place), console);
  }

  MergedSources(Map<String, Pipeline> specs, Console console) {
    this.specs = specs;
    this.console = console;
  }

  private static Map<String, Pipeline> read(Place place) {
    Variables variables =
        Places.variables(place)
            .with(ConfFolder.env(place.conf(), place.env(), Places.variables(place)));
    Map<String, String> overrides = Places.overrides(place);
    Map<String, Pipeline> specs = new LinkedHashMap<>();
    for (Map.Entry<String, Path> file : ConfFolder.pipelines(place.conf()).entrySet()) {
      specs.put(
          file.getKey(),
          new Pipeline(
              SpecReader.pipeline(file.getValue(), variables, overrides),
              SpecText.masked(file.getValue(), variables, overrides)));
    }
    return specs;
  }

  /** The columns by which rows meet: the source's key on a day, or the row's own id. */
  List<String> key(String table, StructType schema) {
    if (!table.startsWith("raw/")) {
      return List.of(RawColumns.ROW_ID);
    }
    List<String> columns = List.of(schema.fieldNames());
    Optional<SourceSpec> source =
        of(source(table)).stream()
            .findFirst()
            .map(pipeline -> pipeline.spec().sources().get(source(table)));
    if (source.filter(one -> one.load() == SourceSpec.Load.APPEND).isPresent()) {
      return List.of(RawColumns.ROW_ID);
    }
    List<String> key =
        new ArrayList<>(
            source.map(SourceSpec::key).orElse(List.of()).stream().map(ColumnNames::safe).toList());
    if (key.isEmpty() || !columns.containsAll(key)) {
      key = new ArrayList<>(List.of(RawColumns.ROW_ID));
    }
    key.add(RawColumns.DAY);
    return key;
  }

  private static String source(String table) {
    return table.substring(table.indexOf('/') + 1);
  }

  private List<Pipeline> of(String source) {
    return specs.values().stream()
        .filter(pipeline -> pipeline.spec().sources().containsKey(source))
        .toList();
  }

  /** Pipelines that read a source of which rows came. */
  Set<String> pipelines() {
    return merged;
  }

  /** The run of a merge in one table, with the files that come with it. */
  RunRow run(TableMerge merge, Lake theirs, Lake main, String id) {
    String source = source(merge.table());
    String pipeline = of(source).stream().findFirst().map(one -> one.spec().pipeline()).orElse("");
    return new RunRow(
        id,
        pipeline,
        STAGE,
        newest(merge.sides().theirs()),
        "done",
        started,
        started,
        "",
        BuildInfo.version(),
        merge.sides().theirs().versions(),
        List.of(),
        0,
        0,
        0,
        "",
        merge.table().startsWith("raw/") ? files(merge, source, theirs, main) : List.of());
  }

  private static LocalDate newest(PinnedTable table) {
    return table.files().stream()
        .map(file -> file.minimums().getOrDefault(RawColumns.INGESTED, "1970-01-01"))
        .map(LocalDate::parse)
        .max(LocalDate::compareTo)
        .orElse(LocalDate.EPOCH);
  }

  /**
   * Files that the branch took in and main hasn't, which so aren't new to its next ingest. Of a day
   * of which main has a snapshot it keeps knowing its own files, though the rows are merged.
   */
  private static List<SourceFileEntry> files(
      TableMerge merge, String source, Lake theirs, Lake main) {
    Map<String, SourceFileEntry> ours =
        merge
            .sides()
            .ours()
            .map(table -> new FileLedger(main, source).entries(table))
            .orElse(Map.of());
    Set<String> days = new HashSet<>();
    ours.values().forEach(entry -> days.add(entry.day()));
    return new FileLedger(theirs, source)
        .entries(merge.sides().theirs()).entrySet().stream()
            .filter(entry -> !ours.containsKey(entry.getKey()))
            .map(Map.Entry::getValue)
            .filter(entry -> entry.day().isEmpty() || !days.contains(entry.day()))
            .toList();
  }

  /**
   * Has the checks of all pipelines that read the sources judge the merged slices.
   *
   * @throws StoppedException where one stops them
   */
  void check(Map<TableMerge, Merged> made, Lake rehearsal) {
    Set<String> sources = new TreeSet<>();
    Set<String> runs = new HashSet<>();
    made.forEach(
        (merge, one) -> {
          if (one.move().isPresent() && merge.table().startsWith("raw/")) {
            sources.add(source(merge.table()));
            runs.addAll(one.runs());
          }
        });
    for (Map.Entry<String, Pipeline> pipeline : specs.entrySet()) {
      PipelineSpec spec = pipeline.getValue().spec();
      List<String> read = sources.stream().filter(spec.sources()::containsKey).toList();
      if (!read.isEmpty()) {
        merged.add(pipeline.getKey());
        check(pipeline.getValue(), read, runs, rehearsal);
      }
    }
  }

  private void check(Pipeline pipeline, List<String> sources, Set<String> runs, Lake rehearsal) {
    try (Work work = new Work(pipeline.spec(), pipeline.text(), rehearsal, console)) {
      LocalDate date =
          sources.stream()
              .map(source -> newest(rehearsal.latest("raw/" + source).orElseThrow()))
              .max(LocalDate::compareTo)
              .orElseThrow();
      try {
        new ValidateJob(work, date).run();
      } catch (StoppedException e) {
        // It stops for whatever came in on that date; here only merged slices count, below.
        console.info("validate " + work.name() + ": " + e.getMessage());
      }
      for (String source : sources) {
        PinnedTable raw = rehearsal.latest("raw/" + source).orElseThrow();
        Validated validated = new Validated(work, source, raw);
        Set<String> judged = new HashSet<>();
        validated.upTo(date).stream()
            .filter(slice -> runs.contains(slice.runId()))
            .forEach(slice -> judged.add(validated.id(slice)));
        validated.require(judged, date);
      }
    }
  }
}
