package io.millrace.ingest;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.config.SourceSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.functions;

/** How a CSV source's spec is told to Spark's reader, and to the parser that it uses. */
final class CsvText {

  /** Stands for an empty field where that doesn't mean null. */
  private static final String NO_TEXT = "\u0001";

  /** Character sets that Spark reads; those of several bytes a unit only as one stream. */
  private static final Set<String> OF_SPARK =
      Set.of("utf-8", "us-ascii", "iso-8859-1", "utf-16", "utf-16be", "utf-16le", "utf-32");

  private CsvText() {}

  static DataFrameReader options(DataFrameReader reader, SourceSpec.Csv spec) {
    Charset charset = charset(spec);
    boolean native_ = isOfSpark(charset);
    boolean wide = charset.name().startsWith("UTF-16") || charset.name().startsWith("UTF-32");
    String separator =
        native_
            ? FieldCount.separator(spec)
            : new String(FieldCount.separator(spec).getBytes(charset), StandardCharsets.ISO_8859_1);
    return reader
        .option("sep", separator)
        .option("quote", spec.quote())
        .option("escape", spec.escape())
        .option("header", spec.header())
        .option("encoding", native_ ? charset.name() : "ISO-8859-1")
        .option("multiLine", spec.multiLine() || wide)
        .option("ignoreLeadingWhiteSpace", spec.trim())
        .option("ignoreTrailingWhiteSpace", spec.trim())
        .option("nullValue", spec.nulls().contains("") ? "" : NO_TEXT)
        .option("emptyValue", "")
        .option("maxColumns", FieldCount.MOST_COLUMNS)
        .option("mode", "PERMISSIVE")
        .option("columnPruning", false);
  }

  /**
   * A field as its text: Spark reads an encoding of single bytes that it doesn't know as Latin-1.
   */
  static Column decoded(Column field, SourceSpec.Csv spec) {
    Charset charset = charset(spec);
    Column text = spec.nulls().contains("") ? field : functions.coalesce(field, functions.lit(""));
    if (isOfSpark(charset)) {
      return text;
    }
    byte[] upper = new byte[128];
    for (int i = 0; i < upper.length; i++) {
      upper[i] = (byte) (i + 128);
    }
    return functions.translate(
        text, new String(upper, StandardCharsets.ISO_8859_1), new String(upper, charset));
  }

  private static boolean isOfSpark(Charset charset) {
    return OF_SPARK.contains(charset.name().toLowerCase(Locale.ROOT));
  }

  private static Charset charset(SourceSpec.Csv spec) {
    Charset charset;
    try {
      charset = Charset.forName(spec.encoding());
    } catch (IllegalArgumentException e) {
      throw new SpecException(
          "encoding: %s is no character set; as in UTF-8, windows-1252".formatted(spec.encoding()),
          e);
    }
    boolean single = charset.canEncode() && charset.newEncoder().maxBytesPerChar() == 1.0f;
    if (!isOfSpark(charset) && !single) {
      throw new SpecException(
          "encoding: files in %s can't be read; convert them to UTF-8".formatted(spec.encoding()));
    }
    return charset;
  }

  /**
   * The names of a file's columns: of its first line that isn't blank, trimmed, without a byte
   * order mark; or those of the spec, which stand for the header's where both are there.
   */
  static List<String> header(SourceSpec.Csv spec, SourceFile file, Configuration hadoop)
      throws IOException {
    if (!spec.header()) {
      if (spec.columns().isEmpty()) {
        throw new SpecException(
            "columns: missing; files without a header, such as %s, need their columns' names"
                .formatted(file.name()));
      }
      return spec.columns();
    }
    String[] first;
    try (Reader reader = reader(spec, file, hadoop)) {
      first = new FieldCount(spec).firstRecord(reader);
    }
    if (first == null) {
      throw new DataException(
          "%s: no header; the file holds only blank lines".formatted(file.uri()));
    }
    if (spec.columns().isEmpty()) {
      requireDecoded(spec, file, first);
      return Arrays.stream(first).map(cell -> cell == null ? "" : cell.strip()).toList();
    }
    if (spec.columns().size() != first.length) {
      throw new DataException(
          "%s: the header has %d columns, `columns` %d"
              .formatted(file.uri(), first.length, spec.columns().size()));
    }
    return spec.columns();
  }

  private static void requireDecoded(SourceSpec.Csv spec, SourceFile file, String[] header) {
    for (String cell : header) {
      if (cell != null && cell.contains("\ufffd")) {
        throw new DataException(
            "%s: the header isn't %s (%s); say the file's own by encoding:, or save it as %s"
                .formatted(file.uri(), spec.encoding(), cell, spec.encoding()));
      }
    }
  }

  /**
   * The characters of a text file without a byte order mark, unzipped where its name ends in .gz.
   */
  static Reader reader(SourceSpec.Csv spec, SourceFile file, Configuration hadoop)
      throws IOException {
    InputStream bytes = SourceFiles.open(file, hadoop);
    InputStream in = file.uri().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, charset(spec)));
    reader.mark(1);
    if (reader.read() != '\ufeff') {
      reader.reset();
    }
    return reader;
  }

  /** The internal names of n columns: {@code c0}, {@code c1}, … */
  static List<String> positions(int n) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      names.add("c" + i);
    }
    return names;
  }
}
