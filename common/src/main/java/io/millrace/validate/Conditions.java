package io.millrace.validate;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.table.RawColumns;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;

/** SQL conditions over one row. */
final class Conditions {

  private Conditions() {}

  /**
   * The condition as a column.
   *
   * @param place where it was written, for the message
   * @throws SpecException if Spark can't read it, it looks beyond its row, or is no condition
   */
  static Column of(String sql, Dataset<Row> rows, String place) {
    DataType type;
    try {
      type = rows.select(functions.expr(sql).as("x")).schema().apply("x").dataType();
    } catch (Exception e) {
      throw new SpecException(
          "%s: `%s` can't be read: %s".formatted(place, sql, reason(e, rows)), e);
    }
    if (!(type instanceof BooleanType)) {
      throw new SpecException(
          "%s: `%s` is a %s, no condition; compare it with something"
              .formatted(place, sql, type.simpleString()));
    }
    try {
      // Spark takes no aggregate, window or generator in a filter, and so tells them for us.
      rows.where(functions.expr(sql)).schema();
    } catch (Exception e) {
      throw new SpecException(
          "%s: `%s` looks beyond its row; take unique, determines or exists-in"
              .formatted(place, sql),
          e);
    }
    return functions.expr(sql);
  }

  /** What Spark says, in one line without its codes; of columns it knows too many. */
  static String reason(Exception fault, Dataset<Row> rows) {
    if (fault instanceof AnalysisException analysis
        && String.valueOf(analysis.getCondition()).startsWith("UNRESOLVED_COLUMN")) {
      String name = analysis.getMessageParameters().get("objectName").replace("`", "");
      List<String> known =
          Arrays.stream(rows.columns()).filter(c -> !RawColumns.isOurs(c)).toList();
      return "there is no column " + name + "; " + Nearest.mend(name, known, "columns");
    }
    return String.valueOf(fault.getMessage())
        .strip()
        .replaceFirst("(?s)\\R.*", "")
        .replaceFirst("^\\[[A-Z_.]+] ", "")
        .replaceFirst(" SQLSTATE: \\w+", "")
        .replaceFirst("[.;: ]*( line \\d+ pos \\d+)?;?$", "");
  }
}
