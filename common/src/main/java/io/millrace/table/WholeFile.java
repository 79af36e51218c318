package io.millrace.table;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * Files that hold all that was to be written, or don't come about. On an object store closing a
 * stream is what publishes it, be it that a write before failed: where the disk is full on which
 * S3A gathers what it will send, a half would be published. So a stream whose write failed is
 * aborted, which publishes nothing. Of file systems that can't abort, a half stays.
 */
public final class WholeFile {

  private WholeFile() {}

  /** Writes what a file holds. */
  @FunctionalInterface
  interface Content {
    /** Writes all of it; doesn't close the stream. */
    void to(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, in place of one that may be there.
   *
   * @throws IOException where it can't be; on an object store what was there before stays
   */
  public static void write(FileSystem files, Path path, byte[] bytes) throws IOException {
    write(files.create(path, true), out -> out.write(bytes));
  }

  /** Writes to a stream that was just made, and ends it. */
  static void write(FSDataOutputStream out, Content content) throws IOException {
    try {
      content.to(out);
      out.flush();
    } catch (Throwable fault) {
      abandon(out, fault);
      throw fault;
    }
    out.close();
  }

  private static void abandon(FSDataOutputStream out, Throwable fault) {
    try {
      if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
        out.abort();
      } else {
        out.close();
      }
    } catch (IOException | RuntimeException second) {
      fault.addSuppressed(second);
    }
  }
}
