package io.millrace.report;

import java.time.Instant;
import java.util.List;

/** What a page of the last date of {@link SampleTables} tells in detail. */
final class SampleDetails {

  private static final int DATE = SampleTables.DATES - 1;
  private static final String RUN = SampleTables.id("ingest", DATE);

  private SampleDetails() {}

  static void addTo(SampleTables sample) {
    checks(sample);
    quarantine(sample);
    profiles(sample);
    SampleCurves.addTo(sample);
    sample.add(
        "leaks",
        "run_id",
        SampleTables.id("train", DATE),
        "pipeline",
        "bank",
        "stage",
        "train",
        "date",
        SampleTables.LAST,
        "rule",
        "one-feature",
        "column",
        "duration",
        "value",
        0.94,
        "limit",
        0.9,
        "message",
        "alone it ranks the training rows with auc 0.94: is it known when"
            + " the prediction is made?",
        "rows",
        23_403L);
  }

  private static void checks(SampleTables sample) {
    check(sample, "not-null(age)", "age", "quarantine", true, 0, "at most 0%", 0, "");
    check(
        sample,
        "in-range(age)",
        "age",
        "quarantine",
        false,
        0.0076,
        "17 to 98",
        7,
        "7 of 919 rows: 999, 999, 0");
    check(sample, "one-of(contact)", "contact", "warn", true, 0, "cellular, telephone", 0, "");
    check(sample, "row-count", "", "stop", true, 919, "at least 100", 0, "");
    check(
        sample,
        "like-before(mean of euribor3m)",
        "euribor3m",
        "stop",
        false,
        0.88,
        "1.1 to 4.97",
        919,
        "the mean 0.88 lies below the band of the 14 slices before");
  }

  private static void check(
      SampleTables sample,
      String check,
      String column,
      String onFail,
      boolean passed,
      double value,
      String expected,
      long broken,
      String message) {
    sample.add(
        "checks",
        "run_id",
        SampleTables.id("validate", DATE),
        "pipeline",
        "bank",
        "source",
        "bank",
        "date",
        SampleTables.LAST,
        "slice_run_id",
        RUN,
        "check",
        check,
        "column",
        column,
        "on_fail",
        onFail,
        "passed",
        passed,
        "value",
        value,
        "expected",
        expected,
        "rows",
        919L,
        "broken",
        broken,
        "message",
        message,
        "checked_at",
        // Each row of a validation has a moment of its own.
        Instant.parse("2010-10-01T04:13:00Z").plusMillis(sample.rows("checks").size()));
  }

  private static void quarantine(SampleTables sample) {
    for (String age : List.of("999", "999", "0")) {
      sample.add(
          "quarantine",
          "source",
          "bank",
          "rule",
          "in-range(age)",
          "column",
          "age",
          "value",
          age,
          "reason",
          age + " is not from 17 to 98",
          "row",
          "{\"age\": \"%s\", \"job\": \"admin.\", \"contact\": \"cellular\"}".formatted(age),
          "rows",
          7L);
    }
  }

  private static void profiles(SampleTables sample) {
    number(sample, "raw/bank", "age", "bigint", 17, 98, new double[] {26, 32, 38, 47, 58});
    number(sample, "raw/bank", "campaign", "bigint", 1, 43, new double[] {1, 1, 2, 3, 7});
    number(
        sample,
        "raw/bank",
        "euribor3m",
        "double",
        0.634,
        5.045,
        new double[] {0.7, 1.344, 4.857, 4.961, 4.966});
    text(sample, "raw/bank", "job", 12, "admin.", 232, "blue-collar", 205, "technician", 150);
    text(sample, "raw/bank", "contact", 2, "cellular", 583, "telephone", 336, "", 0);
    number(sample, "features/bank", "age", "double", 17, 98, new double[] {26, 32, 38, 47, 58});
    number(
        sample,
        "scored/bank",
        "probability",
        "double",
        0.011,
        0.87,
        new double[] {0.02, 0.04, 0.07, 0.2, 0.61});
  }

  private static void number(
      SampleTables sample,
      String table,
      String column,
      String type,
      double min,
      double max,
      double[] q) {
    sample.add(
        "profiles",
        "run_id",
        SampleTables.id("profile", DATE),
        "pipeline",
        "bank",
        "table",
        table,
        "date",
        SampleTables.LAST,
        "slice_run_id",
        RUN,
        "slice_column",
        "",
        "slice_value",
        "",
        "column",
        column,
        "type",
        type,
        "rows",
        912L,
        "nulls",
        3L,
        "nans",
        0L,
        "distinct",
        71.0,
        "min",
        "" + min,
        "max",
        "" + max,
        "mean",
        q[2],
        "stddev",
        9.7,
        "p05",
        q[0],
        "p25",
        q[1],
        "p50",
        q[2],
        "p75",
        q[3],
        "p95",
        q[4],
        "top_values",
        "[]",
        "patterns",
        "[]",
        "sketch",
        "");
  }

  private static void text(
      SampleTables sample, String table, String column, double distinct, Object... top) {
    sample.add(
        "profiles",
        "run_id",
        SampleTables.id("profile", DATE),
        "pipeline",
        "bank",
        "table",
        table,
        "date",
        SampleTables.LAST,
        "slice_run_id",
        RUN,
        "slice_column",
        "",
        "slice_value",
        "",
        "column",
        column,
        "type",
        "string",
        "rows",
        912L,
        "nulls",
        0L,
        "nans",
        0L,
        "distinct",
        distinct,
        "min",
        "admin.",
        "max",
        "unknown",
        "mean",
        null,
        "top_values",
        "[{\"value\":\"%s\",\"count\":%d},{\"value\":\"%s\",\"count\":%d},{\"value\":\"%s\",\"count\":%d}]"
            .formatted(top),
        "patterns",
        "[{\"pattern\":\"a\",\"count\":700}]");
  }
}
