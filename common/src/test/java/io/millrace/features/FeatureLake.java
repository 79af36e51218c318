package io.millrace.features;

import static io.millrace.table.TableDefinition.column;

import io.millrace.TestSpark;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.Variables;
import io.millrace.table.Lake;
import io.millrace.table.RawColumns;
import io.millrace.table.RunRow;
import io.millrace.table.SlicePublisher;
import io.millrace.table.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A lake with raw tables of a test, and the features that a spec makes of them. */
final class FeatureLake {

  private final SparkSession spark = TestSpark.session();
  private final Path folder = TestSpark.temporary("features");
  private final Lake lake = Lake.open(folder.resolve("lake").toString(), () -> spark);

  /** A row of a source: its day, the date of its ingest, its id, its values. */
  record Raw(LocalDate day, LocalDate ingested, String rowId, Object... values) {}

  Lake lake() {
    return lake;
  }

  /** Reads a spec as a command does. */
  PipelineSpec spec(String yaml) {
    Path file = folder.resolve("spec.yaml");
    try {
      Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return SpecReader.pipeline(file, Variables.of(Map.of(), Map.of()), Map.of());
  }

  /** Adds rows to a raw table, as one ingest does. */
  void append(String source, StructType columns, String runId, List<Raw> raw) {
    List<StructField> fields = new ArrayList<>();
    fields.add(column(RawColumns.RUN_ID, DataTypes.StringType, "Run"));
    fields.add(column(RawColumns.DAY, DataTypes.DateType, "Day"));
    fields.add(column(RawColumns.INGESTED, DataTypes.DateType, "Ingest"));
    fields.add(column(RawColumns.FILE, DataTypes.StringType, "File"));
    fields.add(column(RawColumns.ROW_ID, DataTypes.StringType, "Row"));
    for (StructField field : columns.fields()) {
      fields.add(column(field.name(), field.dataType(), field.name()));
    }
    StructType schema = new StructType(fields.toArray(StructField[]::new));
    List<Row> rows = new ArrayList<>();
    for (Raw one : raw) {
      List<Object> values = new ArrayList<>();
      values.add(runId);
      values.add(java.sql.Date.valueOf(one.day()));
      values.add(java.sql.Date.valueOf(one.ingested()));
      values.add("file");
      values.add(one.rowId());
      values.addAll(java.util.Arrays.asList(one.values()));
      rows.add(RowFactory.create(values.toArray()));
    }
    TableDefinition definition =
        new TableDefinition(
            "raw/" + source,
            "A test",
            schema,
            Optional.of(RawColumns.DAY),
            List.of(RawColumns.RUN_ID, RawColumns.INGESTED));
    long counter =
        lake.latest("raw/" + source)
            .map(table -> SlicePublisher.counter(table, "ingest"))
            .orElse(0L);
    SlicePublisher.append(
        lake, definition, spark.createDataFrame(rows, schema), "ingest", counter, List.of(run()));
  }

  private static RunRow run() {
    return new RunRow(
        "r".repeat(32),
        "test",
        "ingest",
        LocalDate.EPOCH,
        "done",
        Instant.EPOCH,
        Instant.EPOCH,
        "s",
        "c",
        List.of(),
        List.of(),
        0,
        0,
        0,
        "",
        List.of());
  }

  FeatureSources sources(PipelineSpec spec) {
    return FeatureSources.pin(spec, name -> lake.latest("raw/" + name).orElseThrow());
  }

  /** The features of some dates. */
  Dataset<Row> rows(PipelineSpec spec, List<LocalDate> dates) {
    FeatureSources sources = sources(spec);
    Map<LocalDate, String> runIds = new TreeMap<>();
    Map<LocalDate, FeatureReach> reaches = new TreeMap<>();
    for (LocalDate date : dates) {
      runIds.put(date, "run of " + date);
      reaches.put(date, FeatureReach.of(sources, date).orElseThrow());
    }
    return FeatureBuilder.build(sources, FeatureBuilder.plan(sources), "v", runIds, reaches);
  }

  /** The features of some dates, by {@code date} and {@code key}, a map of columns each. */
  Map<String, Map<String, Object>> features(PipelineSpec spec, List<LocalDate> dates) {
    Map<String, Map<String, Object>> found = new TreeMap<>();
    for (Row row : rows(spec, dates).collectAsList()) {
      Map<String, Object> values = new TreeMap<>();
      for (String name : row.schema().fieldNames()) {
        values.put(name, row.getAs(name));
      }
      String key = values.get("date") + " " + values.get(spec.entity().get(0));
      if (found.put(key, values) != null) {
        throw new IllegalStateException(key + " stands twice");
      }
    }
    return found;
  }
}
