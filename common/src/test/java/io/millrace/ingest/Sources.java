package io.millrace.ingest;

import io.millrace.TestSpark;
import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.ColumnType;
import io.millrace.config.SourceSpec.Csv;
import io.millrace.config.SourceSpec.Load;
import io.millrace.config.SourceSpec.SchemaChange;
import io.millrace.config.SourceSpec.SchemaChange.Policy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Specs and files for tests of ingest. */
final class Sources {

  static final LocalDate FAR = LocalDate.of(2100, 1, 1);
  static final SchemaChange CHANGES = new SchemaChange(Policy.ADD, Policy.STOP, Policy.IGNORE);

  private Sources() {}

  /** What a CSV spec says beyond the defaults. */
  static final class CsvSpec {
    private final String path;
    private List<String> key = List.of();
    private Optional<String> time = Optional.empty();
    private Load load = Load.APPEND;
    private Map<String, ColumnType> types = Map.of();
    private Map<String, String> formats = Map.of();
    private List<String> nulls = List.of("");
    private SchemaChange changes = CHANGES;
    private String separator = ",";
    private String quote = "\"";
    private List<String> columns = List.of();
    private boolean header = true;
    private boolean trim;
    private boolean multiLine;
    private String encoding = "UTF-8";

    CsvSpec(Object path) {
      this.path = path.toString();
    }

    CsvSpec key(String... columns) {
      key = List.of(columns);
      return this;
    }

    CsvSpec time(String column) {
      time = Optional.of(column);
      return this;
    }

    CsvSpec snapshot() {
      load = Load.SNAPSHOT;
      return this;
    }

    CsvSpec type(String column, ColumnType type) {
      types = Map.of(column, type);
      return this;
    }

    CsvSpec format(String column, String pattern) {
      formats = Map.of(column, pattern);
      return this;
    }

    CsvSpec nulls(String... texts) {
      nulls = List.of(texts);
      return this;
    }

    CsvSpec changes(Policy added, Policy missing, Policy retyped) {
      changes = new SchemaChange(added, missing, retyped);
      return this;
    }

    CsvSpec separator(String text) {
      separator = text;
      return this;
    }

    CsvSpec noQuotes() {
      quote = "";
      return this;
    }

    CsvSpec columns(String... names) {
      columns = List.of(names);
      return this;
    }

    CsvSpec noHeader(String... names) {
      header = false;
      return columns(names);
    }

    CsvSpec trim() {
      trim = true;
      return this;
    }

    CsvSpec multiLine() {
      multiLine = true;
      return this;
    }

    CsvSpec encoding(String name) {
      encoding = name;
      return this;
    }

    Csv spec() {
      return new Csv(
          path, key, time, load, types, formats, nulls, changes, separator, quote, "\"", header,
          columns, trim, multiLine, encoding);
    }
  }

  static {
    // The JVM leaves a method of more bytes to its interpreter.
    TestSpark.session().conf().set("spark.sql.codegen.hugeMethodLimit", "8000");
  }

  static CsvSpec csv(Object path) {
    return new CsvSpec(path);
  }

  static SourceSpec.Parquet parquet(Object path, String... key) {
    return new SourceSpec.Parquet(
        path.toString(),
        List.of(key),
        Optional.empty(),
        Load.APPEND,
        Map.of(),
        Map.of(),
        List.of(),
        CHANGES);
  }

  static SourceSpec.Orc orc(Object path) {
    return new SourceSpec.Orc(
        path.toString(),
        List.of(),
        Optional.empty(),
        Load.APPEND,
        Map.of(),
        Map.of(),
        List.of(),
        CHANGES);
  }

  static SourceSpec.Json json(Object path, String... key) {
    return new SourceSpec.Json(
        path.toString(),
        List.of(key),
        Optional.empty(),
        Load.APPEND,
        Map.of(),
        Map.of(),
        List.of(""),
        CHANGES);
  }

  static SourceSpec.Delta delta(Object path) {
    return new SourceSpec.Delta(
        path.toString(),
        List.of(),
        Optional.empty(),
        Load.APPEND,
        Map.of(),
        Map.of(),
        List.of(),
        CHANGES);
  }

  static Path file(String name, String text) {
    return file(TestSpark.temporary("ingest"), name, text, StandardCharsets.UTF_8);
  }

  static Path file(Path folder, String name, String text, Charset charset) {
    try {
      Files.createDirectories(folder.resolve(name).getParent());
      return Files.write(folder.resolve(name), text.getBytes(charset));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<SourceFile> list(SourceSpec spec) {
    return SourceFiles.list(spec, FAR, new Configuration());
  }

  /** The types of the first file, as a table that isn't there yet takes them. */
  static Reconciled first(SourceSpec spec) {
    FileColumns columns = TypeInference.columns(TestSpark.session(), spec, list(spec).get(0));
    return SchemaChanges.reconcile(ColumnTypes.empty(), columns, spec);
  }

  /** All files as one load. */
  static ReadRows read(SourceSpec spec, String... labels) {
    List<FileColumns> columns =
        list(spec).stream()
            .map(file -> TypeInference.columns(TestSpark.session(), spec, file))
            .toList();
    List<Reconciled> files = SchemaChanges.reconcile(ColumnTypes.empty(), columns, spec);
    return SourceReader.read(TestSpark.session(), spec, files, List.of(labels));
  }

  static List<String> rows(Dataset<Row> rows, String... columns) {
    return rows.selectExpr(columns).collectAsList().stream().map(Row::toString).sorted().toList();
  }
}
