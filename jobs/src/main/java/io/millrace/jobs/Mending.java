package io.millrace.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.millrace.DataException;
import io.millrace.Stage;
import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.ColumnType;
import io.millrace.config.SourceSpec.SchemaChange;
import io.millrace.config.SourceSpec.SchemaChange.Policy;
import io.millrace.ingest.ColumnTypes;
import io.millrace.ingest.FileColumns;
import io.millrace.ingest.ReadRows;
import io.millrace.ingest.Reconciled;
import io.millrace.ingest.SchemaChanges;
import io.millrace.ingest.SourceFile;
import io.millrace.ingest.SourceFiles;
import io.millrace.ingest.SourceReader;
import io.millrace.ingest.TypeInference;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.RunIds;
import io.millrace.table.RunRow;
import io.millrace.table.SlicePublisher;
import io.millrace.table.SlicePublisher.Published;
import io.millrace.table.TableDefinition;
import java.nio.file.Path;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Takes mended rows in: a new slice of the raw table, whose rows take the place of the refused
 * ones. Marks in quarantine say so; they count from the moment in which the slice is there.
 */
final class Mending {

  private static final String ROW_ID = RefusedRows.ROW_ID;
  private static final String SLICE = RefusedRows.SLICE;

  private final Work work;
  private final String source;
  private final LocalDate date;

  Mending(Work work, String source, LocalDate date) {
    this.work = work;
    this.source = source;
    this.date = date;
  }

  /** The run id of the marks that belong to a slice of mended rows. */
  static String marks(String runId) {
    return new StringBuilder(runId).reverse().toString();
  }

  /**
   * Takes the rows of a file in.
   *
   * @return how many; 0 where all of them are in already
   * @throws DataException where a row still can't be read, or names none that was refused
   */
  long retry(Path file) {
    PinnedTable raw =
        work.lake()
            .latest("raw/" + source)
            .orElseThrow(() -> SuggestVerb.unknown(source, work.lake()));
    PinnedTable quarantine =
        work.lake()
            .latest("quarantine/" + source)
            .orElseThrow(
                () -> new DataException("quarantine/" + source + ": no row was ever refused"));
    SourceSpec.Csv csv = reading(file, raw, false);
    SourceFile found = SourceFiles.list(csv, LocalDate.MAX, work.lake().hadoop()).get(0);
    String sha256 = SourceFiles.sha256(found, work.lake().hadoop());
    String runId =
        RunIds.of(Stage.INGEST, Map.of("source", source, "mended", sha256), date, "", List.of());
    if (raw.files().stream().anyMatch(f -> f.runIds().contains(runId))) {
      return 0;
    }
    Dataset<Row> mended = read(file, csv, found, raw).persist();
    try {
      return take(mended, raw, quarantine, runId, file);
    } finally {
      mended.unpersist();
    }
  }

  /**
   * As {@link QuarantineVerb} writes it, with the types of the table.
   *
   * @param bySlice whether it tells slices, of which several may hold rows of one key
   */
  private SourceSpec.Csv reading(Path file, PinnedTable raw, boolean bySlice) {
    SourceSpec source = work.spec().sources().get(this.source);
    Map<String, ColumnType> types = new LinkedHashMap<>();
    ColumnTypes.of(raw.schema()).columns().forEach(c -> types.put(c.name(), c.type()));
    types.put(ROW_ID, ColumnType.STRING);
    List<String> key = new ArrayList<>(source.key());
    if (bySlice) {
      types.put(SLICE, ColumnType.STRING);
      key.addAll(key.isEmpty() ? List.of() : List.of(SLICE));
    }
    return new SourceSpec.Csv(
        file.toAbsolutePath().toString(),
        key,
        source.time(),
        SourceSpec.Load.APPEND,
        types,
        source.formats(),
        List.of(""),
        new SchemaChange(Policy.IGNORE, Policy.STOP, Policy.IGNORE),
        ",",
        "\"",
        "\"",
        true,
        List.of(),
        false,
        true,
        "UTF-8");
  }

  private Dataset<Row> read(Path path, SourceSpec.Csv plain, SourceFile file, PinnedTable raw) {
    ColumnTypes without = ColumnTypes.of(raw.schema()).with(ROW_ID, ColumnType.STRING);
    ColumnTypes with = without.with(SLICE, ColumnType.STRING);
    FileColumns columns = TypeInference.columns(work.lake().spark(), plain, file, with);
    boolean bySlice = columns.names().contains(SLICE);
    ColumnTypes types = bySlice ? with : without;
    SourceSpec.Csv csv = bySlice ? reading(path, raw, true) : plain;
    List<Reconciled> reconciled = SchemaChanges.reconcile(types, List.of(columns), csv);
    List<String> labels = SpecKeys.labelColumns(work.spec(), source);
    ReadRows rows = SourceReader.read(work.lake().spark(), csv, reconciled.get(0), labels);
    List<Row> faults = rows.quarantined().orderBy("row").limit(1).collectAsList();
    if (!faults.isEmpty()) {
      Row fault = faults.get(0);
      throw new DataException(
          "%s: column %s: '%s': %s\nmend it too; nothing of the file was taken in"
              .formatted(
                  file.uri(),
                  fault.<String>getAs("column"),
                  fault.<String>getAs("value"),
                  fault.<String>getAs("reason")));
    }
    return rows.good();
  }

  private long take(
      Dataset<Row> mended, PinnedTable raw, PinnedTable quarantine, String runId, Path file) {
    RefusedRows refused = RefusedRows.of(quarantine, Optional.of(raw));
    List<String> by =
        List.of(mended.columns()).contains(SLICE) ? List.of(ROW_ID, SLICE) : List.of(ROW_ID);
    requireKnown(mended, refused.ever(), by, file);
    // A key that was broken may be mended to that of somebody who was erased meanwhile.
    Dataset<Row> taken =
        work.tombstones().without(mended, raw.name()).join(refused.unmended(), names(by), "inner");
    if (by.size() == 1) {
      requireOneSlice(taken, file);
    }
    long count = taken.count();
    if (count == 0) {
      return 0;
    }
    mark(taken, quarantine, runId);
    return publish(taken, raw, runId);
  }

  private static Seq<String> names(List<String> names) {
    return CollectionConverters.asScala(names).toSeq();
  }

  /** A row that is in already is passed over; one that was never refused is a fault. */
  private void requireKnown(Dataset<Row> mended, Dataset<Row> ever, List<String> by, Path file) {
    List<Row> unknown =
        mended
            .select(by.stream().map(Columns::named).toArray(Column[]::new))
            .join(ever, names(by), "left_anti")
            .orderBy(ROW_ID)
            .limit(1)
            .collectAsList();
    if (!unknown.isEmpty()) {
      throw new DataException(
          file
              + ": row_id '"
              + unknown.get(0).getString(0)
              + "' was never refused, or another file has taken the place of its file; keep the "
              + String.join(" and the ", by)
              + " of `millrace quarantine "
              + source
              + " --export FILE`, and give new rows in a new file of the source");
    }
  }

  /** Without its slice a row's id has to do, which two days of a snapshot may share. */
  private void requireOneSlice(Dataset<Row> taken, Path file) {
    List<Row> several =
        taken.groupBy(ROW_ID).count().where("count > 1").orderBy(ROW_ID).limit(1).collectAsList();
    if (!several.isEmpty()) {
      throw new DataException(
          "%s: row_id '%s' is refused in %d slices; keep the slice_run_id of `millrace quarantine %s --export FILE`, which tells them apart"
              .formatted(file, several.get(0).getString(0), several.get(0).getLong(1), source));
    }
  }

  private void mark(Dataset<Row> taken, PinnedTable quarantine, String runId) {
    if (SlicePublisher.counter(quarantine, marks(runId)) > 0) {
      return;
    }
    Dataset<Row> rows =
        taken.select(
            lit(marks(runId)).as(RawColumns.RUN_ID),
            lit(work.name()).as("pipeline"),
            col(SLICE).as("slice_run_id"),
            lit(Date.valueOf(date)).as(RawColumns.INGESTED),
            col("_origin").as(RawColumns.FILE),
            col(ROW_ID).as(RawColumns.ROW_ID),
            lit("").as("column"),
            lit("").as("value"),
            lit(Validated.MENDED).as("rule"),
            lit("a mended row has taken its place").as("reason"),
            lit("").as("row"));
    SlicePublisher.append(
        work.lake(), RawTables.quarantine(source), rows, marks(runId), 0, List.of());
  }

  private long publish(Dataset<Row> taken, PinnedTable raw, String runId) {
    ColumnTypes types = ColumnTypes.of(raw.schema());
    TableDefinition definition = RawTables.raw(work.spec(), source, types);
    SourceSpec spec = work.spec().sources().get(source);
    Dataset<Row> days =
        raw.read()
            .select(
                Columns.named(RawColumns.ROW_ID).as(ROW_ID),
                Columns.named(RawColumns.RUN_ID).as(SLICE),
                Columns.named(RawColumns.DAY).as("_old_day"))
            .distinct();
    Column day =
        spec.time().isPresent() && spec.load() == SourceSpec.Load.APPEND
            ? SourceReader.dayOf(spec)
            : coalesce(col("_old_day"), col("_refused"));
    List<Column> columns = new ArrayList<>();
    columns.add(lit(runId).as(RawColumns.RUN_ID));
    columns.add(day.as(RawColumns.DAY));
    columns.add(lit(Date.valueOf(date)).as(RawColumns.INGESTED));
    columns.add(col("_origin").as(RawColumns.FILE));
    columns.add(col(ROW_ID).as(RawColumns.ROW_ID));
    if (spec.key().isEmpty()) {
      columns.add(Columns.named(RawColumns.KEY));
    }
    types.names().forEach(name -> columns.add(Columns.named(name)));
    Dataset<Row> rows =
        taken
            .join(days, names(List.of(ROW_ID, SLICE)), "left")
            .select(columns.toArray(Column[]::new));
    RunRow run = work.run(Stage.INGEST, date, runId, List.of(), 0);
    Published published =
        SlicePublisher.append(
            work.lake(),
            definition,
            rows,
            IngestJob.COUNTER,
            SlicePublisher.counter(raw, IngestJob.COUNTER),
            List.of(run));
    work.record(published.runs());
    return published.rows();
  }
}
