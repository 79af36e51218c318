package io.millrace.benchmarks;

import io.millrace.config.CheckSpec;
import io.millrace.config.CheckSpec.OnFail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Rows of 20 normal numbers and 5 texts of 2 to 50,000 values, and 25 checks on them. */
final class ProfileData {

  static final int NUMBERS = 20;
  static final List<Integer> VALUES = List.of(2, 10, 100, 5_000, 50_000);

  /** Beyond it lies a normal number in 150,000. */
  private static final double LIMIT = 4.5;

  private ProfileData() {}

  /** Names of the columns that are measured. */
  static List<String> columns() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < NUMBERS; i++) {
      names.add("x" + i);
    }
    for (int values : VALUES) {
      names.add("s" + values);
    }
    return names;
  }

  /** Writes rows with a run id and a row id as Parquet, in four files. */
  static void write(SparkSession spark, long rows, String path) {
    List<Column> columns = new ArrayList<>();
    columns.add(functions.lit("run1").as("run_id"));
    columns.add(functions.format_string("%016x", functions.col("id")).as("_row_id"));
    for (int i = 0; i < NUMBERS; i++) {
      columns.add(functions.randn(i).as("x" + i));
    }
    for (int values : VALUES) {
      Column value = functions.floor(functions.rand(values).multiply(values));
      columns.add(functions.concat(functions.lit("v-"), value).as("s" + values));
    }
    spark.range(0, rows, 1, 4).select(columns.toArray(Column[]::new)).write().parquet(path);
  }

  /** 20 ranges that a few rows in 10,000 break, and a check of each text. */
  static List<CheckSpec> checks() {
    List<CheckSpec> checks = new ArrayList<>();
    for (int i = 0; i < NUMBERS; i++) {
      checks.add(
          new CheckSpec.InRange(
              "x" + i, Optional.of(-LIMIT), Optional.of(LIMIT), 0.01, OnFail.QUARANTINE));
    }
    checks.add(new CheckSpec.OneOf("s2", List.of("v-0", "v-1"), 0, OnFail.QUARANTINE));
    checks.add(new CheckSpec.NotNull(List.of("s10"), 0, OnFail.QUARANTINE));
    checks.add(new CheckSpec.Matches("s100", "v-[0-9]{1,2}", 0, OnFail.QUARANTINE));
    checks.add(new CheckSpec.Matches("s5000", "v-[0-9]{1,4}", 0, OnFail.QUARANTINE));
    checks.add(new CheckSpec.Expression("short", "length(s50000) <= 7", 0, OnFail.QUARANTINE));
    return checks;
  }
}
