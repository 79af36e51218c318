package io.millrace.table;

import static io.millrace.table.TableDefinition.column;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Which files a raw table holds. The truth is in the raw table's commits, which name their files;
 * the table {@code files} is an index of them that is brought up to date before it is believed.
 */
public final class FileLedger {

  private final Lake lake;
  private final String source;
  private final SmallTable table;

  public FileLedger(Lake lake, String source) {
    this.lake = lake;
    this.source = source;
    this.table = new SmallTable(lake, definition());
  }

  /** The table of files. */
  public static TableDefinition definition() {
    StructType schema =
        new StructType(
            new StructField[] {
              column("pipeline", DataTypes.StringType, "Source; the partition of this table"),
              column("source", DataTypes.StringType, "Source"),
              column("file", DataTypes.StringType, "Name below the fixed part of the glob"),
              column("bytes", DataTypes.LongType, "Size"),
              column("modified_at", DataTypes.LongType, "Milliseconds since 1970; a hint"),
              column("sha256", DataTypes.StringType, "SHA-256 of its bytes"),
              column("day", DataTypes.StringType, "Day of the snapshot; empty for appended files"),
              column("run_id", DataTypes.StringType, "Run that took it in"),
              column("version", DataTypes.LongType, "Version of the raw table that holds it")
            });
    return new TableDefinition(
        "files",
        "Files that have been taken in, once each",
        schema,
        Optional.of("pipeline"),
        List.of("run_id"));
  }

  /** Files of the raw table at a pinned version, by day and name; later ones supersede. */
  public Map<String, SourceFileEntry> entries(PinnedTable raw) {
    return entries(raw, this::add);
  }

  /** As {@link #entries(PinnedTable)}, for one who writes nothing. */
  public Map<String, SourceFileEntry> seen(PinnedTable raw) {
    return entries(raw, (version, files) -> {});
  }

  private Map<String, SourceFileEntry> entries(
      PinnedTable raw, BiConsumer<Long, List<SourceFileEntry>> missing) {
    List<Map<String, Object>> rows = table.rows(source);
    Map<Long, List<SourceFileEntry>> byVersion = new java.util.TreeMap<>();
    for (Map<String, Object> row : rows) {
      long version = (Long) row.get("version");
      byVersion.computeIfAbsent(version, v -> new ArrayList<>()).add(SourceFileEntry.of(row));
    }
    long indexed = byVersion.keySet().stream().mapToLong(v -> v).max().orElse(0);
    for (long v = indexed + 1; v <= raw.version(); v++) {
      List<SourceFileEntry> files = filesOf(raw.name(), v);
      if (!files.isEmpty() && !Reversal.isUndone(lake, raw, v)) {
        missing.accept(v, files);
        byVersion.put(v, files);
      }
    }
    Map<String, SourceFileEntry> entries = new LinkedHashMap<>();
    byVersion.forEach(
        (version, files) -> {
          if (version <= raw.version()) {
            take(entries, files);
          }
        });
    return entries;
  }

  /** Adds what one ingest takes in; a snapshot's day replaces all files of that day. */
  public static void take(Map<String, SourceFileEntry> entries, List<SourceFileEntry> files) {
    files.stream()
        .map(SourceFileEntry::day)
        .filter(day -> !day.isEmpty())
        .distinct()
        .forEach(day -> entries.values().removeIf(e -> e.day().equals(day)));
    files.forEach(file -> entries.put(file.day() + "/" + place(file), file));
  }

  /** Two files may have had names that are one since persons were erased from them. */
  private static String place(SourceFileEntry file) {
    return file.isNameless() ? file.name() + "@" + file.sha256() : file.name();
  }

  /** The run that took files in last; empty where none has, or where its commit is gone. */
  public Optional<RunRow> lastRun(PinnedTable raw) {
    return table.rows(source).stream()
        .map(row -> (Long) row.get("version"))
        .filter(version -> version <= raw.version())
        .max(Long::compare)
        .flatMap(
            version ->
                CommitTexts.runs(lake, raw.name(), version).stream()
                    .filter(run -> !run.files().isEmpty())
                    .findFirst());
  }

  private List<SourceFileEntry> filesOf(String name, long version) {
    return CommitTexts.runs(lake, name, version).stream()
        .flatMap(run -> run.files().stream())
        .toList();
  }

  /** Adds the files of one commit, once. */
  public void add(long version, List<SourceFileEntry> files) {
    table.append(
        source,
        "files/" + source + "@" + version,
        files.stream().map(file -> file.row(source, version)).toList());
  }
}
