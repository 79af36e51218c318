package io.millrace.table;

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

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      return known(super.getFileStatus(path));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
      FileStatus[] found = super.listStatus(path);
      for (int i = 0; i < found.length; i++) {
        found[i] = known(found[i]);
      }
      return found;
    }

    private static FileStatus known(FileStatus status) {
      return POSIX ? new Status(status) : status;
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
      return Files.isSymbolicLink(pathToFile(path).toPath())
          ? super.getFileLinkStatus(path)
          : getFileStatus(path);
    }
  }

  /** Owner and rights are looked up when they are asked for; Hadoop's own starts a process. */
  private static final class Status extends FileStatus {
    private static final long serialVersionUID = 1;

    private transient Optional<PosixFileAttributes> file;

    Status(FileStatus found) {
      super(
          found.getLen(),
          found.isDirectory(),
          found.getReplication(),
          found.getBlockSize(),
          found.getModificationTime(),
          found.getPath());
    }

    /** Empty for a file that has gone since. */
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
