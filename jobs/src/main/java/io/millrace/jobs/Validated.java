package io.millrace.jobs;

import io.millrace.DataException;
import io.millrace.Stage;
import io.millrace.StoppedException;
import io.millrace.config.CheckSpec;
import io.millrace.config.CheckSpec.OnFail;
import io.millrace.config.PipelineSpec;
import io.millrace.label.RawSlices;
import io.millrace.table.Columns;
import io.millrace.table.DataFile;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.RunIds;
import io.millrace.table.SmallTable;
import io.millrace.validate.CheckResult;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The slices of a source as its checks leave them: which validation each has to have, and what
 * later stages see of it.
 *
 * <p>Two identities: {@link #id} is made of the checks that quarantine or stop, and is what later
 * stages hash in place of the slice's run; {@link #whole} of all checks, so that a new warning is
 * judged and yet rewrites no history.
 */
final class Validated {

  /** Rule under which rows stand that a mended row has taken the place of. */
  static final String MENDED = "mended";

  /** Value of a slice's mark in {@code checks}: there are verdicts, and one may stop the chain. */
  static final long JUDGED = 1;

  /** Value of a slice's mark: no verdict stops the chain, so none needs to be read for that. */
  static final long CLEAR = 2;

  private final Work work;
  private final String source;
  private final PinnedTable raw;
  private final List<CheckSpec> checks;
  private final List<RawSlice> slices;
  private final Map<String, String> ids = new HashMap<>();

  /**
   * A slice of the raw table.
   *
   * @param day first day that it stands for
   * @param ingested logical date of the ingest that brought it
   */
  record RawSlice(String runId, LocalDate day, LocalDate ingested, long rows) {}

  Validated(Work work, String source, PinnedTable raw) {
    this.work = work;
    this.source = source;
    this.raw = raw;
    this.checks = work.spec().validate().getOrDefault(source, List.of());
    this.slices = slices(raw);
  }

  static List<RawSlice> slices(PinnedTable raw) {
    Map<String, RawSlice> found = new TreeMap<>();
    for (DataFile file : raw.files()) {
      LocalDate day = LocalDate.parse(file.partition().get(RawColumns.DAY));
      LocalDate ingested = LocalDate.parse(file.minimums().get(RawColumns.INGESTED));
      for (String runId : file.runIds()) {
        found.merge(runId, new RawSlice(runId, day, ingested, file.rows()), Validated::joined);
      }
    }
    return found.values().stream()
        .sorted(
            Comparator.comparing(RawSlice::ingested)
                .thenComparing(RawSlice::day)
                .thenComparing(RawSlice::runId))
        .toList();
  }

  private static RawSlice joined(RawSlice one, RawSlice other) {
    LocalDate day = one.day().isBefore(other.day()) ? one.day() : other.day();
    return new RawSlice(one.runId(), day, one.ingested(), one.rows() + other.rows());
  }

  List<CheckSpec> checks() {
    return checks;
  }

  /** Slices that ingests up to a date brought, oldest first. */
  List<RawSlice> upTo(LocalDate date) {
    return slices.stream().filter(slice -> !slice.ingested().isAfter(date)).toList();
  }

  /** Slices that the ingests of a date brought. */
  List<RawSlice> of(LocalDate date) {
    return slices.stream().filter(slice -> slice.ingested().equals(date)).toList();
  }

  /** Slices that stand before one: what its checks may compare it with. */
  List<RawSlice> before(RawSlice slice) {
    return slices.subList(0, slices.indexOf(slice));
  }

  /** Whether a check can keep a row or a slice from later stages. */
  boolean judges() {
    return checks.stream().anyMatch(check -> check.onFail() != OnFail.WARN);
  }

  /** Identity of a slice less the rows that its checks put into quarantine. */
  String id(RawSlice slice) {
    return ids.computeIfAbsent(
        slice.runId(),
        runId ->
            identity(
                slice, checks.stream().filter(c -> c.onFail() != OnFail.WARN).toList(), Map.of()));
  }

  /** Identity of all that is measured and judged of a slice. */
  String whole(RawSlice slice) {
    return identity(slice, checks, Map.of("slices", sliceColumns(work.spec(), raw)));
  }

  /** Columns of the source by whose values it is measured too. */
  static List<String> sliceColumns(PipelineSpec spec, PinnedTable raw) {
    return spec.evaluate().slices().stream().filter(raw::hasColumn).sorted().toList();
  }

  private String identity(RawSlice slice, List<CheckSpec> judging, Map<String, ?> more) {
    Map<String, Object> keys = new LinkedHashMap<>(more);
    keys.put("source", source);
    keys.put("checks", judging);
    Looked looked = looked(slice, judging);
    return RunIds.of(Stage.VALIDATE, keys, slice.ingested(), looked.model(), looked.runIds());
  }

  /**
   * What the checks of a slice look at.
   *
   * @param runIds runs of the slices
   * @param model the champion whose training it is compared with; empty for none
   */
  record Looked(Set<String> runIds, String model) {}

  /** What the checks that can keep rows of a slice from later stages look at. */
  Looked looked(RawSlice slice) {
    return looked(slice, checks.stream().filter(c -> c.onFail() != OnFail.WARN).toList());
  }

  /** What all checks of a slice look at beside the slices of its own source. */
  Looked elsewhere(RawSlice slice) {
    return elsewhere(slice, checks);
  }

  private Looked looked(RawSlice slice, List<CheckSpec> judging) {
    Looked elsewhere = elsewhere(slice, judging);
    Set<String> inputs = new TreeSet<>(elsewhere.runIds());
    inputs.add(slice.runId());
    if (judging.stream().anyMatch(check -> check instanceof CheckSpec.LikeBefore)) {
      before(slice).forEach(earlier -> inputs.add(earlier.runId()));
    }
    return new Looked(inputs, elsewhere.model());
  }

  private Looked elsewhere(RawSlice slice, List<CheckSpec> judging) {
    Set<String> inputs = new TreeSet<>();
    String model = "";
    for (CheckSpec check : judging) {
      if (check instanceof CheckSpec.ExistsIn other) {
        known(other.source(), slice).ifPresent(read -> inputs.addAll(read.runIds()));
      } else if (check instanceof CheckSpec.LikeTraining) {
        model = new Champions(work).at(slice.ingested()).orElse("");
      }
    }
    return new Looked(inputs, model);
  }

  /** What was known of another source when a slice came in. */
  Optional<RawSlices> known(String other, RawSlice slice) {
    return work.lake()
        .latest("raw/" + other)
        .flatMap(
            table ->
                RawSlices.knownAt(
                    table,
                    work.spec().sources().get(other),
                    work.spec().every(),
                    work.spec().every().start(slice.ingested())));
  }

  /**
   * The raw table as later stages see it: without the rows in quarantine, and with the identities
   * of what is left of each slice in place of its run.
   */
  PinnedTable view() {
    Map<String, String> seen = new HashMap<>();
    if (judges()) {
      slices.forEach(slice -> seen.put(slice.runId(), id(slice)));
    }
    Optional<PinnedTable> quarantine = work.lake().latest("quarantine/" + source);
    Set<String> refusing = new TreeSet<>();
    quarantine.ifPresent(table -> table.files().forEach(file -> refusing.addAll(file.runIds())));
    List<String> ours = new ArrayList<>(seen.values());
    ours.retainAll(refusing);
    List<String> mended =
        slices.stream()
            .map(slice -> Mending.marks(slice.runId()))
            .filter(refusing::contains)
            .toList();
    ours.addAll(mended);
    if (seen.isEmpty() && ours.isEmpty()) {
      return raw;
    }
    return raw.seenBy(
        runId -> seen.getOrDefault(runId, runId),
        rows -> ours.isEmpty() ? rows : without(rows, quarantine.orElseThrow(), ours),
        ours.isEmpty() ? List.of() : quarantine.orElseThrow().versions());
  }

  private static Dataset<Row> without(
      Dataset<Row> rows, PinnedTable quarantine, Collection<String> runs) {
    Dataset<Row> refused =
        quarantine
            .read()
            .where(Columns.named(RawColumns.RUN_ID).isin(runs.toArray()))
            .select(
                Columns.named(RawColumns.ROW_ID).as("_refused_row"),
                Columns.named("slice_run_id").as("_refused_run"))
            .distinct();
    return rows.join(
        functions.broadcast(refused),
        Columns.named(RawColumns.ROW_ID)
            .equalTo(functions.col("_refused_row"))
            .and(Columns.named(RawColumns.RUN_ID).equalTo(functions.col("_refused_run"))),
        "left_anti");
  }

  /** The mark that a slice has been judged by the present checks. */
  static String mark(String id) {
    return "validate/" + id;
  }

  /**
   * Fails where slices that are read haven't been judged by the present checks, or must not be
   * used.
   *
   * @param seen identities as {@link #view} gives them
   */
  void require(Set<String> seen, LocalDate date) {
    if (!judges()) {
      return;
    }
    unjudged(seen).stream()
        .findFirst()
        .ifPresent(
            slice -> {
              throw unjudged(slice, date);
            });
    List<String> stops = stops(seen);
    if (!stops.isEmpty()) {
      throw stopped(stops);
    }
  }

  /** Of slices that are read, those that the present checks haven't judged. */
  List<RawSlice> unjudged(Set<String> seen) {
    SmallTable table = new SmallTable(work.lake(), ResultTables.checks());
    return read(seen).stream().filter(slice -> judges() && !table.holds(mark(id(slice)))).toList();
  }

  private List<RawSlice> read(Set<String> seen) {
    return slices.stream().filter(slice -> seen.contains(id(slice))).toList();
  }

  /** A slice of a later date is judged by no chain of this one, so it is no race. */
  DataException unjudged(RawSlice slice, LocalDate date) {
    boolean later = slice.ingested().isAfter(date);
    String message =
        "raw/"
            + source
            + ": what came in on "
            + slice.ingested()
            + " isn't validated by the present checks yet; run `millrace validate "
            + work.name()
            + " --date "
            + (later ? slice.ingested() : date)
            + "`";
    return later ? new DataException(message) : new NotMadeException(message);
  }

  /** What checks that stop found of slices that are read. */
  List<String> stops(Set<String> seen) {
    if (checks.stream().noneMatch(check -> check.onFail() == OnFail.STOP)) {
      return List.of();
    }
    SmallTable table = new SmallTable(work.lake(), ResultTables.checks());
    Set<String> ofRead = new TreeSet<>();
    read(seen).forEach(slice -> ofRead.add(id(slice)));
    ofRead.removeIf(id -> table.marked(mark(id)) == CLEAR);
    return ofRead.isEmpty() ? List.of() : stopping(table, ofRead);
  }

  private List<String> stopping(SmallTable table, Set<String> ids) {
    return judgements(table, ids).stream()
        .filter(row -> CheckResult.of(row).stops())
        .map(row -> row.get("date") + ": " + row.get("message"))
        .distinct()
        .sorted()
        .toList();
  }

  /** Rows of {@code checks}; a pipeline that shares source and checks may have written them. */
  private List<Map<String, Object>> judgements(SmallTable table, Set<String> ids) {
    List<Map<String, Object>> ours = of(ids, table.rows(work.name()));
    Set<Object> judged = new HashSet<>();
    ours.forEach(row -> judged.add(row.get("validate_id")));
    return judged.containsAll(ids) ? ours : of(ids, table.rows());
  }

  private static List<Map<String, Object>> of(Set<String> ids, List<Map<String, Object>> rows) {
    return rows.stream().filter(row -> ids.contains((String) row.get("validate_id"))).toList();
  }

  StoppedException stopped(List<String> stops) {
    return new StoppedException(
        "raw/"
            + source
            + ": a check stops what came in on "
            + String.join("; ", stops.subList(0, Math.min(3, stops.size())))
            + (stops.size() > 3 ? "; and " + (stops.size() - 3) + " more" : "")
            + "\nmend the data, or give the check another on-fail: in validate."
            + source);
  }
}
