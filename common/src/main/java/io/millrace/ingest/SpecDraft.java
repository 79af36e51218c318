package io.millrace.ingest;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.UnavailableException;
import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.Load;
import io.millrace.config.SourceSpec.SchemaChange;
import io.millrace.config.SourceSpec.SchemaChange.Policy;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Drafts the spec of a pipeline out of a file: a start that runs, with its guesses as comments. */
public final class SpecDraft {

  private static final int CHARACTERS = 16 << 20;
  private static final int ROWS = 50_000;

  private SpecDraft() {}

  /**
   * What a draft is asked for.
   *
   * @param pipeline name of the pipeline
   * @param from path or glob of the files
   * @param label column that holds what is to be predicted
   * @param columns names of all columns, for files without a header; empty otherwise
   * @param testFiles glob of the names of files that are a published hold-out
   */
  public record Options(
      String pipeline,
      String from,
      String label,
      List<String> columns,
      Optional<String> testFiles) {

    public Options {
      columns = List.copyOf(columns);
    }
  }

  /**
   * The text of a YAML spec. Of separated text the first 16 million characters of each file are
   * looked at, of other formats the first 50,000 rows.
   *
   * @param spark asked for a session only where the files aren't separated text
   * @throws SpecException if the label isn't a column, or the file needs names
   * @throws DataException if the files aren't there, or have no columns
   */
  public static String yaml(Supplier<SparkSession> spark, Options options) {
    Configuration hadoop = new Configuration();
    String kind = kind(options.from());
    try {
      return kind.equals("csv") ? ofText(options, hadoop) : ofTyped(spark.get(), kind, options);
    } catch (IOException e) {
      throw new UnavailableException("%s: %s".formatted(options.from(), e.getMessage()), e);
    }
  }

  private static String kind(String path) {
    String name = path.toLowerCase(Locale.ROOT).replaceAll("\\.gz$", "");
    if (name.endsWith(".parquet") || name.endsWith(".pq")) {
      return "parquet";
    }
    if (name.endsWith(".orc")) {
      return "orc";
    }
    return name.matches(".*\\.(json|jsonl|ndjson)") ? "json" : "csv";
  }

  private static String ofText(Options options, Configuration hadoop) throws IOException {
    List<SourceFile> files = SourceFiles.list(typed("csv", options.from()), LocalDate.MAX, hadoop);
    Dialect dialect = Dialect.of(files.get(0), hadoop);
    List<String[]> rows = new ArrayList<>();
    boolean complete = true;
    boolean header = false;
    List<String> names = options.columns();
    for (int i = 0; i < files.size(); i++) {
      List<String[]> some = dialect.rows(files.get(i), i, CHARACTERS, hadoop);
      complete &= files.get(i).bytes() < CHARACTERS && !files.get(i).uri().endsWith(".gz");
      if (i == 0) {
        List<String> first =
            Arrays.stream(some.get(0)).limit(dialect.fields()).map(String::strip).toList();
        header = isHeader(first, some, options);
        names = names(first, header, options, files.get(0));
      }
      rows.addAll(header ? some.subList(1, some.size()) : some);
    }
    Sample sample = new Sample(ColumnNames.safe(names, options.from()), rows, complete);
    SourceSpec.Csv spec =
        dialect.spec(
            options.from(), options.columns().isEmpty() ? List.of() : sample.names(), header);
    return SpecText.of(options, spec, Findings.of(sample, options.label()));
  }

  /** A first line is a header if it has the label's name, or text where the rows have numbers. */
  private static boolean isHeader(List<String> first, List<String[]> rows, Options options) {
    if (first.contains(options.label())) {
      return true;
    }
    boolean named = first.stream().noneMatch(cell -> cell.isEmpty() || TextType.isNumber(cell));
    return named
        && first.stream().distinct().count() == first.size()
        && IntStream.range(0, first.size())
            .anyMatch(i -> rows.stream().skip(1).allMatch(row -> TextType.isNumber(row[i])));
  }

  private static List<String> names(
      List<String> first, boolean header, Options options, SourceFile file) {
    List<String> told = options.columns();
    if (told.isEmpty() && !header) {
      throw new SpecException(
          "%s: its first line (%s) is no header; give the names of its %d columns"
              .formatted(file.uri(), shortened(String.join(", ", first)), first.size()));
    }
    if (!told.isEmpty() && told.size() != first.size()) {
      throw new SpecException(
          "%d names are given, %s has %d columns".formatted(told.size(), file.uri(), first.size()));
    }
    return told.isEmpty() ? first : told;
  }

  private static String shortened(String text) {
    return text.length() > 60 ? text.substring(0, 60) + " …" : text;
  }

  private static String ofTyped(SparkSession spark, String kind, Options options) {
    SourceSpec spec = typed(kind, options.from());
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    List<SourceFile> files = SourceFiles.list(spec, LocalDate.MAX, hadoop);
    Footers.check(spec, files, hadoop);
    List<String[]> rows = new ArrayList<>();
    List<String> names = List.of();
    for (int i = 0; i < files.size(); i++) {
      RawRows raw = RawRows.open(spark, spec, files.get(i));
      names = i == 0 ? ColumnNames.safe(raw.header(), options.from()) : names;
      rows.addAll(rows(raw, i, names.size()));
    }
    Sample sample = new Sample(names, rows, rows.size() < ROWS);
    return SpecText.of(options, spec, Findings.of(sample, options.label()));
  }

  private static List<String[]> rows(RawRows raw, int file, int width) {
    String[] texts =
        IntStream.range(0, Math.min(width, raw.header().size()))
            .mapToObj(i -> "cast(c" + i + " as string)")
            .toArray(String[]::new);
    List<String[]> rows = new ArrayList<>();
    for (Row row :
        raw.rows().where("broken is null").selectExpr(texts).limit(ROWS).collectAsList()) {
      String[] cells = new String[width + 1];
      for (int i = 0; i < texts.length; i++) {
        cells[i] = row.getString(i);
      }
      cells[width] = String.valueOf(file);
      rows.add(cells);
    }
    return rows;
  }

  private static SourceSpec typed(String kind, String path) {
    SchemaChange changes = new SchemaChange(Policy.ADD, Policy.STOP, Policy.IGNORE);
    Optional<String> none = Optional.empty();
    return switch (kind) {
      case "parquet" ->
          new SourceSpec.Parquet(
              path, List.of(), none, Load.SNAPSHOT, Map.of(), Map.of(), List.of(), changes);
      case "orc" ->
          new SourceSpec.Orc(
              path, List.of(), none, Load.SNAPSHOT, Map.of(), Map.of(), List.of(), changes);
      default ->
          new SourceSpec.Json(
              path, List.of(), none, Load.SNAPSHOT, Map.of(), Map.of(), List.of(""), changes);
    };
  }
}
