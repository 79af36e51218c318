package io.millrace.report;

import io.millrace.config.ReportSpec;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * All that the page of one pipeline and date shows, taken from tables alone: what was known up to
 * the date, except how its predictions turned out.
 */
public final class ReportData {

  final String pipeline;
  final LocalDate date;
  final RunsChapter runs;
  final ValidateChapter validate;
  final ProfileChapter profile;
  final LeaksChapter leaks;
  final TrainChapter train;
  final EvaluateChapter evaluate;
  final ScoreChapter score;
  final DriftChapter drift;
  final PerformanceChapter performance;
  final VerdictChapter verdict;

  private ReportData(String pipeline, Facts facts, ReportSpec spec) {
    Hidden hidden = new Hidden(spec.hide());
    this.pipeline = pipeline;
    this.date = facts.date();
    this.runs = RunsChapter.of(facts);
    this.validate = ValidateChapter.of(facts, hidden, spec.sampleRows());
    this.profile = ProfileChapter.of(facts, hidden);
    this.leaks = LeaksChapter.of(facts, hidden);
    this.train = TrainChapter.of(facts, hidden);
    this.evaluate = EvaluateChapter.of(facts, hidden);
    this.score = ScoreChapter.of(facts, profile, hidden);
    this.drift = DriftChapter.of(facts, hidden);
    this.performance = PerformanceChapter.of(facts);
    this.verdict = VerdictChapter.of(facts, score.released());
  }

  /**
   * The facts of a page.
   *
   * @param pipeline its name, as the page tells it
   * @param source the tables of this pipeline
   */
  public static ReportData of(
      String pipeline, LocalDate date, ReportSource source, ReportSpec spec) {
    return of(pipeline, new Facts(source, date), spec);
  }

  static ReportData of(String pipeline, Facts facts, ReportSpec spec) {
    return new ReportData(pipeline, facts, spec);
  }

  /** How the date stands: the worst of checks, leaks, drift and the verdict. */
  Level level() {
    Level leak = leaks.leaks().isEmpty() ? Level.NONE : Level.WARN;
    return verdict.level().or(validate.level()).or(drift.level()).or(leak);
  }

  /** What became of the predictions, and what there is to look at. */
  String status() {
    List<String> faults = new ArrayList<>();
    if (validate.failed() > 0) {
      faults.add("checks");
    }
    if (!leaks.leaks().isEmpty()) {
      faults.add("leaks");
    }
    if (drift.changed() > 0) {
      faults.add("drift");
    }
    return faults.isEmpty() ? verdict.word() : verdict.word() + ": " + String.join(", ", faults);
  }
}
