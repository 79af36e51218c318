package io.millrace.config;

import io.millrace.Nearest;
import io.millrace.config.SourceSpec.ColumnType;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be wrong within one source. */
final class SourceCheck {

  private static final Set<String> TOKENS = Set.of("date", "month");

  /** Braces with a comma are alternatives of a glob. */
  private static final Pattern BRACES = Pattern.compile("(?<!\\$)\\{([^{},]*)}");

  private final Faults faults;
  private final KeyPath path;

  SourceCheck(Faults faults, KeyPath path) {
    this.faults = faults;
    this.path = path;
  }

  void check(SourceSpec source) {
    place(source.path());
    RecordChecks.unique(source.key(), path.then("key"), faults);
    source.formats().forEach((column, pattern) -> format(source, column, pattern));
    source.time().ifPresent(time -> time(source, time));
    if (source instanceof SourceSpec.Csv csv) {
      csv(csv);
    }
  }

  private void place(String glob) {
    if (glob.isBlank()) {
      faults.add(path.then("path"), "an empty path; name the files");
    }
    Matcher braces = BRACES.matcher(glob);
    while (braces.find()) {
      String token = braces.group(1);
      if (!TOKENS.contains(token)) {
        faults.add(
            path.then("path"),
            braces.group()
                + " is neither {date} nor {month}; write one of them, or * for any text");
      }
    }
  }

  private void format(SourceSpec source, String column, String pattern) {
    KeyPath at = path.then("formats", column);
    DatePatterns.fault(pattern).ifPresent(fault -> faults.add(at, fault));
    ColumnType type = source.types().get(column);
    if (type != null && type != ColumnType.DATE && type != ColumnType.TIMESTAMP) {
      String word = Words.kebab(type.name());
      faults.add(at, "a pattern for a " + word + "; declare the type date or timestamp");
    }
  }

  private void time(SourceSpec source, String time) {
    ColumnType type = source.types().get(time);
    if (type != null && type != ColumnType.DATE && type != ColumnType.TIMESTAMP) {
      String word = Words.kebab(type.name());
      faults.add(
          path.then("types", time), "the time column as " + word + "; make it date or timestamp");
    }
  }

  private void csv(SourceSpec.Csv csv) {
    if (!csv.header() && csv.columns().isEmpty()) {
      faults.add(path.then("columns"), "missing; files without a header need the names of columns");
    }
    RecordChecks.unique(csv.columns(), path.then("columns"), faults);
    character("separator", csv.separator().equals("\\t") ? "\t" : csv.separator(), 1);
    character("quote", csv.quote(), 0);
    character("escape", csv.escape(), 0);
    if (csv.separator().equals(csv.quote())) {
      faults.add(path.then("quote"), "the same as the separator; change one");
    }
    if (!isCharset(csv.encoding())) {
      faults.add(path.then("encoding"), "unknown: " + csv.encoding() + "; UTF-8 or ISO-8859-1?");
    }
    columns(csv).ifPresent(columns -> mentioned(csv, columns));
  }

  private void character(String key, String value, int least) {
    if (value.length() > 1 || value.length() < least) {
      String expected = least == 1 ? "one character or \\t" : "one character or an empty text";
      faults.add(path.then(key), "expected " + expected + ", found \"" + value + '"');
    }
  }

  private static boolean isCharset(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }

  /** The columns of a source, where the spec says them all. */
  static Optional<List<String>> columns(SourceSpec source) {
    return source instanceof SourceSpec.Csv csv && !csv.columns().isEmpty()
        ? Optional.of(csv.columns())
        : Optional.empty();
  }

  private void mentioned(SourceSpec source, List<String> columns) {
    for (int i = 0; i < source.key().size(); i++) {
      known(source.key().get(i), columns, path.then("key", i));
    }
    source.time().ifPresent(time -> known(time, columns, path.then("time")));
    for (Map.Entry<String, ColumnType> type : source.types().entrySet()) {
      known(type.getKey(), columns, path.then("types", type.getKey()));
    }
    for (String column : source.formats().keySet()) {
      known(column, columns, path.then("formats", column));
    }
  }

  private void known(String column, List<String> columns, KeyPath at) {
    if (!columns.contains(column)) {
      faults.add(at, "no column " + column + "; " + Nearest.mend(column, columns, "columns"));
    }
  }
}
