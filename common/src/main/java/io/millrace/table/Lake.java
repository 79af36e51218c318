package io.millrace.table;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
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
  private final Optional<Trunk> trunk;
  private final FileRows fileRows = new FileRows();
  private final Map<String, Newest> newest = new ConcurrentHashMap<>();
  private final Optional<Map<String, Optional<PinnedTable>>> still;
  private final Map<String, PinnedTable> ofTrunk = new ConcurrentHashMap<>();
  private final OpenMerges openMerges;

  /**
   * A table that was the newest version when its log was read.
   *
   * @param commit the file of that version's commit
   */
  private record Newest(PinnedTable table, FileStatus commit) {}

  /**
   * What a branch reads where it has written nothing itself.
   *
   * @param versions the version of each table at which the branch left
   */
  private record Trunk(Lake lake, Map<String, Long> versions) {}

  private Lake(
      Path root, Configuration configuration, Supplier<SparkSession> spark, Optional<Trunk> trunk) {
    this(root, configuration, KernelEngine.of(configuration), spark, trunk, Optional.empty());
  }

  private Lake(
      Path root,
      Configuration configuration,
      Engine engine,
      Supplier<SparkSession> spark,
      Optional<Trunk> trunk,
      Optional<Map<String, Optional<PinnedTable>>> still) {
    this.root = root;
    this.configuration = configuration;
    this.engine = engine;
    this.spark = spark;
    this.trunk = trunk;
    this.openMerges = new OpenMerges(this);
    this.still = still;
  }

  /**
   * The same lake for one who only looks: each table stays at the version that it had when it was
   * first asked for, or isn't there. It has no session.
   */
  public Lake still() {
    return new Lake(
        root,
        configuration,
        engine,
        () -> {
          throw new IllegalStateException("a lake that is only looked at has no session");
        },
        trunk,
        Optional.of(new ConcurrentHashMap<>()));
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
    Configuration configuration = HadoopSettings.ours();
    settings.forEach(configuration::set);
    Path given = new Path(uri);
    try {
      if (ObjectStore.holds(given)) {
        ObjectStore.reach(given, configuration);
      }
      FileSystem files = given.getFileSystem(configuration);
      return new Lake(files.makeQualified(given), configuration, spark, Optional.empty());
    } catch (IOException e) {
      throw new UnavailableException(
          "lake " + uri + ": can't be reached: " + e.getMessage() + "; check --lake", e);
    }
  }

  /**
   * Loads the classes and settings that opening any lake needs, on a thread of its own, so that a
   * process can read its arguments meanwhile. A fault is left to the one who opens a lake.
   */
  public static void warmUp() {
    if (HadoopSettings.SHORT) {
      HadoopResources.use();
    }
    Thread thread =
        new Thread(
            () -> {
              try {
                Configuration configuration = HadoopSettings.ours();
                FileSystem.getLocal(configuration);
                KernelEngine.of(configuration);
              } catch (IOException | RuntimeException | LinkageError e) {
                System.getLogger(Lake.class.getName())
                    .log(System.Logger.Level.DEBUG, "not warmed up", e);
              }
            },
            "warm-up");
    thread.setDaemon(true);
    thread.start();
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

  static String firstLine(Exception e) {
    String text = String.valueOf(e.getMessage());
    return text.lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  public String root() {
    return root.toString();
  }

  /**
   * A branch of this lake: what is written on it lies in a folder of its own below this lake, the
   * rest is read from here.
   *
   * @param folder its folder below this lake
   * @param versions the version of each table at which it left; what isn't named isn't there
   */
  public Lake branch(String folder, Map<String, Long> versions) {
    Trunk from = new Trunk(this, Map.copyOf(versions));
    return new Lake(new Path(root, folder), configuration, spark, Optional.of(from));
  }

  /** Whether this is a branch of another lake. */
  public boolean isBranch() {
    return trunk.isPresent();
  }

  /**
   * The folder into which a table or files are written: {@code raw/contacts}, {@code
   * models/bank/1f2e…}.
   */
  public Path path(String name) {
    return new Path(root, name);
  }

  /** The folder in which files are found: on a branch that of main, where it has none itself. */
  public Path found(String name) {
    return trunk.isEmpty() || status(path(name)).isPresent()
        ? path(name)
        : trunk.get().lake().found(name);
  }

  /** The version at which a branch left a table of main; empty for a table of its own. */
  OptionalLong leftAt(String name) {
    Long version = trunk.map(from -> from.versions().get(name)).orElse(null);
    return version == null ? OptionalLong.empty() : OptionalLong.of(version);
  }

  /** Whether a branch has a log of its own of a table of main. */
  boolean isCloned(String name) {
    OptionalLong left = leftAt(name);
    return left.isPresent() && status(commit(path(name), left.getAsLong())).isPresent();
  }

  /**
   * Makes a table of main the branch's now, for other tools that write it by its folder.
   *
   * @return the folder
   * @throws SpecException where main had no such table when the branch left
   */
  public Path cloned(String name) {
    if (!TableClone.ensure(this, name)) {
      throw new SpecException(
          name
              + ": main had no such table when the branch left; "
              + Nearest.mend(name, tables(), "tables"));
    }
    return path(name);
  }

  /** The folder whose log has a version of a table. */
  Path folder(String name, long version) {
    OptionalLong left = leftAt(name);
    return left.isPresent() && version <= left.getAsLong()
        ? trunk.orElseThrow().lake().folder(name, version)
        : path(name);
  }

  /** The folders in which the data files of a table can be. */
  List<Path> folders(String table) {
    List<Path> folders = new ArrayList<>();
    if (trunk.isEmpty() || status(path(table)).isPresent()) {
      folders.add(path(table));
    }
    trunk.ifPresent(from -> folders.addAll(from.lake().folders(table)));
    return folders;
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
   * The newest version of a table, pinned; empty where there is no such table yet. While a merge
   * lands, that of before it.
   */
  public Optional<PinnedTable> latest(String name) {
    return still
        .map(seen -> seen.computeIfAbsent(name, this::landed))
        .orElseGet(() -> landed(name));
  }

  private Optional<PinnedTable> landed(String name) {
    OptionalLong before = openMerges.before(name);
    if (before.isEmpty()) {
      return newest(name);
    }
    return before.getAsLong() < 0 ? Optional.empty() : Optional.of(at(name, before.getAsLong()));
  }

  /**
   * The newest version, whatever lands. A log that hasn't grown since isn't read again: versions
   * have no gaps, so its next commit's file tells.
   */
  Optional<PinnedTable> newest(String name) {
    Newest known = newest.get(name);
    if (known != null && isNewest(known)) {
      return Optional.of(known.table());
    }
    OptionalLong left = leftAt(name);
    if (left.isPresent() && !isCloned(name)) {
      return Optional.of(ofTrunk.computeIfAbsent(name, any -> at(name, left.getAsLong())));
    }
    try {
      Path folder = path(name);
      PinnedTable table =
          new PinnedTable(
              this,
              name,
              folder,
              io.delta.kernel.Table.forPath(engine, folder.toString()).getLatestSnapshot(engine));
      status(commit(folder, table.version()))
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
    Path folder = path(known.table().name());
    long version = known.table().version();
    // The commit's own file tells a table that was deleted and made anew.
    return status(commit(folder, version + 1)).isEmpty()
        && status(commit(folder, version))
            .filter(now -> now.getModificationTime() == known.commit().getModificationTime())
            .filter(now -> now.getLen() == known.commit().getLen())
            .isPresent();
  }

  /** The file of a version's commit. */
  Path commit(String name, long version) {
    return commit(folder(name, version), version);
  }

  static Path commit(Path folder, long version) {
    return new Path(folder, "_delta_log/%020d.json".formatted(version));
  }

  Optional<FileStatus> status(Path file) {
    try {
      return Optional.of(files().getFileStatus(file));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UnavailableException("lake " + file + ": " + firstLine(e), e);
    }
  }

  /** Whether a table has a log, be it that a clean-up or an erasure took its beginning. */
  boolean hasLog(String name) {
    Path folder = path(name);
    return status(commit(folder, 0)).isPresent()
        || status(new Path(folder, "_delta_log/_last_checkpoint")).isPresent();
  }

  /** A table as of a version. Up to the one at which a branch left, versions are main's. */
  public PinnedTable at(String name, long version) {
    Path folder = folder(name, version);
    return new PinnedTable(
        this,
        name,
        folder,
        io.delta.kernel.Table.forPath(engine, folder.toString())
            .getSnapshotAsOfVersion(engine, version));
  }

  /** Names of all tables, sorted: folders at depth one or two that hold a Delta log. */
  public List<String> tables() {
    TreeSet<String> names = new TreeSet<>(ownTables());
    trunk.ifPresent(from -> names.addAll(from.versions().keySet()));
    return List.copyOf(names);
  }

  /**
   * Of these, those with a version to read: not one whose first write was killed or hasn't landed.
   */
  public List<String> readable() {
    return tables().stream().filter(name -> latest(name).isPresent()).toList();
  }

  /** The tables that have been written here; on a branch, without those of main. */
  public List<String> ownTables() {
    return TableNames.below(root, files());
  }
}
