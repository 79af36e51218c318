package io.millrace.ingest;

import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Findings written as YAML with comments. */
final class SpecText {

  private final SpecDraft.Options options;
  private final SourceSpec source;
  private final Findings found;

  /** Sources are tables that all pipelines of a lake share, so each draft's has its own name. */
  private final String sourceName;

  private final List<String> lines = new ArrayList<>();

  private SpecText(SpecDraft.Options options, SourceSpec source, Findings found) {
    this.options = options;
    this.source = source;
    this.found = found;
    this.sourceName = options.pipeline().replace('-', '_') + "_rows";
  }

  static String of(SpecDraft.Options options, SourceSpec source, Findings found) {
    return new SpecText(options, source, found).text();
  }

  private String text() {
    lines.add(
        "# Drafted from %s %,d rows: read it through before it is used."
            .formatted(found.complete() ? "all" : "the first", found.rows()));
    lines.add("pipeline: " + options.pipeline());
    lines.add("sources:");
    lines.add("  " + sourceName + ":");
    source();
    lines.add(
        found
            .key()
            .map(key -> "entity: [" + quoted(key) + "]")
            .orElse(
                "# no entity: no column tells rows apart, so a row's key is made of its content"));
    lines.add("population: {source: " + sourceName + ", per: entity}");
    label();
    features();
    split();
    train();
    promote();
    return String.join("\n", lines) + "\n";
  }

  private void source() {
    String kind = source.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    put("kind", kind);
    put("path", quoted(options.from()));
    found.key().ifPresent(key -> put("key", "[" + quoted(key) + "]"));
    put("load", "snapshot   # all files are the whole state; append: each file adds rows");
    if (source instanceof SourceSpec.Csv csv) {
      putUnless(",", "separator", csv.separator());
      putUnless("\"", "quote", csv.quote());
      putUnless("UTF-8", "encoding", csv.encoding());
      if (csv.trim()) {
        put("trim", "true");
      }
      if (csv.multiLine()) {
        put("multi-line", "true   # quoted fields hold line ends");
      }
      if (!csv.header()) {
        put("header", "false");
      }
      if (!csv.columns().isEmpty()) {
        put("columns", list(csv.columns()));
      }
    }
    if (!found.nulls().equals(source.nulls())) {
      put("nulls", list(found.nulls()));
    }
  }

  private void put(String key, String value) {
    lines.add("    " + key + ": " + value);
  }

  private void putUnless(String usual, String key, String value) {
    if (!value.equals(usual)) {
      put(key, quoted(value));
    }
  }

  private void label() {
    lines.add("label:");
    if (found.dotted()) {
      lines.add("  # the same classes stand with and without a dot at their end");
      lines.add("  kind: expression");
      String sql = "trim(TRAILING '.' FROM %s)".formatted(SourceReader.quoted(found.label()));
      lines.add("  expression: " + quoted(sql));
      lines.add("  columns: [" + quoted(found.label()) + "]");
    } else {
      lines.add("  kind: column");
      lines.add("  column: " + quoted(found.label()));
    }
    if (found.isBinary()) {
      lines.add("  positive: %s   # %s".formatted(quoted(found.positive()), counts()));
    } else {
      lines.add(
          "  task: "
              + (isNumber()
                  ? "regression"
                  : "multi-class   # %d classes".formatted(found.classes().size())));
    }
  }

  private boolean isNumber() {
    return found.classes().isEmpty();
  }

  private String counts() {
    List<String> counts = new ArrayList<>();
    found
        .classes()
        .forEach((name, rows) -> counts.add("%s: %,d".formatted(name.replace('\n', ' '), rows)));
    return String.join(", ", counts);
  }

  private void features() {
    if (found.excluded().isEmpty() && found.dates().isEmpty()) {
      lines.add("features: {}   # all columns but key and label");
      return;
    }
    lines.add("features:   # all columns but key, label and the excluded");
    if (!found.texts().isEmpty()) {
      lines.add("  expressions:");
      for (String text : found.texts()) {
        String column = SourceReader.quoted(text);
        expression(text + "_length", "length(" + column + ")");
        expression(text + "_words", "size(split(" + column + ", ' '))");
        expression(text + "_digits", "length(regexp_replace(" + column + ", '[^0-9]', ''))");
      }
    }
    if (!found.dates().isEmpty()) {
      lines.add("  date-parts:");
      found.dates().forEach(this::dateParts);
    }
    if (!found.excluded().isEmpty()) {
      lines.add("  exclude:");
    }
    for (Map.Entry<String, String> column : found.excluded().entrySet()) {
      lines.add(
          "    - %s   # %s"
              .formatted(quoted(column.getKey()), column.getValue().replace('\n', ' ')));
    }
  }

  private void expression(String name, String sql) {
    lines.add("    " + quoted(name) + ": " + quoted(sql));
  }

  private void dateParts(String column, ColumnType type) {
    String hour = type == ColumnType.TIMESTAMP ? ", hour" : "";
    lines.add("    " + quoted(column) + ": [month, day-of-week" + hour + "]");
  }

  private void split() {
    if (!found.dates().isEmpty()) {
      lines.add(
          "# For one prediction per event: time, load: append, per: event, and kind: by-time"
              + " here.");
    }
    lines.add(
        options
            .testFiles()
            .map(glob -> "split: {kind: by-file, test: " + quoted(glob) + ", tune: 0.15}")
            .orElse("split: {kind: by-hash, train: 0.7, tune: 0.15, test: 0.15}"));
  }

  private void train() {
    lines.add("train:");
    lines.add(
        "  algorithm: {kind: xgboost, rounds: 600, depth: 4, learning-rate: 0.05, early-stopping:"
            + " 30}");
    lines.add("  baseline: {kind: " + (isNumber() ? "linear" : "logistic") + "}");
    lines.add("  seed: 7");
  }

  private void promote() {
    // Metrics without a unit, so that a tolerance can be named before anyone knows the figures.
    String metric = isNumber() ? "r2" : found.isBinary() ? "auc" : "log-loss";
    lines.add("promote:");
    lines.add(
        "  gates:   # add {gate: at-least, metric: …, value: …} once you know what is enough");
    lines.add(gate("baseline", metric, 0.02));
    lines.add(gate("champion", metric, 0.005));
  }

  private static String gate(String model, String metric, double tolerance) {
    return "    - {gate: no-worse-than, model: %s, metric: %s, tolerance: %s}"
        .formatted(model, metric, tolerance);
  }

  private static String list(List<String> texts) {
    return "[" + String.join(", ", texts.stream().map(SpecText::quoted).toList()) + "]";
  }

  /**
   * A double-quoted scalar, whose escapes are those of JSON; plain where nothing can be misread.
   */
  private static String quoted(String text) {
    boolean plain =
        text.matches("[A-Za-z_][A-Za-z0-9_.-]*")
            && !text.matches("(?i)y|n|yes|no|on|off|true|false|null|nan|inf");
    if (plain) {
      return text;
    }
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      out.append(
          switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            default -> c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c);
          });
    }
    return out.append('"').toString();
  }
}
