package io.millrace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files that come about when their stream is closed and not when it is aborted, as those of
 * S3A do; and the disk on which a stream gathers what it holds may fill.
 */
public final class FillingStore extends RawLocalFileSystem {

  /** Hadoop settings by which it stands behind {@code s3a:}. */
  public static final Map<String, String> SETTINGS =
      Map.of("fs.s3a.impl", FillingStore.class.getName(), "fs.s3a.impl.disable.cache", "true");

  private static final String ROOM = "filling.room";
  private static final String FAULTS = "filling.faults";

  private URI uri;

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    super.initialize(name, configuration);
    uri = URI.create(name.getScheme() + "://" + name.getAuthority());
    setWorkingDirectory(new Path(uri + "/"));
  }

  @Override
  public URI getUri() {
    // Asked for before it is known, while it is being made.
    return uri == null ? URI.create("s3a:///") : uri;
  }

  /** From now on a stream takes so many bytes, until so many have failed. */
  public static void fill(Configuration settings, int room, int faults) {
    settings.setInt(ROOM, room);
    settings.setInt(FAULTS, faults);
  }

  /** How many streams are still to fail. */
  public static int left(Configuration settings) {
    return settings.getInt(FAULTS, 0);
  }

  @Override
  public FSDataOutputStream create(
      Path path, boolean overwrite, int buffer, short copies, long block, Progressable progress)
      throws IOException {
    return draft(path, !overwrite);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short copies,
      long block,
      Progressable progress)
      throws IOException {
    return draft(path, !overwrite);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public FSDataOutputStreamBuilder createFile(Path path) {
    return new Builder(this, path);
  }

  private FSDataOutputStream draft(Path path, boolean ifAbsent) throws IOException {
    return new FSDataOutputStream(new Draft(pathToFile(path).toPath(), ifAbsent), null);
  }

  private static final class Builder
      extends FSDataOutputStreamBuilder<FSDataOutputStream, Builder> {
    private final FillingStore files;

    Builder(FillingStore files, Path path) {
      super(files, path);
      this.files = files;
    }

    @Override
    public Builder getThisBuilder() {
      return this;
    }

    @Override
    public FSDataOutputStream build() throws IOException {
      boolean conditional =
          getMandatoryKeys().contains(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE);
      return files.draft(getPath(), conditional);
    }
  }

  private final class Draft extends OutputStream implements Abortable, StreamCapabilities {
    private final java.nio.file.Path target;
    private final boolean ifAbsent;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean ended;

    Draft(java.nio.file.Path target, boolean ifAbsent) {
      this.target = target;
      this.ifAbsent = ifAbsent;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      int faults = left(getConf());
      int fits = faults > 0 ? getConf().getInt(ROOM, 0) - held.size() : length;
      held.write(bytes, from, Math.min(length, fits));
      if (fits < length) {
        getConf().setInt(FAULTS, faults - 1);
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void close() throws IOException {
      if (ended) {
        return;
      }
      ended = true;
      if (ifAbsent && Files.exists(target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      Files.createDirectories(target.getParent());
      java.nio.file.Path beside = Files.createTempFile("held-", null);
      Files.write(beside, held.toByteArray());
      Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public AbortableResult abort() {
      boolean before = ended;
      ended = true;
      return new AbortableResult() {
        @Override
        public boolean alreadyClosed() {
          return before;
        }

        @Override
        public IOException anyCleanupException() {
          return null;
        }
      };
    }

    @Override
    public boolean hasCapability(String capability) {
      return capability.equals(ABORTABLE_STREAM);
    }
  }
}
