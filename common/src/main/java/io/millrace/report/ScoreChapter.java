package io.millrace.report;

import java.util.Comparator;
import java.util.Optional;

/**
 * What was predicted and released at the date.
 *
 * @param rows predictions released; NaN where none were
 * @param mean mean probability or number; NaN where there is none
 * @param predictions their distribution beside that of reference, if it was compared
 */
record ScoreChapter(
    double rows,
    double mean,
    String version,
    String releasedAt,
    Optional<ProfileChapter.Table> profile,
    Optional<Comparison> predictions) {

  static ScoreChapter of(Facts facts, ProfileChapter profile, Hidden hidden) {
    Optional<Row> release = release(facts);
    Optional<Comparison> predictions =
        facts.ofLastRun(facts.ofDate("drift")).stream()
            .filter(row -> row.text("kind").equals("prediction"))
            .min(
                Comparator.comparing((Row row) -> !row.text("against").equals("training"))
                    .thenComparing(row -> row.text("column")))
            .map(row -> comparison(row, hidden))
            .filter(comparison -> !comparison.isEmpty());
    return new ScoreChapter(
        release.map(row -> row.number("rows")).orElse(Double.NaN),
        release.map(row -> row.number("mean")).orElse(Double.NaN),
        release.map(row -> row.text("model_version")).orElse(""),
        release.map(row -> Format.time(row.time("released_at"))).orElse(""),
        profile.tables().stream().filter(table -> table.name().startsWith("scored/")).findFirst(),
        predictions);
  }

  /** The last release of the date. */
  static Optional<Row> release(Facts facts) {
    return facts.ofDate("releases").max(Comparator.comparing((Row row) -> row.time("released_at")));
  }

  private static Comparison comparison(Row row, Hidden hidden) {
    return Comparison.of(
        row.text("column"),
        row.text("against"),
        row.json("bins"),
        hidden.hides(row.text("column")));
  }

  boolean released() {
    return !Double.isNaN(rows);
  }

  boolean isEmpty() {
    return !released() && profile.isEmpty() && predictions.isEmpty();
  }
}
