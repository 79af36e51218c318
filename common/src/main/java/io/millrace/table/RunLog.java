package io.millrace.table;

import static io.millrace.table.TableDefinition.column;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The index of runs. The truth is in each table's log; {@link RunIndex} writes what the logs say.
 */
public final class RunLog {

  private final Lake lake;
  private final SmallTable table;

  public RunLog(Lake lake) {
    this.lake = lake;
    this.table = new SmallTable(lake, definition());
  }

  /** The table of runs. */
  public static TableDefinition definition() {
    StructType reference =
        new StructType(
            new StructField[] {
              column("table", DataTypes.StringType, "Table, or folder of an artefact"),
              column("version", DataTypes.LongType, "Its version; -1 where it has none")
            });
    StructType schema =
        new StructType(
            new StructField[] {
              column("run_id", DataTypes.StringType, "Hash of all that the run is a function of"),
              column("pipeline", DataTypes.StringType, "Pipeline"),
              column("stage", DataTypes.StringType, "Stage"),
              column("date", DataTypes.DateType, "Logical date"),
              column(
                  "status",
                  DataTypes.StringType,
                  "done, or stopped by the audit of train; a run that fails leaves no row"),
              column("started_at", DataTypes.TimestampType, "When its stage began"),
              column("ended_at", DataTypes.TimestampType, "When it had written"),
              column("spec_hash", DataTypes.StringType, "Hash of the whole spec"),
              column("code_version", DataTypes.StringType, "Build that ran"),
              column(
                  "inputs", DataTypes.createArrayType(reference), "What it read, at which version"),
              column("outputs", DataTypes.createArrayType(reference), "What it wrote"),
              column("rows_in", DataTypes.LongType, "Rows of the slices read; 0 for an ingest"),
              column("rows_out", DataTypes.LongType, "Rows written"),
              column("rows_quarantined", DataTypes.LongType, "Rows put into quarantine"),
              column(
                  "message",
                  DataTypes.StringType,
                  "How many files an ingest took in, why a run stopped, why predictions were released in spite of monitor; else empty")
            });
    return new TableDefinition(
        "runs",
        "One row per run: what it read, at which version, and what it wrote",
        schema,
        Optional.of("pipeline"),
        List.of("run_id"));
  }

  /** All runs of a pipeline, oldest first, one row per run. */
  public List<Map<String, Object>> rows(String pipeline) {
    return distinct(table.rows(pipeline));
  }

  /** All runs, oldest first, one row per run. */
  public List<Map<String, Object>> rows() {
    return distinct(table.rows());
  }

  private static List<Map<String, Object>> distinct(List<Map<String, Object>> rows) {
    List<Map<String, Object>> sorted = new ArrayList<>(rows);
    sorted.sort(
        java.util.Comparator.comparing(
                (Map<String, Object> r) -> (java.time.Instant) r.get("ended_at"))
            .thenComparing(r -> (String) r.get("run_id")));
    Set<String> seen = new HashSet<>();
    sorted.removeIf(row -> !seen.add(row.get("run_id") + " " + row.get("outputs")));
    return sorted;
  }

  /** Adds runs of one pipeline. */
  void append(String pipeline, List<RunRow> runs) {
    if (runs.isEmpty()) {
      return;
    }
    table.append(
        pipeline, "runs/" + java.util.UUID.randomUUID(), runs.stream().map(RunRow::row).toList());
  }

  /** Whether a run stands in the index. */
  public boolean has(String pipeline, String runId) {
    return table.rows(pipeline).stream().anyMatch(row -> runId.equals(row.get("run_id")));
  }

  /** The runs that a table's commits after a version tell of, up to another. */
  public static List<RunRow> between(Lake lake, String table, long after, long upTo) {
    List<RunRow> runs = new ArrayList<>();
    for (long v = after + 1; v <= upTo; v++) {
      runs.addAll(CommitTexts.runs(lake, table, v));
    }
    return runs;
  }
}
