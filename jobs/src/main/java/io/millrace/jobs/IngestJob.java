package io.millrace.jobs;

import static org.apache.spark.sql.functions.lit;

import io.millrace.Stage;
import io.millrace.config.SourceSpec;
import io.millrace.erase.Tombstones;
import io.millrace.ingest.ColumnTypes;
import io.millrace.ingest.FileColumns;
import io.millrace.ingest.Footers;
import io.millrace.ingest.ReadRows;
import io.millrace.ingest.Reconciled;
import io.millrace.ingest.SchemaChanges;
import io.millrace.ingest.SourceFiles;
import io.millrace.ingest.SourceReader;
import io.millrace.ingest.TypeInference;
import io.millrace.jobs.console.StageLine;
import io.millrace.table.Attempts;
import io.millrace.table.FileLedger;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.Retyping;
import io.millrace.table.RunRow;
import io.millrace.table.SlicePublisher;
import io.millrace.table.SlicePublisher.Published;
import io.millrace.table.SliceState;
import io.millrace.table.TableDefinition;
import io.millrace.table.TableVersion;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/** Takes new files of a pipeline's sources in, each exactly once. */
final class IngestJob {

  static final String COUNTER = "ingest";

  private final Work work;
  private final LocalDate date;

  IngestJob(Work work, LocalDate date) {
    this.work = work;
    this.date = date;
  }

  /** All sources; already done where none has anything new. */
  Outcome run() {
    Outcome outcome = Outcome.ALREADY_DONE;
    requireFiles();
    try (StageLine line = work.begin(Stage.INGEST, date)) {
      List<String> said = new ArrayList<>();
      for (String source : work.spec().sources().keySet().stream().sorted().toList()) {
        // Of several snapshots that are new, each is a slice of its own, the oldest first.
        Optional<String> taken = Attempts.run("raw/" + source, () -> ingest(source));
        while (taken.isPresent()) {
          said.add(taken.get());
          taken = Attempts.run("raw/" + source, () -> ingest(source));
        }
      }
      if (said.isEmpty()) {
        line.alreadyDone();
      } else {
        line.done(String.join("; ", said));
        outcome = Outcome.DONE;
      }
    }
    return outcome;
  }

  /** A file that is missing or empty is told before any source is taken in. */
  private void requireFiles() {
    LocalDate end = work.spec().every().next(date);
    work.spec().sources().keySet().stream()
        .sorted()
        .forEach(
            name -> SourceFiles.list(work.spec().sources().get(name), end, work.lake().hadoop()));
  }

  private Optional<String> ingest(String name) {
    SourceSpec source = work.spec().sources().get(name);
    Optional<PinnedTable> raw = work.lake().latest("raw/" + name);
    FileLedger ledger = new FileLedger(work.lake(), name);
    NewFiles found =
        NewFiles.find(work, name, date, raw.map(ledger::entries).orElse(java.util.Map.of()));
    raw.flatMap(ledger::lastRun).ifPresent(last -> NewFiles.requireSameReading(work, name, last));
    if (found.files().isEmpty()) {
      return Optional.empty();
    }
    String runId = found.runId(work.spec(), date);
    work.planned(Stage.INGEST, date, runId);
    Footers.check(source, found.sourceFiles(), work.lake().hadoop());
    List<Reconciled> reconciled = reconcile(source, raw, found);
    if (widen(name, raw, reconciled)) {
      return ingest(name);
    }
    TableDefinition definition = RawTables.raw(work.spec(), name, reconciled.get(0).table());
    List<Dataset<Row>> faults = new ArrayList<>();
    Dataset<Row> all = read(name, source, found, reconciled, faults);
    Tombstones erased = work.tombstones();
    Dataset<Row> good = erased.without(all, definition.name());
    Dataset<Row> quarantined =
        erased.withoutTexts(
            faults.stream().reduce(Dataset::unionByName).orElseThrow(), "row", definition.name());
    long broken = quarantine(name, runId, quarantined);
    RunRow run = run(name, runId, found, broken);
    Published published = publish(definition, raw, source, found, good, run);
    ledger.add(published.version(), found.entries(work.spec()));
    work.record(published.runs());
    long left = erased.concern(all.schema()) ? erased.of(all, definition.name()).count() : 0;
    return Optional.of(
        said(name, found, published.rows(), broken)
            + (left == 0 ? "" : ", %,d of erased persons left out".formatted(left)));
  }

  private List<Reconciled> reconcile(SourceSpec source, Optional<PinnedTable> raw, NewFiles found) {
    ColumnTypes pinned =
        raw.map(table -> ColumnTypes.of(table.schema())).orElse(ColumnTypes.empty());
    List<FileColumns> columns =
        found.sourceFiles().stream()
            .map(file -> TypeInference.columns(work.lake().spark(), source, file, pinned))
            .toList();
    List<Reconciled> reconciled = SchemaChanges.reconcile(pinned, columns, source);
    reconciled.stream()
        .flatMap(one -> one.notes().stream())
        .distinct()
        .forEach(work.console()::warn);
    return reconciled;
  }

  /**
   * Gives the table the wider types that its new files need, in a commit of its own: killed after
   * it, the next ingest finds a table into which they fit.
   */
  private boolean widen(String name, Optional<PinnedTable> raw, List<Reconciled> reconciled) {
    Map<String, DataType> types = new TreeMap<>();
    reconciled.stream()
        .flatMap(one -> one.widened().stream())
        .forEach(widened -> types.put(widened.name(), ColumnTypes.sparkType(widened.to())));
    if (types.isEmpty()) {
      return false;
    }
    TableDefinition definition = RawTables.raw(work.spec(), name, reconciled.get(0).table());
    Retyping.widen(work.lake(), raw.orElseThrow(), definition, types);
    return true;
  }

  /** Rows of one appended file never share a data file with another's: a file is a slice. */
  private Dataset<Row> read(
      String name,
      SourceSpec source,
      NewFiles found,
      List<Reconciled> reconciled,
      List<Dataset<Row>> faults) {
    List<String> labels = SpecKeys.labelColumns(work.spec(), name);
    if (source.load() == SourceSpec.Load.SNAPSHOT) {
      ReadRows rows = SourceReader.read(work.lake().spark(), source, reconciled, labels);
      faults.add(rows.quarantined());
      return ours(rows.good(), found.runId(work.spec(), date), lit(Date.valueOf(found.day())));
    }
    List<Dataset<Row>> parts = new ArrayList<>();
    for (int i = 0; i < reconciled.size(); i++) {
      ReadRows rows = SourceReader.read(work.lake().spark(), source, reconciled.get(i), labels);
      NewFiles.NewFile file = found.files().get(i);
      Column day =
          source.time().isPresent()
              ? SourceReader.dayOf(source)
              : lit(Date.valueOf(file.file().day().orElse(date)));
      faults.add(rows.quarantined());
      parts.add(ours(rows.good(), file.runId(), day));
    }
    return parts.stream().reduce(Dataset::unionByName).orElseThrow();
  }

  private Dataset<Row> ours(Dataset<Row> rows, String runId, Column day) {
    return rows.withColumns(
        java.util.Map.of(
            RawColumns.RUN_ID, lit(runId),
            RawColumns.INGESTED, lit(Date.valueOf(date)),
            RawColumns.DAY, day));
  }

  /**
   * Rows that can't be taken, under a counter of the run's own: killed after it, the next try finds
   * them there.
   *
   * @return how many rows
   */
  private long quarantine(String name, String runId, Dataset<Row> quarantined) {
    Dataset<Row> rows =
        quarantined
            .withColumn(RawColumns.RUN_ID, lit(runId))
            .withColumn(RawColumns.INGESTED, lit(Date.valueOf(date)))
            .persist();
    try {
      if (rows.isEmpty()) {
        return 0;
      }
      long broken = rows.select(RawColumns.ROW_ID).distinct().count();
      TableDefinition definition = RawTables.quarantine(name);
      boolean there =
          work.lake()
              .latest(definition.name())
              .map(table -> SlicePublisher.counter(table, runId) > 0)
              .orElse(false);
      if (!there) {
        // The row of the run comes with the commit to the raw table, which makes the ingest real.
        SlicePublisher.append(
            work.lake(),
            definition,
            rows,
            runId,
            0,
            List.of(work.run(Stage.INGEST, date, runId, List.of(), 0)));
      }
      return broken;
    } finally {
      rows.unpersist();
    }
  }

  private RunRow run(String name, String runId, NewFiles found, long broken) {
    List<TableVersion> inputs =
        found.files().stream()
            .map(f -> new TableVersion(name + ":" + f.file().name(), -1))
            .toList();
    return RawTables.ingestRun(
        work.run(Stage.INGEST, date, runId, inputs, 0), broken, found.entries(work.spec()));
  }

  private Published publish(
      TableDefinition definition,
      Optional<PinnedTable> raw,
      SourceSpec source,
      NewFiles found,
      Dataset<Row> rows,
      RunRow run) {
    if (source.load() == SourceSpec.Load.SNAPSHOT) {
      String key = found.day().toString();
      SliceState held =
          raw.map(table -> table.slice(RawColumns.DAY, key)).orElse(SliceState.empty(key));
      return SlicePublisher.replace(work.lake(), definition, rows, List.of(held), List.of(run));
    }
    long counter = raw.map(table -> SlicePublisher.counter(table, COUNTER)).orElse(0L);
    return SlicePublisher.append(work.lake(), definition, rows, COUNTER, counter, List.of(run));
  }

  private static String said(String name, NewFiles found, long rows, long broken) {
    return "raw/%s: %,d rows of %d file%s%s"
        .formatted(
            name,
            rows,
            found.files().size(),
            found.files().size() == 1 ? "" : "s",
            broken == 0 ? "" : ", %,d to quarantine/%s".formatted(broken, name));
  }
}
