package io.millrace.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.Table;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import io.millrace.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.delta.DeltaLog;

/**
 * Takes a table's past away: files that the newest version doesn't need, then the log before it.
 * What is done again goes on where it was killed.
 */
public final class Forgetting {

  /** What stands in a text where a value stood that told an erased person. */
  public static final String ERASED = "(erased)";

  /** Also what a process that was killed left of a checkpoint: dots before, a suffix behind. */
  private static final Pattern VERSIONED = Pattern.compile("\\.*(\\d{20})\\..*");

  private final Lake lake;
  private final String name;
  private final Path folder;
  private int files;
  private long bytes;

  private Forgetting(Lake lake, String name) {
    this.lake = lake;
    this.name = name;
    this.folder = lake.path(name);
  }

  /**
   * What was taken away.
   *
   * @param version the oldest that can still be opened
   * @param files data files
   */
  public record Forgotten(long version, int files, long bytes) {}

  /**
   * Leaves the newest version alone readable.
   *
   * @param unknown names of files that no version knows and that go too
   */
  public static Forgotten before(Lake lake, String table, Set<String> unknown) {
    try {
      return new Forgetting(lake, table).run(unknown);
    } catch (IOException e) {
      throw new UnavailableException(table + ": its past can't be removed: " + e.getMessage(), e);
    }
  }

  private Forgotten run(Set<String> unknown) throws IOException {
    lake.forget(name);
    PinnedTable newest = lake.latest(name).orElseThrow();
    checkpoint(newest.version());
    Set<String> gone = named(newest.version());
    gone.addAll(unknown);
    newest.logFiles().forEach(file -> gone.remove(file.name()));
    data(gone);
    log(newest.version());
    DeltaLog.invalidateCache(lake.spark(), folder);
    lake.forget(name);
    return new Forgotten(newest.version(), files, bytes);
  }

  /** The checkpoint comes first: without it the newest version needs the whole log. */
  private void checkpoint(long version) throws IOException {
    Engine engine = lake.engine();
    Path there = new Path(folder, "_delta_log/%020d.checkpoint.parquet".formatted(version));
    if (lake.files().exists(there)) {
      return;
    }
    try {
      Table.forPath(engine, folder.toString()).checkpoint(engine, version);
    } catch (CheckpointAlreadyExistsException e) {
      // In another form, or made at this moment: as good.
    }
  }

  /** Names of all data files that any commit up to a version adds or removes. */
  private Set<String> named(long version) throws IOException {
    Set<String> names = new HashSet<>();
    for (FileStatus file : lake.files().listStatus(new Path(folder, "_delta_log"))) {
      String commit = file.getPath().getName();
      if (commit.matches("\\d{20}\\.json") && versionOf(commit) <= version) {
        read(file.getPath(), names);
      }
    }
    return names;
  }

  private void read(Path commit, Set<String> names) {
    for (ObjectNode action : LogActions.read(lake, commit).orElse(List.of())) {
      for (String kind : List.of("add", "remove", "cdc")) {
        String path = action.path(kind).path("path").asText("");
        if (!path.isEmpty()) {
          String decoded = URI.create(path).getPath();
          names.add(decoded.substring(decoded.lastIndexOf('/') + 1));
        }
      }
    }
  }

  private void data(Set<String> gone) throws IOException {
    FileSystem store = lake.files();
    List<LocatedFileStatus> found = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> all = store.listFiles(folder, true);
    while (all.hasNext()) {
      LocatedFileStatus file = all.next();
      String path = file.getPath().toString();
      if (!path.contains("/_delta_log/") && gone.contains(file.getPath().getName())) {
        found.add(file);
      }
    }
    for (LocatedFileStatus file : found) {
      store.delete(file.getPath(), false);
      files++;
      bytes += file.getLen();
    }
  }

  /** The oldest first: what is left is always a log that ends with the checkpoint. */
  private void log(long version) throws IOException {
    FileSystem store = lake.files();
    List<Path> old = new ArrayList<>();
    try {
      for (FileStatus file : store.listStatus(new Path(folder, "_delta_log"))) {
        if (file.isFile() && versionOf(file.getPath().getName()) < version) {
          old.add(file.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return;
    }
    old.sort(null);
    for (Path file : old) {
      store.delete(file, false);
    }
  }

  private static long versionOf(String file) {
    Matcher matcher = VERSIONED.matcher(file);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
  }
}
