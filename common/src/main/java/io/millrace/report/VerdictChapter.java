package io.millrace.report;

import io.millrace.Stage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Whether monitoring let the predictions of the date out, and asks for training. */
record VerdictChapter(
    Level level, String word, boolean retrain, List<String> reasons, String judgedAt) {

  /** The last verdict of the date. */
  static VerdictChapter of(Facts facts, boolean released) {
    Optional<Row> verdict =
        facts.ofDate("verdicts").max(Comparator.comparing((Row row) -> row.time("judged_at")));
    if (verdict.isEmpty()) {
      String word =
          released ? "released, not judged" : scored(facts) ? "not released" : "no predictions";
      return new VerdictChapter(Level.NONE, word, false, List.of(), "");
    }
    Row row = verdict.get();
    boolean release = row.isTrue("release");
    boolean retrain = row.isTrue("retrain");
    String word = release ? (released ? "released" : "may be released") : "held back";
    Level level = !release ? Level.STOP : retrain ? Level.WARN : Level.OK;
    List<String> reasons =
        row.text("reasons").lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    return new VerdictChapter(level, word, retrain, reasons, Format.time(row.time("judged_at")));
  }

  /** Whether anything was scored: a date may only take in rows, or train. */
  private static boolean scored(Facts facts) {
    return facts.ofDate("runs").anyMatch(row -> row.text("stage").equals(Stage.SCORE.word()));
  }

  boolean judged() {
    return !judgedAt.isEmpty();
  }
}
