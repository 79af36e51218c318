package io.millrace.jobs.faults;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Local files as a process sees them whom {@link Faults} befall. */
public final class FaultyFiles extends RawLocalFileSystem {

  /** Hadoop settings that know it. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "fs.faulty.impl", FaultyFiles.class.getName(),
          "fs.AbstractFileSystem.faulty.impl", Context.class.getName(),
          "io.delta.kernel.logStore.faulty.impl", FaultyLogStore.class.getName());

  private static final long JUST = 300;

  private URI uri;
  private Faults faults;

  /** The same for Hadoop's newer interface. */
  public static final class Context extends DelegateToFileSystem {
    /** Called by Hadoop. */
    public Context(URI uri, Configuration configuration) throws Exception {
      super(uri, new FaultyFiles(), configuration, "faulty", true);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }
  }

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    super.initialize(name, configuration);
    uri = URI.create("faulty://" + name.getAuthority());
    faults = Faults.of(name.getAuthority());
    setWorkingDirectory(new Path(uri.toString() + "/"));
  }

  @Override
  public URI getUri() {
    // Asked for before it is known, while it is being made.
    return uri == null ? URI.create("faulty:///") : uri;
  }

  @Override
  public String getScheme() {
    return "faulty";
  }

  private Faults faults() {
    // A process of this name may have begun anew.
    faults = Faults.of(uri.getAuthority());
    return faults;
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    return created(
        () -> super.create(path, permission, overwrite, buffer, replication, block, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    return created(() -> super.create(path, overwrite, buffer, replication, block, progress));
  }

  @Override
  public FSDataOutputStream createNonRecursive(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    return created(
        () ->
            super.createNonRecursive(
                path, permission, overwrite, buffer, replication, block, progress));
  }

  private FSDataOutputStream created(Faults.Step<FSDataOutputStream> create) throws IOException {
    Faults now = faults();
    return now.step("create", () -> torn(now, create.run()));
  }

  /** What is written reaches the disk when the file is closed, half of it where that fails. */
  private static FSDataOutputStream torn(Faults faults, FSDataOutputStream out) throws IOException {
    return new FSDataOutputStream(new Torn(faults, out), null);
  }

  private static final class Torn extends FilterOutputStream {
    private final Faults faults;
    private boolean closed;

    Torn(Faults faults, OutputStream out) {
      super(out);
      this.faults = faults;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      faults.requireAlive();
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try {
        faults.step(
            "close",
            () -> {
              out.flush();
              return true;
            });
      } finally {
        out.close();
      }
    }
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return faults().step("rename", () -> super.rename(from, to));
  }

  @Override
  protected void rename(Path from, Path to, Options.Rename... options) throws IOException {
    faults()
        .step(
            "rename",
            () -> {
              super.rename(from, to, options);
              return true;
            });
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return faults().step("delete", () -> super.delete(path, recursive));
  }

  @Override
  public FSDataInputStream open(Path path, int buffer) throws IOException {
    faults().requireAlive();
    return super.open(path, buffer);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    faults().requireAlive();
    return plain(super.getFileStatus(path));
  }

  /** Without the owner and the rights, for which Hadoop would start a process. */
  private static FileStatus plain(FileStatus file) {
    return new FileStatus(
        file.getLen(),
        file.isDirectory(),
        file.getReplication(),
        file.getBlockSize(),
        file.getModificationTime(),
        file.getAccessTime(),
        file.isDirectory() ? FsPermission.getDirDefault() : FsPermission.getFileDefault(),
        "",
        "",
        file.getPath());
  }

  @Override
  public FileStatus getFileLinkStatus(Path path) throws IOException {
    return getFileStatus(path);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    Faults now = faults();
    now.requireAlive();
    FileStatus[] found =
        Arrays.stream(super.listStatus(path)).map(FaultyFiles::plain).toArray(FileStatus[]::new);
    if (!now.isStale()) {
      return found;
    }
    long just = System.currentTimeMillis() - JUST;
    return Arrays.stream(found)
        .filter(status -> status.isDirectory() || status.getModificationTime() < just)
        .toArray(FileStatus[]::new);
  }

  /** Hadoop starts a process for it. */
  @Override
  public void setPermission(Path path, FsPermission permission) {}
}
