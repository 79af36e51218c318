package io.millrace.table;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system without the processes that it starts: where its native library isn't
 * installed it calls {@code chmod} for each file and folder that it makes, {@code readlink} for
 * each that it renames, which took a tenth of a night's time, and {@code ls} for each that is
 * listed with its blocks. The same calls of the JDK do the same.
 */
public final class LocalFiles extends LocalFileSystem {

  /** Hadoop settings that choose it. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "fs.file.impl", LocalFiles.class.getName(),
          "fs.AbstractFileSystem.file.impl", Context.class.getName());

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  public LocalFiles() {
    super(new Raw());
  }

  /** The same for Hadoop's newer interface, which Delta's own checksum files use. */
  public static final class Context extends ChecksumFs {
    /** Called by Hadoop. */
    public Context(URI uri, Configuration configuration) throws Exception {
      super(new RawContext(uri, configuration));
    }
  }

  private static final class RawContext extends DelegateToFileSystem {
    RawContext(URI uri, Configuration configuration) throws Exception {
      super(uri, new Raw(), configuration, FsConstants.LOCAL_FS_URI.getScheme(), false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }

    @Override
    public boolean isValidName(String name) {
      return true;
    }
  }

  private static final class Raw extends RawLocalFileSystem {

    private long blockSize;

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      if (permission.getStickyBit()) {
        super.setPermission(path, permission);
        return;
      }
      try {
        Files.setPosixFilePermissions(pathToFile(path).toPath(), posix(permission));
      } catch (UnsupportedOperationException e) {
        super.setPermission(path, permission);
      }
    }

    /** One question to the system, where Hadoop asks four; a listing asks it of each file. */
    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      if (!POSIX) {
        return super.getFileStatus(path);
      }
      try {
        File file = pathToFile(path);
        boolean plain = file.getPath().equals(path.toUri().getPath()); // else made anew, as costs
        return new Status(
            Files.readAttributes(file.toPath(), PosixFileAttributes.class),
            blockSize(),
            (plain ? path : new Path(file.getPath()))
                .makeQualified(getUri(), getWorkingDirectory()));
      } catch (IOException absent) {
        return super.getFileStatus(path); // says so in its own words
      }
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
      FileStatus[] found = super.listStatus(path);
      for (int i = 0; i < found.length; i++) {
        if (!(found[i] instanceof Status)) {
          found[i] = getFileStatus(found[i].getPath()); // the path was a file's
        }
      }
      return found;
    }

    private long blockSize() {
      if (blockSize == 0) {
        blockSize = getDefaultBlockSize(new Path(getUri()));
      }
      return blockSize;
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
      return Files.isSymbolicLink(pathToFile(path).toPath())
          ? super.getFileLinkStatus(path)
          : getFileStatus(path);
    }
  }

  /** Owner and rights are told when they are asked for; Hadoop's own starts a process for them. */
  private static final class Status extends FileStatus {
    private static final long serialVersionUID = 1;

    private transient Optional<PosixFileAttributes> file;

    Status(PosixFileAttributes file, long blockSize, Path path) {
      super(
          file.size(),
          file.isDirectory(),
          1,
          blockSize,
          file.lastModifiedTime().toMillis(),
          file.lastAccessTime().toMillis(),
          null,
          null,
          null,
          path);
      this.file = Optional.of(file);
    }

    /** Looked up again where the status came from another process; empty if the file has gone. */
    private Optional<PosixFileAttributes> file() {
      if (file == null) {
        try {
          java.nio.file.Path path = java.nio.file.Path.of(getPath().toUri().getPath());
          file = Optional.of(Files.readAttributes(path, PosixFileAttributes.class));
        } catch (IOException e) {
          file = Optional.empty();
        }
      }
      return file;
    }

    @Override
    public FsPermission getPermission() {
      return file()
          .map(found -> PosixFilePermissions.toString(found.permissions()))
          .map(rights -> FsPermission.valueOf((isDirectory() ? "d" : "-") + rights))
          .orElseGet(super::getPermission);
    }

    @Override
    public String getOwner() {
      return file().map(found -> found.owner().getName()).orElseGet(super::getOwner);
    }

    @Override
    public String getGroup() {
      return file().map(found -> found.group().getName()).orElseGet(super::getGroup);
    }
  }

  private static Set<PosixFilePermission> posix(FsPermission permission) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BITS.length; bit++) {
      if ((permission.toShort() >> bit & 1) == 1) {
        set.add(BITS[bit]);
      }
    }
    return set;
  }
}
