package io.millrace.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;

import io.millrace.Stage;
import io.millrace.jobs.Validated.RawSlice;
import io.millrace.jobs.console.StageLine;
import io.millrace.table.Attempts;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.RunRow;
import io.millrace.table.SlicePublisher;
import io.millrace.table.SmallTable;
import io.millrace.validate.CheckResult;
import io.millrace.validate.ValidateResult;
import io.millrace.validate.Validator;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Measures and judges the slices that came in up to a date, each once by the present checks. */
final class ValidateJob {

  private final Work work;
  private final LocalDate date;
  private final SmallTable checks;

  ValidateJob(Work work, LocalDate date) {
    this.work = work;
    this.date = date;
    this.checks = new SmallTable(work.lake(), ResultTables.checks());
  }

  Outcome run() {
    Outcome outcome = Outcome.ALREADY_DONE;
    try (StageLine line = work.begin(Stage.VALIDATE, date)) {
      List<String> said = new ArrayList<>();
      for (String source : work.spec().sources().keySet().stream().sorted().toList()) {
        Attempts.run("quarantine/" + source, () -> validate(source)).ifPresent(said::add);
      }
      if (said.isEmpty()) {
        line.alreadyDone();
      } else {
        line.done(String.join("; ", said));
        outcome = Outcome.DONE;
      }
    }
    work.spec().sources().keySet().stream().sorted().forEach(this::stop);
    return outcome;
  }

  /** A slice of this date that a check stops, stops the chain each time it is asked for. */
  private void stop(String source) {
    work.lake()
        .latest("raw/" + source)
        .map(raw -> new Validated(work, source, raw))
        .ifPresent(
            validated -> {
              Set<String> today = new TreeSet<>();
              validated.of(date).forEach(slice -> today.add(validated.id(slice)));
              validated.require(today, date);
            });
  }

  private Optional<String> validate(String source) {
    Optional<PinnedTable> raw = work.lake().latest("raw/" + source);
    if (raw.isEmpty()) {
      return Optional.empty();
    }
    Validated validated = new Validated(work, source, raw.get());
    List<RawSlice> open = open(checks, validated, date);
    if (open.isEmpty()) {
      return Optional.empty();
    }
    open.forEach(slice -> work.planned(Stage.VALIDATE, slice.ingested(), validated.whole(slice)));
    LookedAt lookedAt = new LookedAt(work, validated, source, raw.get());
    List<ValidateResult> results = new ArrayList<>();
    // Each is written before the next is judged, which may be compared with it.
    for (List<RawSlice> slices : lookedAt.together(open)) {
      ValidateResult result = judge(validated, raw.get(), slices, lookedAt);
      write(validated, source, raw.get(), slices, result);
      results.add(result);
    }
    results.stream()
        .flatMap(result -> result.notes().stream())
        .distinct()
        .forEach(work.console()::warn);
    return Optional.of(said(source, open, results));
  }

  /** Slices up to a date that the present checks haven't judged yet. */
  static List<RawSlice> open(SmallTable checks, Validated validated, LocalDate date) {
    return validated.upTo(date).stream()
        .filter(slice -> !isDone(checks, validated, slice))
        .toList();
  }

  private static boolean isDone(SmallTable checks, Validated validated, RawSlice slice) {
    return checks.holds(validated.whole(slice))
        && (!validated.judges() || checks.holds(Validated.mark(validated.id(slice))));
  }

  private ValidateResult judge(
      Validated validated, PinnedTable raw, List<RawSlice> slices, LookedAt lookedAt) {
    Object[] runs = slices.stream().map(RawSlice::runId).toArray();
    Dataset<Row> rows = raw.read().where(Columns.named(RawColumns.RUN_ID).isin(runs));
    return Validator.validate(rows, validated.checks(), lookedAt.context(slices));
  }

  /** The mark in {@code checks} comes last and makes it real. */
  private void write(
      Validated validated,
      String source,
      PinnedTable raw,
      List<RawSlice> open,
      ValidateResult result) {
    SmallTable profiles = new SmallTable(work.lake(), ResultTables.profiles());
    for (RawSlice slice : open) {
      String whole = validated.whole(slice);
      long refused = quarantine(validated, source, raw, slice, result);
      profiles.record(
          work.name(),
          whole,
          result.profiles().stream()
              .filter(profile -> profile.sliceRunId().equals(slice.runId()))
              .map(profile -> row(whole, profile.toRow()))
              .toList());
      work.record(List.of(run(raw, slice, whole, refused)));
    }
    work.flush();
    for (RawSlice slice : open) {
      checks.record(
          work.name(),
          validated.whole(slice),
          result.results().stream()
              .filter(found -> found.sliceRunId().equals(slice.runId()))
              .map(found -> row(validated, slice, found))
              .toList());
      if (validated.judges()) {
        boolean stops =
            result.results().stream()
                .filter(found -> found.sliceRunId().equals(slice.runId()))
                .anyMatch(CheckResult::stops);
        checks.mark(
            work.name(),
            Validated.mark(validated.id(slice)),
            stops ? Validated.JUDGED : Validated.CLEAR);
      }
    }
  }

  private RunRow run(PinnedTable raw, RawSlice slice, String whole, long refused) {
    RunRow run = work.run(Stage.VALIDATE, slice.ingested(), whole, raw.versions(), slice.rows());
    return RawTables.validateRun(run, refused);
  }

  private Map<String, Object> row(String whole, Map<String, Object> found) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", whole);
    row.put("pipeline", work.name());
    row.putAll(found);
    return row;
  }

  private Map<String, Object> row(Validated validated, RawSlice slice, CheckResult result) {
    Map<String, Object> row = row(validated.whole(slice), result.toRow());
    row.put("date", slice.ingested());
    row.put("validate_id", validated.id(slice));
    row.put("checked_at", Instant.now());
    return row;
  }

  /** Rows that break a rule, under a counter of their own. */
  private long quarantine(
      Validated validated, String source, PinnedTable raw, RawSlice slice, ValidateResult result) {
    if (result.brokenRows() == 0) {
      return 0;
    }
    String id = validated.id(slice);
    Dataset<Row> broken =
        result.broken().where(Columns.named(RawColumns.RUN_ID).equalTo(slice.runId()));
    long count = broken.count();
    var definition = RawTables.quarantine(source);
    boolean there =
        work.lake()
            .latest(definition.name())
            .map(table -> SlicePublisher.counter(table, id) > 0)
            .orElse(false);
    if (count > 0 && !there) {
      Dataset<Row> files =
          raw.read()
              .where(Columns.named(RawColumns.RUN_ID).equalTo(slice.runId()))
              .select(Columns.named(RawColumns.ROW_ID), Columns.named(RawColumns.FILE));
      SlicePublisher.append(
          work.lake(),
          definition,
          rows(broken.join(files, RawColumns.ROW_ID), id, slice),
          id,
          0,
          List.of());
    }
    return count;
  }

  private Dataset<Row> rows(Dataset<Row> broken, String id, RawSlice slice) {
    Column rule = col("rule");
    return broken
        .withColumn("rule", explode(col("rules")))
        .select(
            lit(id).as(RawColumns.RUN_ID),
            lit(work.name()).as("pipeline"),
            lit(slice.runId()).as("slice_run_id"),
            lit(java.sql.Date.valueOf(slice.ingested())).as(RawColumns.INGESTED),
            Columns.named(RawColumns.FILE),
            Columns.named(RawColumns.ROW_ID),
            lit("").as("column"),
            lit("").as("value"),
            org.apache.spark.sql.functions.substring_index(rule, ": ", 1).as("rule"),
            rule.as("reason"),
            col("row"));
  }

  private static String said(String source, List<RawSlice> open, List<ValidateResult> results) {
    long rows = open.stream().mapToLong(RawSlice::rows).sum();
    List<CheckResult> found = results.stream().flatMap(one -> one.results().stream()).toList();
    long broken = results.stream().mapToLong(ValidateResult::brokenRows).sum();
    return "raw/%s: %,d rows, %d of %d checks failed%s"
        .formatted(
            source,
            rows,
            found.stream().filter(r -> !r.passed()).count(),
            found.size(),
            broken == 0 ? "" : ", %,d rows to quarantine".formatted(broken));
  }
}
