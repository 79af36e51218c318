package io.millrace.jobs;

import io.millrace.Hashes;
import io.millrace.Stage;
import io.millrace.config.CanonicalJson;
import io.millrace.config.PipelineSpec;
import io.millrace.erase.Tombstones;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.StageLine;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIndex;
import io.millrace.table.RunRow;
import io.millrace.table.TableVersion;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** One pipeline on one lake: what its jobs share. Runs are put into the index once a chain. */
final class Work implements AutoCloseable {

  private final PipelineSpec spec;
  private final String specText;
  private final Lake lake;
  private final Console console;
  private final RunIndex index;
  private final List<RunRow> pending = new ArrayList<>();
  private final Map<String, String> environment;
  private final Map<String, Object> known = new ConcurrentHashMap<>();
  private Instant started = Instant.now();
  private Optional<Running> running = Optional.empty();
  private Optional<PipelinePlan> followed = Optional.empty();
  private int changes;

  Work(PipelineSpec spec, String specText, Lake lake, Console console) {
    this(spec, specText, lake, console, System.getenv());
  }

  /**
   * @param environment holds the secret by which erased persons are told
   */
  Work(
      PipelineSpec spec,
      String specText,
      Lake lake,
      Console console,
      Map<String, String> environment) {
    this.environment = environment;
    this.spec = spec;
    this.specText = specText;
    this.lake = lake;
    this.console = console;
    this.index = new RunIndex(lake, spec.pipeline(), tables(spec));
  }

  /** Tables whose commits hold the runs of a pipeline. */
  private static List<String> tables(PipelineSpec spec) {
    List<String> tables = new ArrayList<>();
    spec.sources().keySet().stream().sorted().forEach(source -> tables.add("raw/" + source));
    List.of("labels/", "features/", "scored/", "predictions/")
        .forEach(folder -> tables.add(folder + spec.pipeline()));
    return tables;
  }

  /** Adds to the index the runs of this pipeline that it lacks, before anything else is done. */
  void mendIndex() {
    index.mend();
  }

  PipelineSpec spec() {
    return spec;
  }

  /** The spec as it was written, secrets masked. */
  String specText() {
    return specText;
  }

  Lake lake() {
    return lake;
  }

  Console console() {
    return console;
  }

  /** Name of the pipeline. */
  String name() {
    return spec.pipeline();
  }

  /** Who was erased from the lake, as of now. */
  Tombstones tombstones() {
    return Tombstones.of(lake, environment);
  }

  /**
   * A raw table, pinned, without the rows in quarantine and those of erased persons; empty where
   * there is none yet.
   */
  Optional<PinnedTable> findRaw(String source) {
    return lake.latest("raw/" + source)
        .map(raw -> new Validated(this, source, raw).view())
        .map(this::withoutErased);
  }

  private PinnedTable withoutErased(PinnedTable raw) {
    Tombstones erased = tombstones();
    return erased.concern(raw.schema())
        ? raw.seenBy(runId -> runId, rows -> erased.without(rows, raw.name()), List.of())
        : raw;
  }

  /** Fails where slices haven't been judged by the present checks, or a check stops them. */
  void requireValidated(Set<String> runIds, LocalDate date) {
    for (String source : spec.validate().keySet()) {
      lake.latest("raw/" + source)
          .ifPresent(raw -> new Validated(this, source, raw).require(runIds, date));
    }
  }

  /**
   * A raw table, pinned, without the rows in quarantine; fails where its source has never been
   * taken in.
   */
  PinnedTable raw(String source) {
    return findRaw(source)
        .orElseThrow(
            () ->
                new io.millrace.DataException(
                    "raw/"
                        + source
                        + ": nothing has been taken in yet; run `millrace ingest "
                        + name()
                        + "` for the date of its first file, or a later one"));
  }

  /** Tells that a stage begins; its runs have started now. */
  StageLine begin(Stage stage, LocalDate date) {
    started = Instant.now();
    running = Optional.of(new Running(stage, date, started));
    return console.begin(stage.word(), name(), date);
  }

  /** A stage that began. */
  record Running(Stage stage, LocalDate date, Instant started) {}

  /** The stage that began last. */
  Optional<Running> running() {
    return running;
  }

  /** From now on nothing is written but what a plan says. */
  void follow(PipelinePlan plan) {
    followed = Optional.of(plan);
  }

  /**
   * Where a plan is followed: fails unless the plan has this very run.
   *
   * @throws io.millrace.StoppedException where something has moved since the plan was compared
   */
  void planned(Stage stage, LocalDate date, String runId) {
    followed.ifPresent(plan -> plan.require(stage, date, runId));
  }

  /** A run that is about to write, with all that is known before it has. */
  RunRow run(Stage stage, LocalDate date, String runId, List<TableVersion> inputs, long rowsIn) {
    planned(stage, date, runId);
    return unplanned(stage, date, runId, inputs, rowsIn);
  }

  /** As {@link #run}, of what comes beside the stages. */
  RunRow unplanned(
      Stage stage, LocalDate date, String runId, List<TableVersion> inputs, long rowsIn) {
    Instant now = Instant.now();
    return new RunRow(
        runId,
        name(),
        stage.word(),
        date,
        "done",
        started,
        now,
        specHash(),
        BuildInfo.version(),
        inputs,
        List.of(),
        rowsIn,
        0,
        0,
        "",
        List.of());
  }

  String specHash() {
    return Hashes.sha256Hex(CanonicalJson.of(spec)).substring(0, 12);
  }

  /** Notes finished runs for the index. */
  void record(List<RunRow> runs) {
    pending.addAll(runs);
    changes += runs.size();
  }

  /** What a version of a table was found to say, found once by each process. */
  <T> T known(String question, PinnedTable table, Class<T> type, Supplier<T> find) {
    String key = question + " of " + table.name() + "@" + table.version();
    return type.cast(known.computeIfAbsent(key, k -> find.get()));
  }

  /** How many runs have written something so far. */
  int changes() {
    return changes;
  }

  /** Puts the noted runs into the index. */
  void flush() {
    index.append(pending);
    pending.clear();
  }

  @Override
  public void close() {
    flush();
  }
}
