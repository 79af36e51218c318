package io.millrace.jobs;

import io.millrace.Stage;
import io.millrace.evaluate.Metric;
import io.millrace.jobs.console.StageLine;
import io.millrace.promote.Judge;
import io.millrace.promote.Scores;
import io.millrace.promote.Verdict;
import io.millrace.table.RunIds;
import io.millrace.table.SmallTable;
import io.millrace.table.TableVersion;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets the challenger of a date through its gates, or says why not; or obeys a person. */
final class PromoteJob {

  private final Work work;
  private final LocalDate date;

  PromoteJob(Work work, LocalDate date) {
    this.work = work;
    this.date = date;
  }

  /** What became of the challenger. */
  record Decision(Outcome outcome, String version, boolean promoted, List<String> reasons) {}

  /** Judges the challenger of the date. */
  Decision run() {
    Requirements.train(work.spec());
    try (StageLine line = work.begin(Stage.PROMOTE, date)) {
      EvaluateJob.Plan plan = EvaluateJob.plan(work, date);
      String runId = runId(work, date, plan);
      SmallTable gates = new SmallTable(work.lake(), ResultTables.gates());
      Optional<Decision> earlier = earlier(gates, plan, runId);
      if (earlier.isPresent()) {
        line.alreadyDone();
        return earlier.get();
      }
      work.planned(Stage.PROMOTE, date, runId);
      List<Verdict> verdicts = Judge.judge(work.spec().promote(), scores(plan));
      boolean promoted = Verdict.promotes(verdicts);
      if (promoted) {
        String reason = "all " + verdicts.size() + " verdicts of the gates passed";
        new Champions(work).promote(runId, plan.challenger(), date, "promote", reason);
      }
      record(runId, promoted, plan);
      work.flush();
      // The verdicts come last: once they are in, the run is done.
      gates.append(work.name(), runId, verdicts.stream().map(v -> row(runId, plan, v)).toList());
      Decision decision =
          new Decision(Outcome.DONE, plan.challenger(), promoted, blocked(verdicts));
      tell(line, decision);
      return decision;
    }
  }

  /** The id of the judgement of an evaluated challenger. */
  static String runId(Work work, LocalDate date, EvaluateJob.Plan plan) {
    return RunIds.of(
        Stage.PROMOTE,
        SpecKeys.promote(work.spec()),
        date,
        plan.challenger(),
        List.of(plan.runId()));
  }

  private void tell(StageLine line, Decision decision) {
    if (decision.promoted()) {
      line.done("champion from " + date + ": model " + decision.version());
    } else {
      line.stopped(
          "model %s stays out: %s"
              .formatted(decision.version(), String.join("; ", decision.reasons())));
    }
  }

  private Optional<Decision> earlier(SmallTable gates, EvaluateJob.Plan plan, String runId) {
    List<Map<String, Object>> rows =
        gates.rows(work.name()).stream().filter(row -> runId.equals(row.get("run_id"))).toList();
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    List<String> reasons =
        rows.stream()
            .filter(row -> !(Boolean) row.get("passed"))
            .map(row -> (String) row.get("reason"))
            .toList();
    return Optional.of(
        new Decision(Outcome.ALREADY_DONE, plan.challenger(), reasons.isEmpty(), reasons));
  }

  private static List<String> blocked(List<Verdict> verdicts) {
    return verdicts.stream().filter(v -> !v.passed()).map(Verdict::reason).toList();
  }

  private Scores scores(EvaluateJob.Plan plan) {
    SmallTable table = new SmallTable(work.lake(), ResultTables.metrics());
    List<Map<String, Object>> rows = MetricRows.of(table, work.name(), plan.runId()).toList();
    if (rows.isEmpty()) {
      throw new NotMadeException(
          "metrics: model "
              + plan.challenger()
              + " hasn't been evaluated yet; run `millrace evaluate "
              + work.name()
              + " --date "
              + date
              + "`");
    }
    List<Metric> champion = of(rows, "champion");
    List<Metric> baseline = of(rows, "baseline");
    return new Scores(
        of(rows, "challenger"),
        plan.champion().map(version -> champion),
        baseline.isEmpty() ? Optional.empty() : Optional.of(baseline));
  }

  private static List<Metric> of(List<Map<String, Object>> rows, String role) {
    return rows.stream()
        .filter(row -> role.equals(row.get("role")))
        .map(MetricRows::metric)
        .toList();
  }

  private Map<String, Object> row(String runId, EvaluateJob.Plan plan, Verdict verdict) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", runId);
    row.put("pipeline", work.name());
    row.put("date", date);
    row.put("model_version", plan.challenger());
    row.put("gate", verdict.gate());
    row.put("metric", verdict.metric());
    row.put("slice_column", verdict.sliceColumn());
    row.put("slice_value", verdict.sliceValue());
    verdict.value().ifPresent(value -> row.put("value", value));
    verdict.against().ifPresent(against -> row.put("against", against));
    row.put("bound", verdict.bound());
    row.put("passed", verdict.passed());
    row.put("reason", verdict.reason());
    return row;
  }

  private void record(String runId, boolean promoted, EvaluateJob.Plan plan) {
    List<TableVersion> inputs =
        List.of(new TableVersion("models/" + work.name() + "/" + plan.challenger(), -1));
    work.record(
        List.of(
            work.run(Stage.PROMOTE, date, runId, inputs, 0)
                .finished(List.of(new TableVersion("gates", -1)), promoted ? 1 : 0)));
  }

  /** Puts a version in force from the date on because a person says so. */
  void to(String version) {
    try (StageLine line = work.begin(Stage.PROMOTE, date)) {
      new ModelLibrary(work).named(version);
      Champions champions = new Champions(work);
      if (champions.at(date).equals(Optional.of(version))) {
        line.alreadyDone();
        return;
      }
      String runId =
          RunIds.of(
              Stage.PROMOTE,
              Map.of("to", version, "position", champions.log().size()),
              date,
              version,
              List.of());
      champions.promote(runId, version, date, "rollback", "a person said so");
      TableVersion output =
          new TableVersion(
              "promotions", new SmallTable(work.lake(), ResultTables.promotions()).version());
      work.record(
          List.of(work.run(Stage.PROMOTE, date, runId, List.of(), 0).finished(List.of(output), 1)));
      line.done("champion from " + date + ": model " + version + ", by hand");
    }
  }
}
