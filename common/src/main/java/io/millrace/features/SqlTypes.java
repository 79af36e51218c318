package io.millrace.features;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.table.RawColumns;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Types of SQL expressions over the columns of a table, told by Spark without reading a row. */
final class SqlTypes {

  private final Dataset<Row> empty;
  private final StructType schema;

  SqlTypes(SparkSession spark, StructType schema) {
    this.empty = spark.createDataFrame(List.of(), schema);
    this.schema = schema;
  }

  /**
   * The type of an expression.
   *
   * @param place where the spec has it, for messages
   * @throws SpecException where it can't be read, or looks beyond its row
   */
  DataType of(String place, String sql) {
    try {
      DataType type = empty.select(functions.expr(sql).as("x")).schema().apply("x").dataType();
      requireOfOneRow(place, sql);
      return type;
    } catch (SpecException e) {
      throw e;
    } catch (Exception e) {
      throw new SpecException(place + ": `" + sql + "` can't be read: " + reason(e), e);
    }
  }

  /** Names of the table's columns that expressions read. */
  List<String> columnsOf(List<Column> expressions) {
    var plan =
        ((org.apache.spark.sql.classic.Dataset<Row>)
                empty.select(expressions.toArray(Column[]::new)))
            .queryExecution()
            .analyzed();
    return scala.jdk.javaapi.CollectionConverters.asJava(plan.references().toSeq()).stream()
        .map(attribute -> attribute.name())
        .distinct()
        .sorted()
        .toList();
  }

  /** Spark takes no aggregate, window or generator in a filter, and so tells them for us. */
  private void requireOfOneRow(String place, String sql) {
    try {
      empty.where(functions.expr(sql).isNotNull()).schema();
    } catch (Exception e) {
      throw new SpecException(
          place
              + ": `"
              + sql
              + "` looks beyond its row; an expression gives one value of one row, without"
              + " aggregate, window or explode",
          e);
    }
  }

  /** What Spark says, in one line without its codes; of columns it knows too many. */
  private String reason(Exception fault) {
    if (fault instanceof AnalysisException analysis
        && String.valueOf(analysis.getCondition()).startsWith("UNRESOLVED_COLUMN")) {
      String name = analysis.getMessageParameters().get("objectName").replace("`", "");
      return "there is no column " + name + "; " + mend(name, schema);
    }
    return String.valueOf(fault.getMessage())
        .strip()
        .replaceFirst("(?s)\\R.*", "")
        .replaceFirst("^\\[[A-Z_.]+] ", "")
        .replaceFirst(" on search path \\[[^]]*]", "")
        .replaceFirst(" SQLSTATE: \\w+", "")
        .replaceFirst("[.;: ]*( line \\d+ pos \\d+)?;?$", "");
  }

  /** The column that a name was meant to be, or all that there are. */
  static String mend(String name, StructType schema) {
    List<String> columns =
        List.of(schema.fieldNames()).stream().filter(c -> !RawColumns.isOurs(c)).toList();
    return Nearest.mend(name, columns, "columns");
  }
}
