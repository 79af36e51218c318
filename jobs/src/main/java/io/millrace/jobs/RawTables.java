package io.millrace.jobs;

import static io.millrace.table.TableDefinition.column;

import io.millrace.config.PipelineSpec;
import io.millrace.config.SourceSpec;
import io.millrace.ingest.ColumnTypes;
import io.millrace.table.RawColumns;
import io.millrace.table.RunRow;
import io.millrace.table.SourceFileEntry;
import io.millrace.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The tables that ingest writes. */
final class RawTables {

  private RawTables() {}

  /** {@code raw/<source>}. */
  static TableDefinition raw(PipelineSpec spec, String name, ColumnTypes types) {
    SourceSpec source = spec.sources().get(name);
    List<StructField> fields = new ArrayList<>();
    fields.add(column(RawColumns.RUN_ID, DataTypes.StringType, "Run that brought the row"));
    fields.add(
        column(
            RawColumns.DAY,
            DataTypes.DateType,
            source.time().isPresent() && source.load() == SourceSpec.Load.APPEND
                ? "UTC day of " + source.time().get()
                : "Day of the snapshot or file, else of the ingest"));
    fields.add(column(RawColumns.INGESTED, DataTypes.DateType, "Logical date of the ingest"));
    fields.add(column(RawColumns.FILE, DataTypes.StringType, "File that the row came from"));
    fields.add(
        column(
            RawColumns.ROW_ID,
            DataTypes.StringType,
            "Hash of file, key (else content) and occurrence"));
    if (source.key().isEmpty()) {
      fields.add(
          column(
              RawColumns.KEY,
              DataTypes.StringType,
              "Key made of content without the label, and occurrence"));
    }
    for (ColumnTypes.Column of : types.columns()) {
      fields.add(
          column(
              of.name(),
              ColumnTypes.sparkType(of.type()),
              "Column " + of.name() + " of the source"));
    }
    return new TableDefinition(
        "raw/" + name,
        "Rows of the source " + name + " as they came, typed",
        new StructType(fields.toArray(StructField[]::new)),
        Optional.of(RawColumns.DAY),
        List.of(RawColumns.RUN_ID, RawColumns.INGESTED));
  }

  /** {@code quarantine/<source>}. */
  static TableDefinition quarantine(String name) {
    StructType schema =
        new StructType(
            new StructField[] {
              column(RawColumns.RUN_ID, DataTypes.StringType, "Run that refused the row"),
              column("pipeline", DataTypes.StringType, "Pipeline whose run that was"),
              column(
                  "slice_run_id",
                  DataTypes.StringType,
                  "Run that brought the row into raw; null where it never got there, in its mark the run that refused it"),
              column(RawColumns.INGESTED, DataTypes.DateType, "Logical date of the ingest"),
              column(RawColumns.FILE, DataTypes.StringType, "File that the row came from"),
              column(RawColumns.ROW_ID, DataTypes.StringType, "Identity of the row"),
              column("column", DataTypes.StringType, "Column that is at fault; empty for the row"),
              column("value", DataTypes.StringType, "What it held"),
              column("rule", DataTypes.StringType, "Rule that it broke"),
              column("reason", DataTypes.StringType, "Why it can't be taken"),
              column("row", DataTypes.StringType, "The whole row as it came")
            });
    return new TableDefinition(
        "quarantine/" + name,
        "Rows of the source " + name + " that were refused, one row per rule that they broke",
        schema,
        Optional.of(RawColumns.INGESTED),
        List.of(RawColumns.RUN_ID));
  }

  /** The run with what an ingest adds to it. */
  static RunRow ingestRun(RunRow run, long broken, List<SourceFileEntry> files) {
    return new RunRow(
        run.runId(),
        run.pipeline(),
        run.stage(),
        run.date(),
        run.status(),
        run.startedAt(),
        run.endedAt(),
        run.specHash(),
        run.codeVersion(),
        run.inputs(),
        run.outputs(),
        run.rowsIn(),
        run.rowsOut(),
        broken,
        "files: " + files.size(),
        files);
  }

  /** The run with how many rows it refused. */
  static RunRow validateRun(RunRow run, long refused) {
    RunRow counted = ingestRun(run, refused, List.of());
    return new RunRow(
        counted.runId(),
        counted.pipeline(),
        counted.stage(),
        counted.date(),
        counted.status(),
        counted.startedAt(),
        counted.endedAt(),
        counted.specHash(),
        counted.codeVersion(),
        counted.inputs(),
        counted.outputs(),
        counted.rowsIn(),
        counted.rowsIn() - refused,
        refused,
        "",
        List.of());
  }
}
