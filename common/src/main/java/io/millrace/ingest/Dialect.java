package io.millrace.ingest;

import com.univocity.parsers.csv.CsvParser;
import io.millrace.DataException;
import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.Csv;
import io.millrace.config.SourceSpec.Load;
import io.millrace.config.SourceSpec.SchemaChange;
import io.millrace.config.SourceSpec.SchemaChange.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;

/**
 * How the fields of separated text are told apart, found by trial: the separator and quoting under
 * which most records have the same number of fields, and then the most fields.
 */
record Dialect(
    String separator, String quote, boolean trim, boolean multiLine, String encoding, int fields) {

  private static final int HEAD = 1 << 20;
  private static final int RECORDS = 50_000;
  private static final double PADDED = 0.9;

  /** What one trial found. */
  private record Trial(String separator, String quote, int fields, double share, boolean lines) {}

  static Dialect of(SourceFile file, Configuration hadoop) throws IOException {
    byte[] head = head(file, hadoop);
    String encoding = encoding(head);
    String text = text(head, encoding);
    Trial best = null;
    for (String separator : List.of(",", ";", "\t", "|")) {
      Trial trial = quoting(text, separator);
      if (trial.fields() > 1 && (best == null || isBetter(trial, best))) {
        best = trial;
      }
    }
    if (best == null) {
      throw new DataException(
          "%s: no separator splits its lines into columns (tried , ; TAB |)".formatted(file.uri()));
    }
    boolean trim = isPadded(text, best);
    return new Dialect(best.separator(), best.quote(), trim, best.lines(), encoding, best.fields());
  }

  private static boolean isBetter(Trial one, Trial other) {
    return one.share() != other.share()
        ? one.share() > other.share()
        : one.fields() > other.fields();
  }

  /** Quotes are quotes unless lines are even without them and uneven, or swallowed, with them. */
  private static Trial quoting(String text, String separator) {
    Trial quoted = attempt(text, separator, "\"");
    Trial plain = attempt(text, separator, "");
    boolean swallows = quoted.lines() && plain.share() == 1.0;
    return swallows || plain.share() > quoted.share() ? plain : quoted;
  }

  private static Trial attempt(String text, String separator, String quote) {
    Map<Integer, Integer> widths = new HashMap<>();
    int records = 0;
    boolean lines = false;
    for (String[] record : records(text, spec("", separator, quote, false, "UTF-8"))) {
      widths.merge(record.length, 1, Integer::sum);
      records++;
      for (String field : record) {
        lines |= field != null && field.indexOf('\n') >= 0;
      }
    }
    int width = 0;
    for (Map.Entry<Integer, Integer> entry : widths.entrySet()) {
      width = entry.getValue() > widths.getOrDefault(width, 0) ? entry.getKey() : width;
    }
    double share = records == 0 ? 0 : widths.getOrDefault(width, 0) / (double) records;
    return new Trial(separator, quote, width, share, lines);
  }

  private static List<String[]> records(String text, Csv spec) {
    List<String[]> records = new ArrayList<>();
    CsvParser parser = new FieldCount(spec).parser();
    parser.beginParsing(new StringReader(text));
    String[] record = parser.parseNext();
    while (record != null && records.size() < RECORDS) {
      if (record.length > 1 || record[0] != null && !record[0].isBlank()) {
        records.add(record);
      }
      record = parser.parseNext();
    }
    parser.stopParsing();
    return records;
  }

  private static boolean isPadded(String text, Trial trial) {
    long padded = 0;
    long all = 0;
    for (String[] record :
        records(text, spec("", trial.separator(), trial.quote(), false, "UTF-8"))) {
      for (int i = 1; i < record.length; i++) {
        all += record[i] == null ? 0 : 1;
        padded += record[i] != null && record[i].startsWith(" ") ? 1 : 0;
      }
    }
    return all > 0 && padded >= PADDED * all;
  }

  /** A spec of files in this dialect. */
  Csv spec(String path, List<String> columns, boolean header) {
    Csv plain = spec(path, separator, quote, trim, encoding);
    return new Csv(
        path,
        List.of(),
        Optional.empty(),
        Load.SNAPSHOT,
        Map.of(),
        Map.of(),
        List.of(""),
        plain.schemaChange(),
        separator,
        quote,
        "\"",
        header,
        columns,
        trim,
        multiLine,
        encoding);
  }

  private static Csv spec(
      String path, String separator, String quote, boolean trim, String encoding) {
    SchemaChange changes = new SchemaChange(Policy.ADD, Policy.STOP, Policy.IGNORE);
    return new SourceSpec.Csv(
        path,
        List.of(),
        Optional.empty(),
        Load.SNAPSHOT,
        Map.of(),
        Map.of(),
        List.of(""),
        changes,
        separator,
        quote,
        "\"",
        false,
        List.of(),
        trim,
        false,
        encoding);
  }

  /** Rows of the first characters of a file, each padded or cut to the width, with its index. */
  List<String[]> rows(SourceFile file, int index, int characters, Configuration hadoop)
      throws IOException {
    List<String[]> rows = new ArrayList<>();
    Csv spec = spec(file.uri(), List.of(), false);
    try (Reader reader = CsvText.reader(spec, file, hadoop)) {
      CsvParser parser = new FieldCount(spec).parser();
      parser.beginParsing(reader);
      String[] record = parser.parseNext();
      while (record != null && parser.getContext().currentChar() < characters) {
        if (record.length == fields) {
          String[] row = Arrays.copyOf(record, fields + 1);
          for (int i = 0; i < fields; i++) {
            row[i] = row[i] == null ? "" : row[i];
          }
          row[fields] = String.valueOf(index);
          rows.add(row);
        }
        record = parser.parseNext();
      }
      parser.stopParsing();
    }
    return rows;
  }

  private static byte[] head(SourceFile file, Configuration hadoop) throws IOException {
    try (InputStream bytes = SourceFiles.open(file, hadoop);
        InputStream in = file.uri().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes) {
      return in.readNBytes(HEAD);
    }
  }

  private static String encoding(byte[] head) {
    if (head.length > 1 && (head[0] == -2 && head[1] == -1 || head[0] == -1 && head[1] == -2)) {
      return "UTF-16";
    }
    // The head may end inside a character of up to four bytes.
    for (int cut = 0; cut < 4 && cut < head.length; cut++) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(head, 0, head.length - cut));
        return "UTF-8";
      } catch (CharacterCodingException e) {
        continue;
      }
    }
    return "windows-1252";
  }

  /** The head's whole lines. */
  private static String text(byte[] head, String encoding) throws IOException {
    String text = new String(head, encoding);
    String marked = text.startsWith("\ufeff") ? text.substring(1) : text;
    int end = Math.max(marked.lastIndexOf('\n'), marked.lastIndexOf('\r'));
    return head.length < HEAD || end < 0 ? marked : marked.substring(0, end + 1);
  }
}
