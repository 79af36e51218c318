package io.millrace.report;

import java.util.ArrayList;
import java.util.List;

/** How a date stands: what its line in the index and the head of its page are made of. */
record Standing(
    RunsChapter runs,
    ValidateChapter validate,
    LeaksChapter leaks,
    DriftChapter drift,
    VerdictChapter verdict) {

  static Standing of(Facts facts, Hidden hidden, int samples) {
    return new Standing(
        RunsChapter.of(facts),
        ValidateChapter.of(facts, hidden, samples),
        LeaksChapter.of(facts, hidden),
        DriftChapter.of(facts, hidden),
        VerdictChapter.of(facts, ScoreChapter.release(facts).isPresent()));
  }

  /** The worst of checks, leaks, drift and the verdict. */
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
