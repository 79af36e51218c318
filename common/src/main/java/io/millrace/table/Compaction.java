package io.millrace.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.Operation;
import io.delta.kernel.Table;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.json.JsonUtils;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.millrace.UnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * The small files of a table of facts, which gets one with each run, as few larger ones with the
 * same rows: a reader opens each file. Nothing is deleted; older versions keep the old files.
 */
public final class Compaction {

  /** So many of a partition are worth it. */
  private static final int LEAST_FILES = 16;

  /** A larger one stays as it is. */
  private static final long SMALL_BYTES = 4L << 20;

  /** What is joined to one file at most, so that its rows fit in memory. */
  private static final long JOINED_BYTES = 32L << 20;

  private final Lake lake;
  private final PinnedTable table;
  private final List<Joined> joined;

  /**
   * Files that become one.
   *
   * @param pipeline their partition
   * @param files as a scan has them, oldest first
   */
  private record Joined(String pipeline, List<Row> files) {}

  private Compaction(Lake lake, PinnedTable table, List<Joined> joined) {
    this.lake = lake;
    this.table = table;
    this.joined = joined;
  }

  /**
   * What is to be joined in the newest version of a table, out of its log alone.
   *
   * @param name a table
   * @return empty where it isn't a table of facts, or has few files
   */
  public static Optional<Compaction> of(Lake lake, String name) {
    return lake.latest(name)
        .filter(table -> table.partitionBy().equals(Optional.of(SmallTable.PARTITION)))
        .map(table -> new Compaction(lake, table, groups(table)))
        .filter(compaction -> !compaction.joined.isEmpty());
  }

  public String table() {
    return table.name();
  }

  /** How many files go. */
  public int files() {
    return joined.stream().mapToInt(one -> one.files().size()).sum();
  }

  /** How many take their place. */
  public int become() {
    return joined.size();
  }

  private static List<Joined> groups(PinnedTable table) {
    Map<String, List<Row>> small = new TreeMap<>();
    KernelRows.Files files = table.scanned();
    for (Row file : files.rows()) {
      String pipeline = InternalScanFileUtils.getPartitionValues(file).get(SmallTable.PARTITION);
      if (pipeline != null
          && files.isPlain(file)
          && InternalScanFileUtils.getAddFileStatus(file).getSize() < SMALL_BYTES) {
        small.computeIfAbsent(pipeline, key -> new ArrayList<>()).add(file);
      }
    }
    List<Joined> groups = new ArrayList<>();
    small.forEach(
        (pipeline, all) -> {
          if (all.size() >= LEAST_FILES) {
            groups.addAll(split(pipeline, all));
          }
        });
    return groups;
  }

  private static List<Joined> split(String pipeline, List<Row> files) {
    Comparator<FileStatus> age =
        Comparator.comparing(FileStatus::getModificationTime).thenComparing(FileStatus::getPath);
    List<Row> sorted = new ArrayList<>(files);
    sorted.sort(Comparator.comparing(InternalScanFileUtils::getAddFileStatus, age));
    List<Joined> groups = new ArrayList<>();
    List<Row> group = new ArrayList<>();
    long bytes = 0;
    for (Row file : sorted) {
      long more = InternalScanFileUtils.getAddFileStatus(file).getSize();
      if (bytes + more > JOINED_BYTES) {
        groups.add(new Joined(pipeline, List.copyOf(group)));
        group.clear();
        bytes = 0;
      }
      group.add(file);
      bytes += more;
    }
    if (group.size() > 1) {
      groups.add(new Joined(pipeline, List.copyOf(group)));
    }
    return groups;
  }

  /**
   * Joins them in one commit that changes no row.
   *
   * @return false where somebody has written the table since it was looked at; nothing is changed
   *     then
   */
  public boolean commit() {
    Engine engine = lake.engine();
    List<ObjectNode> actions = new ArrayList<>(List.of(LogActions.info("OPTIMIZE")));
    List<String> written = new ArrayList<>();
    try {
      Transaction transaction =
          Table.forPath(engine, table.folder().toString())
              .createTransactionBuilder(engine, "Millrace", Operation.WRITE)
              .build(engine);
      if (transaction.getReadTableVersion() != table.version()) {
        return false;
      }
      SmallTable facts = new SmallTable(lake, table.definition());
      for (Joined one : joined) {
        one.files().forEach(file -> actions.add(removal(file)));
        List<Map<String, Object>> rows =
            KernelRows.read(engine, lake.fileRows(), table.scanned(), one.files());
        try (CloseableIterator<Row> added =
            facts.write(transaction, one.pipeline(), rows).iterator()) {
          while (added.hasNext()) {
            ObjectNode action =
                (ObjectNode) LogActions.JSON.readTree(JsonUtils.rowToJson(added.next()));
            ((ObjectNode) action.get("add")).put("dataChange", false);
            written.add(action.get("add").get("path").asText());
            actions.add(action);
          }
        }
      }
      boolean committed =
          LogActions.write(lake, Lake.commit(table.folder(), table.version() + 1), actions);
      if (!committed) {
        written.forEach(this::forget);
      }
      return committed;
    } catch (IOException e) {
      throw new UnavailableException(
          table.name() + ": its files can't be joined: " + e.getMessage(), e);
    }
  }

  /**
   * A file of a commit that surely didn't come about. Where that isn't sure the files stay, and a
   * vacuum takes them.
   */
  private void forget(String logPath) {
    Path path = LogActions.file(LogActions.prefix(table.folder()) + logPath);
    try {
      lake.files().delete(path, false);
    } catch (IOException e) {
      System.getLogger(Compaction.class.getName())
          .log(System.Logger.Level.DEBUG, path + " stays", e);
    }
  }

  private static ObjectNode removal(Row file) {
    Row add = file.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    ObjectNode action = LogActions.removal(add.getString(add.getSchema().indexOf("path")), false);
    ObjectNode remove = (ObjectNode) action.get("remove");
    remove.put("extendedFileMetadata", true);
    ObjectNode partition = remove.putObject("partitionValues");
    InternalScanFileUtils.getPartitionValues(file).forEach(partition::put);
    remove.put("size", InternalScanFileUtils.getAddFileStatus(file).getSize());
    return action;
  }
}
