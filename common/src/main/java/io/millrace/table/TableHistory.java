package io.millrace.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A table's log, read from its first commit on: every file that it ever named, with the versions
 * that have it. One pass answers for all versions, where opening each would read the log as often.
 * Of a log that begins with a checkpoint it tells what has been since.
 */
public final class TableHistory {

  private static final Pattern COMMIT = Pattern.compile("[0-9]{20}\\.json");
  private static final int READERS = 8;

  private final String name;
  private final long first;
  private final List<Instant> committed;
  private final LogReplay replay;

  private TableHistory(String name, long first, List<Instant> committed, LogReplay replay) {
    this.name = name;
    this.first = first;
    this.committed = List.copyOf(committed);
    this.replay = replay;
  }

  /**
   * Somebody's VACUUM.
   *
   * @param version the table's, when it began
   */
  public record Vacuumed(long version, Instant at) {}

  /**
   * Reads the log up to its newest commit.
   *
   * @return empty where the log has lost commits, so that it doesn't tell all
   */
  public static Optional<TableHistory> of(Lake lake, String name) {
    List<FileStatus> commits = commits(lake, name);
    if (commits.isEmpty()) {
      return Optional.empty();
    }
    long first = version(commits.get(0));
    for (int i = 0; i < commits.size(); i++) {
      if (version(commits.get(i)) != first + i) {
        return Optional.empty();
      }
    }
    LogReplay replay = new LogReplay(lake.path(name).toString());
    if (first > 0) {
      Path checkpoint =
          new Path(lake.path(name), "_delta_log/%020d.checkpoint.parquet".formatted(first));
      if (lake.status(checkpoint).isEmpty()) {
        return Optional.empty();
      }
      replay.commit(first, LogActions.held(lake, lake.at(name, first)));
    }
    List<List<ObjectNode>> actions = read(lake, name, commits);
    for (int i = 0; i < actions.size(); i++) {
      replay.commit(first + i, actions.get(i));
    }
    return Optional.of(
        new TableHistory(
            name,
            first,
            commits.stream().map(c -> Instant.ofEpochMilli(c.getModificationTime())).toList(),
            replay));
  }

  private static long version(FileStatus commit) {
    return Long.parseLong(commit.getPath().getName().replace(".json", ""));
  }

  private static List<FileStatus> commits(Lake lake, String name) {
    List<FileStatus> commits = new ArrayList<>();
    try {
      for (FileStatus file : lake.files().listStatus(new Path(lake.path(name), "_delta_log"))) {
        if (COMMIT.matcher(file.getPath().getName()).matches()) {
          commits.add(file);
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new UnavailableException(name + ": its log can't be listed: " + e.getMessage(), e);
    }
    commits.sort(Comparator.comparing(file -> file.getPath().getName()));
    return commits;
  }

  /** Many at once: on an object store each takes a round trip. */
  private static List<List<ObjectNode>> read(Lake lake, String name, List<FileStatus> commits) {
    ExecutorService readers = Executors.newFixedThreadPool(Math.min(READERS, commits.size()));
    try {
      List<Future<List<ObjectNode>>> reading = new ArrayList<>();
      for (FileStatus commit : commits) {
        reading.add(readers.submit(() -> LogActions.read(lake, commit.getPath()).orElseThrow()));
      }
      List<List<ObjectNode>> actions = new ArrayList<>();
      for (Future<List<ObjectNode>> one : reading) {
        actions.add(one.get());
      }
      return actions;
    } catch (ExecutionException e) {
      throw new UnavailableException(
          name + ": its log can't be read: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException(name + ": interrupted", e);
    } finally {
      readers.shutdownNow();
    }
  }

  /** The table. */
  public String name() {
    return name;
  }

  /** The oldest version that it tells of. */
  public long first() {
    return first;
  }

  /** The newest version when the log was read. */
  public long newest() {
    return first + committed.size() - 1;
  }

  /** When a version was committed, as Delta tells it: when its file was written. */
  public Instant committed(long version) {
    return committed.get((int) (version - first));
  }

  /**
   * The oldest version that was the newest at a moment or after it.
   *
   * <p>Should clocks have run backwards, then too old rather than too new a one.
   */
  public long currentSince(Instant moment) {
    for (long version = first; version < newest(); version++) {
      if (!committed(version + 1).isBefore(moment)) {
        return version;
      }
    }
    return newest();
  }

  /** Every file that the log names, once for each time that it came in. */
  public List<LoggedFile> files() {
    return replay.files();
  }

  /** The files of a version. */
  public List<LoggedFile> files(long version) {
    return replay.files().stream().filter(file -> file.in(version)).toList();
  }

  /** Names of files with a commit's change data, with its version. */
  public Map<String, Long> changeFiles() {
    return replay.changeFiles();
  }

  /** Versions of tables that a run read, in whichever commits its rows were written. */
  public Set<TableVersion> inputs(String runId) {
    return replay.inputs().getOrDefault(runId, Set.of());
  }

  /** The first VACUUM that began when a version had been committed. */
  public Optional<Vacuumed> vacuumedSince(long version) {
    return replay.vacuums().stream().filter(one -> one.version() > version).findFirst();
  }

  /**
   * Whether Kernel finds the same files in the newest version: two readers of the log that know
   * nothing of each other.
   */
  public boolean agreesWithKernel(Lake lake) {
    return lake.at(name, newest())
        .names()
        .equals(
            files(newest()).stream()
                .map(LoggedFile::name)
                .collect(java.util.stream.Collectors.toSet()));
  }
}
