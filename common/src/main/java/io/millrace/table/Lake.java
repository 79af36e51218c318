package io.millrace.table;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.millrace.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A lake: one root, all tables below it, no other state. Reads by Delta Kernel need no Spark; the
 * session is made when something first asks for it.
 */
public final class Lake {

  private final Path root;
  private final Configuration configuration;
  private final Engine engine;
  private final Supplier<SparkSession> spark;
  private final FileRows fileRows = new FileRows();
  private final Map<String, Newest> newest = new ConcurrentHashMap<>();

  /**
   * A table that was the newest version when its log was read.
   *
   * @param commit the file of that version's commit
   */
  private record Newest(PinnedTable table, FileStatus commit) {}

  private Lake(Path root, Configuration configuration, Supplier<SparkSession> spark) {
    this.root = root;
    this.configuration = configuration;
    this.engine = DefaultEngine.create(configuration);
    this.spark = spark;
  }

  /**
   * Opens a lake for reading; nothing is made.
   *
   * @param uri a folder or a Hadoop URI
   * @param spark gives the session; called only by what needs Spark
   */
  public static Lake open(String uri, Supplier<SparkSession> spark) {
    return open(uri, Map.of(), spark);
  }

  /**
   * Opens a lake for reading; nothing is made. An object store is asked whether it is there.
   *
   * @param settings of Hadoop, which win over ours
   * @throws UnavailableException where its file system can't be reached
   * @throws io.millrace.SpecException where the URI can't be one of a lake
   */
  public static Lake open(String uri, Map<String, String> settings, Supplier<SparkSession> spark) {
    ObjectStore.check(uri);
    Configuration configuration = configuration();
    settings.forEach(configuration::set);
    Path given = new Path(uri);
    try {
      if (ObjectStore.holds(given)) {
        ObjectStore.reach(given, configuration);
      }
      FileSystem files = given.getFileSystem(configuration);
      return new Lake(files.makeQualified(given), configuration, spark);
    } catch (IOException e) {
      throw new UnavailableException(
          "lake " + uri + ": can't be reached: " + e.getMessage() + "; check --lake", e);
    }
  }

  /** Hadoop settings with our log stores, the same for Kernel and Spark. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set("io.delta.kernel.logStore.file.impl", HardLinkLogStore.class.getName());
    ObjectStore.SETTINGS.forEach(configuration::set);
    LocalFiles.SETTINGS.forEach(configuration::set);
    return configuration;
  }

  /** Fails early, and in one line, where nothing can be written. */
  public void requireWritable() {
    if (ObjectStore.holds(root)) {
      ObjectStore.requireConditionalWrites(files(), root);
      return;
    }
    try {
      FileSystem files = root.getFileSystem(configuration);
      files.mkdirs(root);
      Path probe = new Path(root, "._probe_" + java.util.UUID.randomUUID());
      files.create(probe, true).close();
      files.delete(probe, false);
    } catch (IOException e) {
      throw new UnavailableException(
          "lake "
              + root.toUri().getPath()
              + ": can't be written to ("
              + firstLine(e)
              + "); give a folder of yours by --lake, or mend its permissions",
          e);
    }
  }

  private static String firstLine(Exception e) {
    String text = String.valueOf(e.getMessage());
    return text.lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  public String root() {
    return root.toString();
  }

  /** The folder of a table or of files: {@code raw/contacts}, {@code models/bank/1f2e…}. */
  public Path path(String name) {
    return new Path(root, name);
  }

  public FileSystem files() {
    try {
      return root.getFileSystem(configuration);
    } catch (IOException e) {
      throw new UnavailableException("lake " + root + ": " + firstLine(e), e);
    }
  }

  public Configuration hadoop() {
    return configuration;
  }

  Engine engine() {
    return engine;
  }

  /** Files that were read by Kernel. */
  FileRows fileRows() {
    return fileRows;
  }

  /** The Spark session, made now if it isn't yet. */
  public SparkSession spark() {
    return spark.get();
  }

  /**
   * The newest version of a table, pinned; empty where there is no such table yet. A log that
   * hasn't grown since isn't read again: versions have no gaps, so its next commit's file tells.
   */
  public Optional<PinnedTable> latest(String name) {
    Newest known = newest.get(name);
    if (known != null && isNewest(known)) {
      return Optional.of(known.table());
    }
    try {
      PinnedTable table =
          new PinnedTable(
              this,
              name,
              io.delta.kernel.Table.forPath(engine, path(name).toString())
                  .getLatestSnapshot(engine));
      status(commit(name, table.version()))
          .ifPresentOrElse(
              commit -> newest.put(name, new Newest(table, commit)), () -> newest.remove(name));
      return Optional.of(table);
    } catch (TableNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Reads the table's log anew when it is next asked for. */
  void forget(String name) {
    newest.remove(name);
  }

  private boolean isNewest(Newest known) {
    String name = known.table().name();
    long version = known.table().version();
    // The commit's own file tells a table that was deleted and made anew.
    return status(commit(name, version + 1)).isEmpty()
        && status(commit(name, version))
            .filter(now -> now.getModificationTime() == known.commit().getModificationTime())
            .filter(now -> now.getLen() == known.commit().getLen())
            .isPresent();
  }

  private Path commit(String name, long version) {
    return new Path(path(name), "_delta_log/%020d.json".formatted(version));
  }

  private Optional<FileStatus> status(Path file) {
    try {
      return Optional.of(files().getFileStatus(file));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UnavailableException("lake " + file + ": " + firstLine(e), e);
    }
  }

  /** A table as of a version. */
  public PinnedTable at(String name, long version) {
    return new PinnedTable(
        this,
        name,
        io.delta.kernel.Table.forPath(engine, path(name).toString())
            .getSnapshotAsOfVersion(engine, version));
  }

  /** Names of all tables, sorted: folders at depth one or two that hold a Delta log. */
  public List<String> tables() {
    List<String> names = new ArrayList<>();
    for (String first : folders("")) {
      if (isTable(first)) {
        names.add(first);
        continue;
      }
      for (String second : folders(first + "/")) {
        if (isTable(first + "/" + second)) {
          names.add(first + "/" + second);
        }
      }
    }
    names.sort(null);
    return names;
  }

  private boolean isTable(String name) {
    try {
      return files().exists(new Path(path(name), "_delta_log"));
    } catch (IOException e) {
      throw new UnavailableException(name + ": " + firstLine(e), e);
    }
  }

  private List<String> folders(String prefix) {
    List<String> names = new ArrayList<>();
    Path folder = prefix.isEmpty() ? root : path(prefix.substring(0, prefix.length() - 1));
    try {
      for (FileStatus status : files().listStatus(folder)) {
        String name = status.getPath().getName();
        if (status.isDirectory() && !name.startsWith("_") && !name.startsWith(".")) {
          names.add(name);
        }
      }
    } catch (FileNotFoundException e) {
      return names;
    } catch (IOException e) {
      throw new UnavailableException("lake " + folder + ": " + firstLine(e), e);
    }
    return names;
  }
}
