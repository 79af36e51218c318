package io.millrace.report;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The model in force at the date, the one trained at it, and what the gates said. */
record TrainChapter(List<Model> models, String judgedOn, List<Gate> gates) {

  private static final Row NOTHING = new Row(Map.of());

  /**
   * A model.
   *
   * @param role {@code champion} (in force) or {@code challenger} (trained at the date)
   * @param since first date that it scores; a dash for a challenger that hasn't won
   */
  record Model(
      String role,
      String version,
      String date,
      String algorithm,
      String task,
      double rowsTrain,
      double rowsTune,
      double rounds,
      double difference,
      String since,
      String kind,
      String reason,
      Instant trained,
      String featuresVersion,
      String codeVersion,
      String runId) {}

  /** A verdict of a gate. */
  record Gate(
      String gate,
      String metric,
      String slice,
      double value,
      double against,
      String bound,
      Level level,
      String reason) {

    String verdict() {
      return level == Level.OK ? "passed" : "refused";
    }
  }

  static TrainChapter of(Facts facts, Hidden hidden) {
    List<Model> models = new ArrayList<>();
    Optional<Row> promotion = inForce(facts);
    String champion = promotion.map(row -> row.text("model_version")).orElse("");
    promotion.ifPresent(row -> models.add(model(facts, "champion", champion, row)));
    facts
        .ofLastRun(facts.ofDate("models"))
        .forEach(
            row -> {
              String version = row.text("model_version");
              if (!version.equals(champion)) {
                models.add(model(facts, "challenger", version, NOTHING));
              }
            });
    Optional<LocalDate> judged =
        facts.known("gates").flatMap(row -> row.date("date").stream()).max(LocalDate::compareTo);
    List<Gate> gates =
        judged
            .map(date -> facts.ofLastRun(facts.at(date).ofDate("gates")))
            .orElse(List.of())
            .stream()
            .map(row -> gate(row, hidden))
            .toList();
    return new TrainChapter(models, judged.map(LocalDate::toString).orElse(""), gates);
  }

  /** The promotion in force at the date: of the latest start, the last of the log. */
  static Optional<Row> inForce(Facts facts) {
    return facts.rows("promotions").stream()
        .filter(
            row ->
                row.date("effective_from").filter(from -> !from.isAfter(facts.date())).isPresent())
        .max(
            Comparator.comparing((Row row) -> row.date("effective_from").orElseThrow())
                .thenComparingDouble(row -> row.number("position")));
  }

  private static Model model(Facts facts, String role, String version, Row promotion) {
    Row row =
        facts.rows("models").stream()
            .filter(model -> model.text("model_version").equals(version))
            .max(Comparator.comparing(model -> model.time("trained_at")))
            .orElse(NOTHING);
    return new Model(
        role,
        version,
        row.text("date"),
        row.text("algorithm"),
        row.text("task"),
        row.number("rows_train"),
        row.number("rows_tune"),
        row.number("rounds"),
        row.number("largest_difference"),
        promotion.text("effective_from"),
        promotion.text("kind"),
        promotion.text("reason"),
        row.time("trained_at"),
        row.text("features_version"),
        row.text("code_version"),
        row.text("run_id"));
  }

  private static Gate gate(Row row, Hidden hidden) {
    String column = row.text("slice_column");
    return new Gate(
        row.text("gate"),
        row.text("metric"),
        column.isEmpty() ? "" : column + " = " + hidden.of(column, row.text("slice_value")),
        row.number("value"),
        row.number("against"),
        row.text("bound"),
        row.isTrue("passed") ? Level.OK : Level.STOP,
        hidden.of(column, row.text("reason")));
  }

  /** The version in force; empty where there is none. */
  String champion() {
    return models.stream()
        .filter(model -> model.role().equals("champion"))
        .map(Model::version)
        .findFirst()
        .orElse("");
  }

  long refusals() {
    return gates.stream().filter(gate -> gate.level() != Level.OK).count();
  }
}
