package io.millrace.erase;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Looks for a person in one file, after decompression: in each value of a Parquet file (data of
 * this and of former versions, checkpoints), in each line of any other.
 */
final class FileSearch {

  /** A column of this name holds measures in base64. */
  private static final String SKETCH = "sketch";

  private static final String LINES = "lines";

  /** A file of Parquet begins with it. */
  private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private static final long JULIAN_DAY_OF_1970 = 2_440_588;

  private final Subject subject;
  private final List<byte[]> forms;
  private final Map<String, Long> found = new TreeMap<>();
  private long bytes;

  private FileSearch(Subject subject) {
    this.subject = subject;
    this.forms =
        subject.forms().stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /**
   * What was found.
   *
   * @param columns how many values of which column, or lines; empty where the person isn't in it
   * @param bytes how many were looked at
   */
  record Found(Map<String, Long> columns, long bytes) {}

  static Found in(Path file, Subject subject, Configuration hadoop) throws IOException {
    FileSearch search = new FileSearch(subject);
    if (file.getName().endsWith(".parquet") || !search.lines(file, hadoop)) {
      search.parquet(file, hadoop);
    }
    return new Found(search.found, search.bytes);
  }

  /** False where it is Parquet under another name, such as what a killed process was writing. */
  private boolean lines(Path file, Configuration hadoop) throws IOException {
    try (InputStream in = new BufferedInputStream(file.getFileSystem(hadoop).open(file))) {
      in.mark(PARQUET.length);
      if (Arrays.equals(in.readNBytes(PARQUET.length), PARQUET)) {
        return false;
      }
      in.reset();
      boolean zipped = file.getName().endsWith(".gz");
      lines(
          new BufferedReader(
              new InputStreamReader(
                  zipped ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8)));
    }
    return true;
  }

  private void lines(BufferedReader lines) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      bytes += line.length() + 1;
      if (subject.isIn(line)) {
        found.merge(LINES, 1L, Long::sum);
      }
    }
  }

  private void parquet(Path file, Configuration hadoop) throws IOException {
    // Without options of its own each reader would load all defaults of Hadoop anew.
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(file, hadoop), HadoopReadOptions.builder(hadoop).build())) {
      reader
          .getFileMetaData()
          .getKeyValueMetaData()
          .forEach((name, text) -> count(name, subject.isIn(text) ? 1 : 0));
      MessageType schema = reader.getFileMetaData().getSchema();
      List<ColumnDescriptor> keys = schema.getColumns().stream().filter(c -> isKey(c)).toList();
      String createdBy = reader.getFileMetaData().getCreatedBy();
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        ColumnReadStoreImpl columns =
            new ColumnReadStoreImpl(
                group, new GroupRecordConverter(schema).getRootConverter(), schema, createdBy);
        if (keys.size() == subject.columns().size()) {
          rows(columns, keys);
        }
        for (ColumnDescriptor column : schema.getColumns()) {
          boolean text =
              column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
          if (text && !keys.contains(column)) {
            texts(columns.getColumnReader(column), String.join(".", column.getPath()));
          }
        }
      }
      reader.getRowGroups().forEach(group -> bytes += group.getTotalByteSize());
    }
  }

  private boolean isKey(ColumnDescriptor column) {
    return column.getPath().length == 1 && subject.key().containsKey(column.getPath()[0]);
  }

  /** Rows in which all columns of the key have the person's values. */
  private void rows(ColumnReadStoreImpl columns, List<ColumnDescriptor> keys) {
    List<ColumnReader> readers = keys.stream().map(columns::getColumnReader).toList();
    long rows = readers.get(0).getTotalValueCount();
    long hits = 0;
    for (long row = 0; row < rows; row++) {
      boolean all = true;
      for (ColumnReader reader : readers) {
        String told = subject.key().get(reader.getDescriptor().getPath()[0]);
        all &= isThere(reader) && told.equals(text(reader));
        reader.consume();
      }
      hits += all ? 1 : 0;
    }
    count(String.join(", ", subject.columns()), hits);
  }

  private static boolean isThere(ColumnReader reader) {
    return reader.getCurrentDefinitionLevel() == reader.getDescriptor().getMaxDefinitionLevel();
  }

  /** As {@link Subject} makes a text of it. */
  private static String text(ColumnReader reader) {
    var type = reader.getDescriptor().getPrimitiveType();
    LogicalTypeAnnotation means = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case BINARY -> reader.getBinary().toStringUsingUTF8();
      case INT64 ->
          means instanceof LogicalTypeAnnotation.TimestampLogicalTypeAnnotation time
              ? KeyTexts.text(moment(reader.getLong(), time.getUnit()))
              : Long.toString(reader.getLong());
      case INT32 ->
          means instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation
              ? LocalDate.ofEpochDay(reader.getInteger()).toString()
              : Integer.toString(reader.getInteger());
      case INT96 -> KeyTexts.text(moment(reader.getBinary()));
      case DOUBLE -> text(reader.getDouble());
      default -> "";
    };
  }

  private static String text(double number) {
    long whole = (long) number;
    return whole == number ? Long.toString(whole) : Double.toString(number);
  }

  private static Instant moment(long units, LogicalTypeAnnotation.TimeUnit unit) {
    ChronoUnit of =
        switch (unit) {
          case MILLIS -> ChronoUnit.MILLIS;
          case MICROS -> ChronoUnit.MICROS;
          case NANOS -> ChronoUnit.NANOS;
        };
    return Instant.EPOCH.plus(units, of);
  }

  /** Nanoseconds of the day and the Julian day, as Spark writes times unless told otherwise. */
  private static Instant moment(Binary int96) {
    ByteBuffer bytes = int96.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    long day = bytes.getInt() - JULIAN_DAY_OF_1970;
    return Instant.EPOCH.plus(day, ChronoUnit.DAYS).plusNanos(nanos);
  }

  private void texts(ColumnReader reader, String name) {
    long values = reader.getTotalValueCount();
    long hits = 0;
    for (long i = 0; i < values; i++) {
      if (isThere(reader) && isIn(name, reader.getBinary())) {
        hits++;
      }
      reader.consume();
    }
    count(name, hits);
  }

  private void count(String name, long hits) {
    if (hits > 0) {
      found.merge(name, hits, Long::sum);
    }
  }

  private boolean isIn(String name, Binary text) {
    byte[] utf8 = text.getBytesUnsafe();
    return name.equals(SKETCH)
        ? subject.isInSketch(text.toStringUsingUTF8())
        : mayHold(utf8) && subject.isIn(text.toStringUsingUTF8());
  }

  /** A look at the bytes spares most values the search for words. */
  private boolean mayHold(byte[] text) {
    // A value that JSON or HTML writes otherwise stands there in other bytes.
    return isEscaped() || forms.stream().anyMatch(value -> Subject.indexOf(text, value, 0) >= 0);
  }

  private boolean isEscaped() {
    for (byte b : forms.get(0)) {
      if ("\"\\&<>'".indexOf(b) >= 0 || b < ' ') {
        return true;
      }
    }
    return false;
  }
}
