package io.millrace.report;

import io.millrace.config.ReportSpec;
import java.time.LocalDate;

/**
 * All that the page of one pipeline and date shows, taken from tables alone: what was known up to
 * the date, except how its predictions turned out.
 */
public final class ReportData {

  final String pipeline;
  final LocalDate date;
  final Standing standing;
  final RunsChapter runs;
  final ValidateChapter validate;
  final ProfileChapter profile;
  final LeaksChapter leaks;
  final TrainChapter train;
  final EvaluateChapter evaluate;
  final ScoreChapter score;
  final DriftChapter drift;
  final DriftChapter.History history;
  final PerformanceChapter performance;
  final VerdictChapter verdict;

  private ReportData(String pipeline, Facts facts, ReportSpec spec) {
    Hidden hidden = new Hidden(spec.hide());
    this.standing = Standing.of(facts, hidden, spec.sampleRows());
    this.pipeline = pipeline;
    this.date = facts.date();
    this.runs = standing.runs();
    this.validate = standing.validate();
    this.profile = ProfileChapter.of(facts, hidden);
    this.leaks = standing.leaks();
    this.train = TrainChapter.of(facts, hidden);
    this.evaluate = EvaluateChapter.of(facts, hidden);
    this.score = ScoreChapter.of(facts, profile, hidden);
    this.drift = standing.drift();
    this.history = DriftHistory.of(facts);
    this.performance = PerformanceChapter.of(facts);
    this.verdict = standing.verdict();
  }

  /**
   * The facts of a page.
   *
   * @param pipeline its name, as the page tells it
   * @param source the tables of this pipeline
   */
  public static ReportData of(
      String pipeline, LocalDate date, ReportSource source, ReportSpec spec) {
    return new ReportData(pipeline, new Facts(source, date), spec);
  }
}
