package io.millrace.table;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;

/**
 * Delta's log on {@code s3a:} for more than one process. Delta's own store for S3 looks and then
 * writes, so two drivers can both win. Here a commit is one conditional request ({@code
 * If-None-Match: *}), which the object store refuses to all writers but the first.
 *
 * <p>A request may succeed and its answer be lost; repeated, it is refused because of ourselves. So
 * after any fault the file itself is asked: what we wrote is ours, for each commit holds a random
 * {@code txnId}; anything else is another's; nothing means another try.
 */
public final class ConditionalPutLogStore extends HadoopFileSystemLogStore {

  private static final int TRIES = 6;
  private static final long FIRST_PAUSE = 100;

  public ConditionalPutLogStore(Configuration configuration) {
    super(configuration);
  }

  /**
   * Writes a file of the log, seen as a whole or not at all.
   *
   * @throws FileAlreadyExistsException where there is one of another's, and {@code overwrite} isn't
   *     wanted
   * @throws IOException where the store can't be reached; the file may be there or not
   */
  @Override
  public void write(
      Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
      throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    byte[] bytes = bytes(actions);
    if (overwrite) {
      WholeFile.write(files, path, bytes);
    } else {
      writeIfAbsent(files, path, bytes);
    }
  }

  /** As {@link #write} without {@code overwrite}, for what isn't a log. */
  static void writeIfAbsent(FileSystem files, Path path, byte[] bytes) throws IOException {
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        put(files, path, bytes);
        return;
      } catch (IOException e) {
        if (isFinal(e)) {
          throw e;
        }
        last = e;
      }
      Optional<byte[]> there = found(files, path, last);
      if (there.isPresent()) {
        if (Arrays.equals(there.get(), bytes)) {
          return;
        }
        // Delta and Kernel tell a lost race by this very class.
        throw new FileAlreadyExistsException(path.toString());
      }
      pause(FIRST_PAUSE << i);
    }
    throw last;
  }

  /** The fault of a refused request comes when the stream is closed. */
  private static void put(FileSystem files, Path path, byte[] bytes) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(path).overwrite(true);
    builder.must(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
    WholeFile.write(builder.build(), out -> out.write(bytes));
  }

  private static Optional<byte[]> found(FileSystem files, Path path, IOException fault)
      throws IOException {
    try (InputStream in = files.open(path)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      e.addSuppressed(fault);
      throw e;
    }
  }

  /** No right, or an interrupted thread: no later try would end otherwise. */
  private static boolean isFinal(IOException e) {
    return e instanceof AccessDeniedException
        || e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException);
  }

  private static void pause(long milliseconds) throws IOException {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted between two tries to commit");
    }
  }

  private static byte[] bytes(Iterator<String> lines) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (lines.hasNext()) {
      bytes.writeBytes(lines.next().getBytes(StandardCharsets.UTF_8));
      bytes.write('\n');
    }
    return bytes.toByteArray();
  }

  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration configuration) {
    return false;
  }
}
