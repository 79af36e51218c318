package io.millrace.jobs.submit;

import io.millrace.UnavailableException;
import io.millrace.table.HadoopSettings;
import io.millrace.table.Lake;
import io.millrace.table.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder of the lake by which launcher and driver speak where the cluster runs the driver: the
 * specs as they were at the launch go there, and how it ended comes back. It holds no secret: specs
 * name those by {@code ${NAME}}. The launcher takes it away at the end, also where it is ended
 * itself: that is how the driver learns of it ({@link Leash}).
 */
public final class Parcel implements AutoCloseable {

  /** Names the folder of specs; a Spark setting, so that it travels. */
  static final String CONF = "spark.millrace.conf";

  private static final String FOLDER = "_submitted";

  private final FileSystem files;
  private final Path folder;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Parcel(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /**
   * Makes one.
   *
   * @param conf the folder of specs; its YAML files and those of {@code env} are copied
   * @param more a spec elsewhere, as a path to a file; empty where there is none
   * @throws UnavailableException where the lake can't be written to
   */
  static Parcel pack(Lake lake, java.nio.file.Path conf, List<java.nio.file.Path> more) {
    Path folder = new Path(lake.path(FOLDER), UUID.randomUUID().toString());
    try {
      Parcel parcel = new Parcel(own(lake, folder), folder);
      parcel.copy(conf, new Path(folder, "conf"));
      parcel.copy(conf.resolve("env"), new Path(folder, "conf/env"));
      for (java.nio.file.Path file : more) {
        parcel.put(file, new Path(folder, "conf/" + file.getFileName()));
      }
      return parcel;
    } catch (IOException e) {
      throw new UnavailableException(
          "lake " + lake.root() + ": can't be written to (" + e.getMessage() + "); mend --lake", e);
    }
  }

  /**
   * Hadoop closes the others at the end of the process, while a launcher that is ended takes its
   * folder away.
   */
  private static FileSystem own(Lake lake, Path folder) throws IOException {
    Configuration settings = new Configuration(lake.hadoop());
    settings.setBoolean("fs.automatic.close", false);
    return FileSystem.newInstance(folder.toUri(), settings);
  }

  private void copy(java.nio.file.Path from, Path to) throws IOException {
    files.mkdirs(to);
    if (!Files.isDirectory(from)) {
      return;
    }
    try (Stream<java.nio.file.Path> found = Files.list(from)) {
      for (java.nio.file.Path file : found.filter(Parcel::isSpec).sorted().toList()) {
        put(file, new Path(to, file.getFileName().toString()));
      }
    }
  }

  private static boolean isSpec(java.nio.file.Path file) {
    return file.getFileName().toString().matches("[^.].*\\.ya?ml") && Files.isRegularFile(file);
  }

  private void put(java.nio.file.Path from, Path to) throws IOException {
    WholeFile.write(files, to, Files.readAllBytes(from));
  }

  String conf() {
    return new Path(folder, "conf").toString();
  }

  String returned() {
    return new Path(folder, "returned.json").toString();
  }

  /**
   * In the driver: the specs, fetched to a folder of its own.
   *
   * @throws UnavailableException where the lake can't be read
   */
  public static java.nio.file.Path unpack(String uri) {
    Path from = new Path(uri);
    try {
      FileSystem files = from.getFileSystem(HadoopSettings.submitted());
      java.nio.file.Path conf = Files.createTempDirectory("millrace-conf-");
      fetch(files, from, conf);
      fetch(files, new Path(from, "env"), Files.createDirectories(conf.resolve("env")));
      return conf;
    } catch (IOException e) {
      throw new UnavailableException(
          uri + ": the specs that the launcher put there can't be read: " + e.getMessage(), e);
    }
  }

  private static void fetch(FileSystem files, Path from, java.nio.file.Path to) throws IOException {
    for (FileStatus status : files.listStatus(from)) {
      if (status.isFile()) {
        try (var in = files.open(status.getPath())) {
          Files.copy(in, to.resolve(status.getPath().getName()));
        }
      }
    }
  }

  /** What {@link #conf} was in the process that made this one; empty where it made none. */
  public static java.util.Optional<String> asked() {
    return java.util.Optional.ofNullable(System.getProperty(CONF));
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return; // ended twice: with the process, and by what waits for the driver
    }
    try (files) {
      files.delete(folder, true);
      Path parent = folder.getParent();
      if (files.listStatus(parent).length == 0) {
        files.delete(parent, false);
      }
    } catch (IOException left) {
      // Some kilobytes stay in a folder that nothing reads.
      return;
    }
  }
}
