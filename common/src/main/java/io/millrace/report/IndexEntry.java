package io.millrace.report;

import io.millrace.config.ReportSpec;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A line of the index: how one date of a pipeline stands. Numbers that are absent are NaN.
 *
 * @param page address of its page, relative to the index; empty where it has none
 * @param word what became of its predictions, and what there is to look at
 * @param rowsIn rows taken in
 * @param quarantined rows refused
 * @param predictions rows released
 * @param failed checks that failed
 * @param changed columns that drifted, over either limit
 * @param drift the worst column's distance as a share of the limit that stops
 * @param metric name of the figures that follow
 * @param promised of the predictions' model, by held-out rows
 * @param real of the predictions, by the labels known by now
 */
public record IndexEntry(
    String pipeline,
    LocalDate date,
    Optional<String> page,
    Level level,
    String word,
    double rowsIn,
    double quarantined,
    double predictions,
    String model,
    double failed,
    double changed,
    double drift,
    String metric,
    double promised,
    double real) {

  /**
   * The lines of all dates that {@code runs} knows, oldest first.
   *
   * @param page by date the address of its page, if it has one
   */
  public static List<IndexEntry> all(
      String pipeline,
      ReportSource source,
      ReportSpec spec,
      Function<LocalDate, Optional<String>> page) {
    Facts facts = new Facts(source, LocalDate.MAX);
    Hidden hidden = new Hidden(spec.hide());
    TreeSet<LocalDate> dates = new TreeSet<>();
    facts.rows("runs").forEach(row -> row.date("date").ifPresent(dates::add));
    PerformanceChapter performance = PerformanceChapter.of(facts);
    Map<LocalDate, PerformanceChapter.Outcome> outcomes = new HashMap<>();
    performance.outcomes().forEach(outcome -> outcomes.put(outcome.date(), outcome));
    List<IndexEntry> entries = new ArrayList<>();
    for (LocalDate date : dates) {
      Optional<PerformanceChapter.Outcome> outcome = Optional.ofNullable(outcomes.get(date));
      entries.add(
          entry(pipeline, facts.at(date), hidden, page.apply(date), performance.metric(), outcome));
    }
    return entries;
  }

  private static IndexEntry entry(
      String pipeline,
      Facts facts,
      Hidden hidden,
      Optional<String> page,
      String metric,
      Optional<PerformanceChapter.Outcome> outcome) {
    Standing standing = Standing.of(facts, hidden, 0);
    Optional<Row> release = ScoreChapter.release(facts);
    return new IndexEntry(
        pipeline,
        facts.date(),
        page,
        standing.level(),
        standing.status(),
        standing.runs().sum("ingest", RunsChapter.Run::rowsOut),
        standing.runs().sum("ingest", RunsChapter.Run::quarantined),
        release.map(row -> row.number("rows")).orElse(Double.NaN),
        release.map(row -> row.text("model_version")).orElse(""),
        standing.validate().all() == 0 ? Double.NaN : standing.validate().failed(),
        standing.drift().judged() == 0 ? Double.NaN : standing.drift().changed(),
        standing.drift().nearest(),
        metric,
        outcome.map(o -> o.promised().value()).orElse(Double.NaN),
        outcome.map(o -> o.real().value()).orElse(Double.NaN));
  }
}
