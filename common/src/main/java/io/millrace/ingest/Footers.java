package io.millrace.ingest;

import io.millrace.DataException;
import io.millrace.UnavailableException;
import io.millrace.config.SourceSpec;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Whether files are whole and of the format that they are said to be, before a row is taken. */
public final class Footers {

  private static final int BUFFER = 1 << 16;

  private Footers() {}

  /**
   * Reads the footers of Parquet and ORC files, and gzipped text to its end (its checksum stands
   * there). Other text has nothing to check.
   *
   * @throws DataException if a file is truncated or foreign, or has a column that Spark can't read
   * @throws UnavailableException if a file is gone
   */
  public static void check(SourceSpec spec, List<SourceFile> files, Configuration hadoop) {
    for (SourceFile file : files) {
      try {
        check(spec, file, hadoop);
      } catch (FileNotFoundException e) {
        throw new UnavailableException("%s: the file is gone".formatted(file.uri()), e);
      } catch (IOException | RuntimeException e) {
        if (e instanceof DataException known) {
          throw known;
        }
        throw broken(spec, file, e);
      }
    }
  }

  private static void check(SourceSpec spec, SourceFile file, Configuration hadoop)
      throws IOException {
    if (spec instanceof SourceSpec.Parquet || spec instanceof SourceSpec.Delta) {
      checkParquet(file, hadoop);
    } else if (spec instanceof SourceSpec.Orc) {
      try (Reader reader =
          OrcFile.createReader(new Path(file.uri()), OrcFile.readerOptions(hadoop))) {
        reader.getNumberOfRows();
      }
    } else if (file.uri().endsWith(".gz")) {
      checkGzip(file, hadoop);
    }
  }

  private static void checkParquet(SourceFile file, Configuration hadoop) throws IOException {
    try (ParquetFileReader reader = parquet(file, hadoop)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      for (Type column : schema.getFields()) {
        LogicalTypeAnnotation logical = column.getLogicalTypeAnnotation();
        if (logical instanceof TimestampLogicalTypeAnnotation time
            && time.getUnit() == TimeUnit.NANOS) {
          throw new DataException(
              ("%s: column %s holds timestamps in nanoseconds, which Spark doesn't read; write them"
                      + " in microseconds")
                  .formatted(file.uri(), column.getName()));
        }
      }
    }
  }

  /** Opens a Parquet file and reads its footer. */
  static ParquetFileReader parquet(SourceFile file, Configuration hadoop) throws IOException {
    HadoopInputFile input = HadoopInputFile.fromPath(new Path(file.uri()), hadoop);
    return ParquetFileReader.open(input, HadoopReadOptions.builder(hadoop).build());
  }

  private static void checkGzip(SourceFile file, Configuration hadoop) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = new GZIPInputStream(SourceFiles.open(file, hadoop), BUFFER)) {
      while (in.read(buffer) >= 0) {
        // Reading to the end is what compares the checksum.
      }
    }
  }

  private static DataException broken(SourceSpec spec, SourceFile file, Exception cause) {
    String format =
        spec instanceof SourceSpec.Orc
            ? "ORC file"
            : spec instanceof SourceSpec.Csv || spec instanceof SourceSpec.Json
                ? "gzip file"
                : "Parquet file";
    return new DataException(
        "%s: no whole %s, %,d bytes: %s; bring the file again"
            .formatted(file.uri(), format, file.bytes(), fault(cause)),
        cause);
  }

  /** The library's words without the path, which is named already. */
  private static String fault(Exception cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    String line = message.lines().findFirst().orElse("");
    return line.replaceAll("^\\S*/\\S+ (is|in) ?", "$1 ").replaceAll("\\s+", " ").strip();
  }
}
