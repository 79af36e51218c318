package io.millrace.ingest;

import io.millrace.UnavailableException;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;

/** How much a file would hold as plain text, about: what its rows cost, however it is packed. */
public final class TextSize {

  /** Packed files below it aren't opened: whatever they hold, it is soon read. */
  private static final long TINY = 128 << 10;

  /** What a packed file holds as text, where it doesn't tell. */
  private static final int PACKED = 8;

  /** Of a value and its separator. */
  private static final int CELL = 6;

  private TextSize() {}

  /**
   * Bytes as plain text: exact for text, for gzip what its trailer says (RFC 1952, modulo 4 GiB),
   * for Parquet by the values that the footer counts, else by a usual ratio.
   *
   * @throws UnavailableException if the file can't be read; one that is damaged is taken by its
   *     size
   */
  public static long of(SourceFile file, Configuration hadoop) {
    String name = file.name().toLowerCase(Locale.ROOT);
    if (name.matches(".*\\.(csv|tsv|txt|json|jsonl|ndjson|data|test)")) {
      return file.bytes();
    }
    long usual = file.bytes() * PACKED;
    if (file.bytes() < TINY) {
      return usual;
    }
    try {
      if (name.endsWith(".gz")) {
        return Math.max(file.bytes(), gzip(file, hadoop));
      }
      return name.endsWith(".parquet") ? Math.max(usual, parquet(file, hadoop)) : usual;
    } catch (IOException e) {
      throw new UnavailableException(file.uri() + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      return usual;
    }
  }

  private static long gzip(SourceFile file, Configuration hadoop) throws IOException {
    byte[] size = new byte[Integer.BYTES];
    Path path = new Path(file.uri());
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      in.readFully(file.bytes() - size.length, size);
    }
    long bytes = 0;
    for (int i = size.length - 1; i >= 0; i--) {
      bytes = bytes << Byte.SIZE | size[i] & 0xff;
    }
    return bytes;
  }

  private static long parquet(SourceFile file, Configuration hadoop) throws IOException {
    try (ParquetFileReader reader = Footers.parquet(file, hadoop)) {
      return reader.getFooter().getBlocks().stream().mapToLong(TextSize::values).sum() * CELL;
    }
  }

  private static long values(BlockMetaData block) {
    return block.getColumns().stream().mapToLong(column -> column.getValueCount()).sum();
  }
}
