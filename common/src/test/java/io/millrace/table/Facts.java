package io.millrace.table;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A small table of tests, as {@code runs} and {@code metrics} are. */
public final class Facts {

  private Facts() {}

  /** The table {@code facts}: run, pipeline and more columns. */
  public static TableDefinition with(StructField... more) {
    Stream<StructField> columns =
        Stream.of(
            TableDefinition.column("run_id", DataTypes.StringType, "Run"),
            TableDefinition.column("pipeline", DataTypes.StringType, "Pipeline"));
    return new TableDefinition(
        "facts",
        "Facts",
        new StructType(Stream.concat(columns, Stream.of(more)).toArray(StructField[]::new)),
        Optional.of("pipeline"),
        List.of("run_id"));
  }
}
