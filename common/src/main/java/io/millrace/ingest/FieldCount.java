package io.millrace.ingest;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.UnescapedQuoteHandling;
import io.millrace.config.SourceSpec;
import java.io.Reader;
import java.io.StringReader;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Splits a record of text into fields just as Spark's reader does; as a function, counts the fields
 * of a record that doesn't fit its header. Spark tells no more of such a record than its text.
 */
final class FieldCount implements UDF1<String, Integer> {

  private static final long serialVersionUID = 1L;

  static final int MOST_COLUMNS = 20_480;

  private final String separator;
  private final String quote;
  private final String escape;
  private final boolean trim;

  FieldCount(SourceSpec.Csv spec) {
    this.separator = separator(spec);
    this.quote = spec.quote();
    this.escape = spec.escape();
    this.trim = spec.trim();
  }

  /** A separator may also be written as a backslash and a t. */
  static String separator(SourceSpec.Csv spec) {
    return spec.separator().equals("\\t") ? "\t" : spec.separator();
  }

  @Override
  public Integer call(String record) {
    if (record == null) {
      return null;
    }
    String[] fields = firstRecord(new StringReader(record));
    return fields == null ? 0 : fields.length;
  }

  /** The fields of the first record that isn't a blank line; null if there is none. */
  String[] firstRecord(Reader text) {
    CsvParser parser = parser();
    parser.beginParsing(text);
    try {
      String[] record = parser.parseNext();
      while (record != null && record.length == 1 && (record[0] == null || record[0].isBlank())) {
        record = parser.parseNext();
      }
      return record;
    } finally {
      parser.stopParsing();
    }
  }

  /** A parser with the spec's settings. */
  CsvParser parser() {
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(separator);
    settings.getFormat().setQuote(character(quote));
    settings.getFormat().setQuoteEscape(character(escape));
    settings.getFormat().setComment('\0');
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setIgnoreLeadingWhitespaces(trim);
    settings.setIgnoreTrailingWhitespaces(trim);
    settings.setMaxColumns(MOST_COLUMNS);
    settings.setMaxCharsPerColumn(-1);
    settings.setReadInputOnSeparateThread(false);
    settings.setUnescapedQuoteHandling(UnescapedQuoteHandling.STOP_AT_DELIMITER);
    return new CsvParser(settings);
  }

  private static char character(String text) {
    return text.isEmpty() ? '\0' : text.charAt(0);
  }
}
