package io.millrace.table;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.millrace.UnavailableException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** A table at one version, resolved once: what a job reads and records. */
public final class PinnedTable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lake lake;
  private final String name;
  private final Path folder;
  private final Snapshot snapshot;
  private final UnaryOperator<Dataset<org.apache.spark.sql.Row>> seenRows;
  private final Map<String, List<Map<String, Object>>> partitions = new ConcurrentHashMap<>();
  private List<TableVersion> seenBy = List.of();
  private List<DataFile> files;
  private List<DataFile> logFiles;
  private Map<String, Long> counters;
  private KernelRows.Files scanned;

  /**
   * @param folder where its log is; on a branch that may be main's
   */
  PinnedTable(Lake lake, String name, Path folder, Snapshot snapshot) {
    this(lake, name, folder, snapshot, UnaryOperator.identity());
  }

  private PinnedTable(
      Lake lake,
      String name,
      Path folder,
      Snapshot snapshot,
      UnaryOperator<Dataset<org.apache.spark.sql.Row>> seenRows) {
    this.lake = lake;
    this.name = name;
    this.folder = folder;
    this.snapshot = snapshot;
    this.seenRows = seenRows;
  }

  /**
   * The same version, of which days up to one are seen; files of later days are never opened.
   *
   * @param partitionColumn by which days the table is partitioned
   */
  public PinnedTable upTo(String partitionColumn, LocalDate day) {
    Column isSeen = Columns.named(partitionColumn).leq(functions.lit(java.sql.Date.valueOf(day)));
    PinnedTable seen =
        new PinnedTable(lake, name, folder, snapshot, all -> seenRows.apply(all).where(isSeen));
    seen.seenBy = seenBy;
    // ISO dates stand in the order of their text.
    Predicate<DataFile> has =
        file -> {
          String value = file.partition().get(partitionColumn);
          return value != null && value.compareTo(day.toString()) <= 0;
        };
    seen.logFiles = logFiles().stream().filter(has).toList();
    seen.files = files().stream().filter(has).toList();
    return seen;
  }

  /**
   * The same version as a reader sees who doesn't read all of its rows.
   *
   * @param run what stands for a run id: the id of the rows that are seen of it
   * @param rows the rows that are seen, out of those that this one sees
   * @param by the tables that say which
   */
  public PinnedTable seenBy(
      UnaryOperator<String> run,
      UnaryOperator<Dataset<org.apache.spark.sql.Row>> rows,
      List<TableVersion> by) {
    PinnedTable seen =
        new PinnedTable(lake, name, folder, snapshot, all -> rows.apply(seenRows.apply(all)));
    seen.logFiles = logFiles();
    seen.seenBy = Stream.concat(seenBy.stream(), by.stream()).toList();
    seen.files =
        files().stream()
            .map(file -> file.withRunIds(file.runIds().stream().map(run).collect(toSet())))
            .toList();
    return seen;
  }

  public String name() {
    return name;
  }

  Path folder() {
    return folder;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  public long version() {
    return snapshot.getVersion();
  }

  /** What the table is, out of its log. */
  public TableDefinition definition() {
    SnapshotImpl log = (SnapshotImpl) snapshot;
    String statistics = properties().getOrDefault("delta.dataSkippingStatsColumns", "");
    return new TableDefinition(
        name,
        log.getMetadata().getDescription().orElse(""),
        schema(),
        snapshot.getPartitionColumnNames().stream().findFirst(),
        statistics.isEmpty() ? List.of() : List.of(statistics.split(",")));
  }

  /** Who wrote each data file since a version, by the file's name. */
  public Map<String, Authorship> authorsSince(long version) {
    return CommitTexts.authors(lake, this, version);
  }

  /** What is read: this table at its version, and those that say which of its rows are seen. */
  public List<TableVersion> versions() {
    return Stream.concat(Stream.of(new TableVersion(name, version())), seenBy.stream()).toList();
  }

  /** The column that tells slices apart; empty where none does. */
  public Optional<String> partitionBy() {
    return snapshot.getPartitionColumnNames().stream().findFirst();
  }

  /** Table properties as the log has them. */
  public Map<String, String> properties() {
    return snapshot.getTableProperties();
  }

  /** Whether the table has a column, by Kernel alone. */
  public boolean hasColumn(String column) {
    return snapshot.getSchema().indexOf(column) >= 0;
  }

  /** The schema, without reading data. */
  public StructType schema() {
    return (StructType)
        DataType.fromJson(
            io.delta.kernel.internal.types.DataTypeJsonSerDe.serializeStructType(
                snapshot.getSchema()));
  }

  /** All rows of this version (that are seen), by Spark. */
  public Dataset<org.apache.spark.sql.Row> read() {
    return seenRows.apply(
        isPlain()
            ? PinnedRelation.read(lake, folder, version(), logFiles())
            : lake.spark()
                .read()
                .format("delta")
                .option("versionAsOf", version())
                .load(folder.toString()));
  }

  /**
   * The rows that another version of the table may not have: those of the files that it lacks, or
   * all where files alone don't tell.
   */
  public Dataset<org.apache.spark.sql.Row> readBeside(PinnedTable other) {
    return isPlain() && other.isPlain()
        ? PinnedRelation.read(lake, folder, version(), filesBeside(other))
        : read();
  }

  /**
   * The data files of this version that are no longer there, where somebody has removed what the
   * log's newest version doesn't need. One listing of a folder.
   */
  public List<DataFile> missingFiles() {
    Set<String> there = TableFolder.names(lake, name);
    // A name is never used twice, so the name without its folder will do.
    return logFiles().stream().filter(file -> !there.contains(file.name())).toList();
  }

  /** Rows of this version, from the log alone where it tells. */
  public long count() {
    return isPlain() && logFiles().stream().allMatch(file -> file.rows() >= 0)
        ? logFiles().stream().mapToLong(DataFile::rows).sum()
        : read().count();
  }

  /** The files that another version of the table lacks, or all where files alone don't tell. */
  public List<DataFile> filesBeside(PinnedTable other) {
    if (!isPlain() || !other.isPlain()) {
      return logFiles();
    }
    // By name, which is never used twice: a branch's log writes main's paths otherwise.
    Set<String> known = other.logFiles().stream().map(DataFile::name).collect(toSet());
    return logFiles().stream().filter(file -> !known.contains(file.name())).toList();
  }

  /** Whether each file stands for all its rows, under the names that it has in the log. */
  public boolean isPlain() {
    return logFiles().stream().noneMatch(DataFile::vector)
        && properties().getOrDefault("delta.columnMapping.mode", "none").equals("none");
  }

  /** Rows of this version, by Kernel: for small tables. */
  public List<Map<String, Object>> rows() {
    return KernelRows.read(lake.engine(), lake.fileRows(), scanned(), scanned().rows());
  }

  /** Rows of one partition of this version, by Kernel: for small tables. Read once. */
  public List<Map<String, Object>> rows(String partitionColumn, String value) {
    return partitions.computeIfAbsent(
        partitionColumn + "=" + value,
        key ->
            List.copyOf(
                KernelRows.read(
                    lake.engine(),
                    lake.fileRows(),
                    scanned(),
                    scanned().of(partitionColumn, value))));
  }

  /** The files that a reading by Kernel goes through, listed once for all partitions. */
  synchronized KernelRows.Files scanned() {
    if (scanned == null) {
      scanned = KernelRows.files(lake.engine(), snapshot, Optional.empty());
    }
    return scanned;
  }

  /** Rows of the partition of one date of this version, by Kernel: for small results. */
  public List<Map<String, Object>> rows(String partitionColumn, LocalDate date) {
    return rows(partitionColumn, date.toString());
  }

  /** How often persons were erased from the table: what stands in older versions can't be read. */
  public long erasures() {
    return counter(Rewriting.ERASURES);
  }

  /** How often a transaction's counter has moved; 0 where never. */
  public long counter(String applicationId) {
    return counters().getOrDefault(applicationId, 0L);
  }

  /** All counters, in one reading of the log: Kernel's own answer reads it for each. */
  private synchronized Map<String, Long> counters() {
    if (counters == null) {
      counters = LogCounters.read(lake.engine(), snapshot);
    }
    return counters;
  }

  /** The live files, from the log alone but where a file mixes runs. */
  public synchronized List<DataFile> files() {
    if (files == null) {
      files = logFiles();
    }
    return files;
  }

  /** The live files with the runs that wrote them, whoever sees this version. */
  synchronized List<DataFile> logFiles() {
    if (logFiles == null) {
      logFiles = List.copyOf(listFiles());
    }
    return logFiles;
  }

  /** The slices of a table that is partitioned by one column, by that column's value. */
  public Map<String, SliceState> slices(String partitionColumn) {
    Map<String, List<DataFile>> files = new TreeMap<>();
    for (DataFile file : files()) {
      files
          .computeIfAbsent(file.partition().get(partitionColumn), key -> new ArrayList<>())
          .add(file);
    }
    Map<String, SliceState> slices = new TreeMap<>();
    files.forEach((key, of) -> slices.put(key, state(key, of)));
    return slices;
  }

  private static SliceState state(String key, List<DataFile> files) {
    Set<String> runIds = new TreeSet<>();
    Set<String> names = new TreeSet<>();
    long rows = 0;
    long bytes = 0;
    for (DataFile file : files) {
      bytes += file.bytes();
      runIds.addAll(file.runIds());
      names.add(file.name());
      rows += file.rows();
    }
    return new SliceState(key, runIds, rows, bytes, names);
  }

  /** One slice; empty where it has no rows. */
  public SliceState slice(String partitionColumn, String key) {
    return slices(partitionColumn).getOrDefault(key, SliceState.empty(key));
  }

  /** Whether the slice is, as of this version, the result of this very run (which may be empty). */
  public boolean holds(String partitionColumn, String key, String runId) {
    return holds(slice(partitionColumn, key), runId);
  }

  /** Whether a slice of this table is the result of this very run. */
  public boolean holds(SliceState slice, String runId) {
    if (!slice.runIds().isEmpty()) {
      return slice.runIds().equals(Set.of(runId));
    }
    long counter = counter(SlicePublisher.counterId(slice.key()));
    return counter > 0 && counter(SlicePublisher.emptyId(slice.key(), runId)) == counter;
  }

  /** Slices that are, as of this version, the empty result of a run, by key, with that run. */
  public Map<String, String> emptied() {
    return SlicePublisher.emptied(counters());
  }

  /** Names of this version's files, as Kernel finds them; no file is opened. */
  public Set<String> names() {
    Set<String> names = new java.util.HashSet<>();
    try (CloseableIterator<FilteredColumnarBatch> batches =
        snapshot.getScanBuilder().build().getScanFiles(lake.engine())) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            String path = InternalScanFileUtils.getAddFileStatus(rows.next()).getPath();
            names.add(path.substring(path.lastIndexOf('/') + 1));
          }
        }
      }
    } catch (IOException e) {
      throw new UnavailableException(name + ": its log can't be read: " + e.getMessage(), e);
    }
    return names;
  }

  private List<DataFile> listFiles() {
    List<DataFile> found = new ArrayList<>();
    Scan scan = snapshot.getScanBuilder().build();
    try (CloseableIterator<FilteredColumnarBatch> batches =
        ((ScanImpl) scan).getScanFiles(lake.engine(), true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            found.add(dataFile(rows.next()));
          }
        }
      }
    } catch (IOException e) {
      throw new UnavailableException(name + ": its log can't be read: " + e.getMessage(), e);
    }
    found.sort(java.util.Comparator.comparing(DataFile::path));
    return found;
  }

  private DataFile dataFile(Row scanFile) throws IOException {
    FileStatus status = InternalScanFileUtils.getAddFileStatus(scanFile);
    Row add = scanFile.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    int ordinal = InternalScanFileUtils.ADD_FILE_STATS_ORDINAL;
    JsonNode stats = JSON.readTree(add.isNullAt(ordinal) ? "{}" : add.getString(ordinal));
    String least = stats.path("minValues").path("run_id").asText("");
    String greatest = stats.path("maxValues").path("run_id").asText("");
    Map<String, String> minimums = new HashMap<>();
    stats
        .path("minValues")
        .fields()
        .forEachRemaining(e -> minimums.put(e.getKey(), e.getValue().asText()));
    boolean told = !least.isEmpty() && least.equals(greatest);
    boolean hasRuns = hasColumn("run_id");
    Set<String> runIds =
        told
            ? Set.of(least)
            : hasRuns ? KernelRows.distinct(lake.engine(), status, "run_id") : Set.of();
    return new DataFile(
        status.getPath(),
        add.getString(add.getSchema().indexOf("path")),
        status.getSize(),
        status.getModificationTime(),
        !add.isNullAt(add.getSchema().indexOf("deletionVector")),
        InternalScanFileUtils.getPartitionValues(scanFile),
        stats.path("numRecords").asLong(-1),
        runIds,
        minimums);
  }
}
