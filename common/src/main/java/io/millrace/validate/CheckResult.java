package io.millrace.validate;

import io.millrace.config.CheckSpec.OnFail;
import io.millrace.table.TableDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * The verdict of one check on one slice.
 *
 * @param source name of the source
 * @param sliceRunId run id of the slice
 * @param check what was checked, one text for each check of the source: {@code in-range(age)}
 * @param column the column, or several by commas; empty for the rows as such
 * @param onFail what happens where it fails
 * @param passed whether it holds
 * @param value what was found: the share of rows that break it, or the measure
 * @param expected what should have been found
 * @param rows rows of the slice
 * @param brokenRows rows that break it; 0 for a check of the slice as a whole
 * @param message one line for people: what, how many, the most frequent offending values
 */
public record CheckResult(
    String source,
    String sliceRunId,
    String check,
    String column,
    OnFail onFail,
    boolean passed,
    String value,
    String expected,
    long rows,
    long brokenRows,
    String message) {

  /** The verdict of a row that {@link #toRow} made. */
  public static CheckResult of(Map<String, Object> row) {
    return new CheckResult(
        (String) row.get("source"),
        (String) row.get("slice_run_id"),
        (String) row.get("check"),
        (String) row.get("column"),
        OnFail.valueOf(((String) row.get("on_fail")).toUpperCase(Locale.ROOT)),
        (Boolean) row.get("passed"),
        (String) row.get("value"),
        (String) row.get("expected"),
        (Long) row.get("rows"),
        (Long) row.get("broken_rows"),
        (String) row.get("message"));
  }

  /** Whether it keeps later stages from reading the slice. */
  public boolean stops() {
    return onFail == OnFail.STOP && !passed;
  }

  /** The columns of a table of verdicts, in the order of {@link #toRow}. */
  public static List<StructField> columns() {
    return List.of(
        TableDefinition.column("source", DataTypes.StringType, "Source whose rows were checked"),
        TableDefinition.column("slice_run_id", DataTypes.StringType, "Run that brought them"),
        TableDefinition.column("check", DataTypes.StringType, "What was checked"),
        TableDefinition.column("column", DataTypes.StringType, "Column; empty: rows as such"),
        TableDefinition.column("on_fail", DataTypes.StringType, "warn, quarantine or stop"),
        TableDefinition.column("passed", DataTypes.BooleanType, "Whether it holds"),
        TableDefinition.column("value", DataTypes.StringType, "What was found"),
        TableDefinition.column("expected", DataTypes.StringType, "What should have been found"),
        TableDefinition.column("rows", DataTypes.LongType, "Rows that were checked"),
        TableDefinition.column("broken_rows", DataTypes.LongType, "Rows that break it"),
        TableDefinition.column("message", DataTypes.StringType, "What was found, in a line"));
  }

  /** The values of {@link #columns()} by name. */
  public Map<String, Object> toRow() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("source", source);
    row.put("slice_run_id", sliceRunId);
    row.put("check", check);
    row.put("column", column);
    row.put("on_fail", onFail.name().toLowerCase(Locale.ROOT));
    row.put("passed", passed);
    row.put("value", value);
    row.put("expected", expected);
    row.put("rows", rows);
    row.put("broken_rows", brokenRows);
    row.put("message", message);
    return row;
  }
}
