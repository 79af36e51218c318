package io.millrace.jobs;

import io.millrace.Stage;
import io.millrace.Task;
import io.millrace.config.MonitorSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.RetrainRule;
import io.millrace.jobs.console.StageLine;
import io.millrace.label.LabelBuilder;
import io.millrace.model.Model;
import io.millrace.monitor.ColumnDrift;
import io.millrace.monitor.DateVerdict;
import io.millrace.monitor.DriftJudge;
import io.millrace.monitor.Hold;
import io.millrace.monitor.Retraining;
import io.millrace.monitor.Watched;
import io.millrace.monitor.Watched.Against;
import io.millrace.monitor.Watched.Kind;
import io.millrace.table.Columns;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIds;
import io.millrace.table.SliceState;
import io.millrace.table.SmallTable;
import io.millrace.validate.CheckResult;
import io.millrace.validate.ColumnMeasures;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Compares a date with what its model learned from and with the dates before, and says whether to
 * release and whether to train again.
 *
 * <p>Dates before are compared by what was measured of them; no earlier verdict is read.
 */
final class MonitorJob {

  private final Work work;
  private final LocalDate date;
  private final References references;

  MonitorJob(Work work, LocalDate date) {
    this.work = work;
    this.date = date;
    this.references = new References(work);
  }

  /** What a monitor run is a function of. */
  private record Plan(
      ScoreJob.Plan score,
      List<LocalDate> before,
      Optional<SliceState> labels,
      Set<String> validations,
      String runId) {}

  Outcome run() {
    try (StageLine line = work.begin(Stage.MONITOR, date)) {
      Optional<ScoreJob.Plan> score = ScoreJob.plan(work, date);
      if (score.isEmpty() || score.get().slice().runIds().isEmpty()) {
        line.done("nothing to compare: no features at " + date);
        return Outcome.NOTHING;
      }
      Plan plan = plan(score.get());
      SmallTable verdicts = new SmallTable(work.lake(), ResultTables.verdicts());
      boolean known = verdicts.holds(plan.runId());
      if (known) {
        line.alreadyDone();
      } else {
        line.done(judge(plan, verdicts));
      }
      tell(plan.runId());
      return known ? Outcome.ALREADY_DONE : Outcome.DONE;
    }
  }

  /** The verdict on a score run; empty where there is none by the present spec and inputs. */
  static Optional<Map<String, Object>> verdict(Work work, LocalDate date, ScoreJob.Plan score) {
    return verdict(work, new MonitorJob(work, date).plan(score).runId());
  }

  /** The verdict of a monitor run. */
  static Optional<Map<String, Object>> verdict(Work work, String runId) {
    return new SmallTable(work.lake(), ResultTables.verdicts())
        .rows(work.name()).stream().filter(row -> runId.equals(row.get("run_id"))).findFirst();
  }

  /** Tells schedulers what was found, also where it was found before. */
  private void tell(String runId) {
    Map<String, Object> verdict = new LinkedHashMap<>(verdict(work, runId).orElseThrow());
    verdict.keySet().retainAll(List.of("pipeline", "date", "release", "retrain", "reasons"));
    work.console().event("verdict", verdict);
  }

  private Plan plan(ScoreJob.Plan score) {
    Map<String, SliceState> slices = score.features().slices("date");
    List<LocalDate> before =
        slices.keySet().stream()
            .map(LocalDate::parse)
            .filter(day -> day.isBefore(date))
            .sorted()
            .toList();
    List<LocalDate> last = last(work.spec(), before);
    Set<String> read = new TreeSet<>(score.slice().runIds());
    last.forEach(day -> read.addAll(slices.get(day.toString()).runIds()));
    Optional<SliceState> labels =
        work.lake()
            .latest("labels/" + work.name())
            .map(table -> table.slice(LabelBuilder.KNOWN_AT, date.toString()))
            .filter(slice -> slice.rows() > 0);
    labels.ifPresent(slice -> read.addAll(slice.runIds()));
    Set<String> validations = new DateChecks(work, date).validations();
    read.addAll(validations);
    return new Plan(
        score,
        last,
        labels,
        validations,
        runId(work.spec(), date, score.champion(), score.runId(), read));
  }

  /** Of the dates before, oldest first, those that a date is compared with. */
  static List<LocalDate> last(PipelineSpec spec, List<LocalDate> before) {
    return before.subList(Math.max(0, before.size() - reach(spec.monitor())), before.size());
  }

  /**
   * The id of the monitor run of a date.
   *
   * @param read runs of the features of the date and the dates before it, of the labels, and the
   *     validations as {@link DateChecks} tells them
   */
  static String runId(
      PipelineSpec spec, LocalDate date, String champion, String scoreRunId, Set<String> read) {
    Set<String> inputs = new TreeSet<>(read);
    inputs.add(scoreRunId);
    Map<String, Object> keys = Map.of("monitor", spec.monitor(), "release", spec.release());
    return RunIds.of(Stage.MONITOR, keys, date, champion, inputs);
  }

  private static int reach(MonitorSpec spec) {
    int dates =
        spec.retrain()
            .flatMap(retrain -> RetrainRule.parse(retrain.when()))
            .map(RetrainRule::last)
            .orElse(0);
    return Math.max(spec.last(), dates);
  }

  private String judge(Plan plan, SmallTable verdicts) {
    work.planned(Stage.MONITOR, date, plan.runId());
    Model model = new ModelLibrary(work).load(plan.score().champion()).model();
    Map<LocalDate, Map<String, ColumnMeasures>> features = new LinkedHashMap<>();
    for (LocalDate day : plan.before()) {
      features.put(day, references.features(plan.score().features(), day, model));
    }
    features.put(date, references.features(plan.score().features(), date, model));
    List<Watched> watched = watched(plan, model, features);
    List<ColumnDrift> drift = DriftJudge.judge(watched, work.spec().monitor().drift());
    List<CheckResult> checks = new DateChecks(work, date).verdicts(plan.validations());
    Hold hold = Hold.of(work.spec().release(), drift, checks);
    Optional<String> retrain = Retraining.asks(work.spec().monitor(), dates(plan, features, drift));
    write(plan, drift, hold, retrain, verdicts);
    retrain.ifPresent(why -> work.console().warn(work.name() + " " + date + ": " + why));
    return said(drift, hold, retrain);
  }

  private List<Watched> watched(
      Plan plan, Model model, Map<LocalDate, Map<String, ColumnMeasures>> features) {
    List<Watched> watched = new ArrayList<>();
    String version = plan.score().champion();
    pair(
        watched,
        Kind.FEATURE,
        Against.TRAINING,
        references.of(version, "features"),
        features.get(date));
    List<LocalDate> before = plan.before();
    int last = Math.min(work.spec().monitor().last(), before.size());
    Map<String, ColumnMeasures> earlier = new LinkedHashMap<>();
    before
        .subList(before.size() - last, before.size())
        .forEach(day -> merge(earlier, features.get(day)));
    pair(watched, Kind.FEATURE, Against.BEFORE, earlier, features.get(date));
    pair(
        watched,
        Kind.PREDICTION,
        Against.TRAINING,
        references.of(version, "scored"),
        predictions(plan, model));
    plan.labels()
        .ifPresent(
            slice ->
                pair(
                    watched,
                    Kind.LABEL,
                    Against.TRAINING,
                    references.of(version, "labels"),
                    labels(slice)));
    return watched;
  }

  private static void pair(
      List<Watched> watched,
      Kind kind,
      Against against,
      Map<String, ColumnMeasures> reference,
      Map<String, ColumnMeasures> current) {
    current.forEach(
        (column, measures) -> {
          if (reference.containsKey(column)) {
            watched.add(new Watched(kind, column, against, reference.get(column), measures));
          }
        });
  }

  private static void merge(
      Map<String, ColumnMeasures> into, Map<String, ColumnMeasures> measures) {
    measures.forEach(
        (column, of) -> {
          if (into.containsKey(column)) {
            into.get(column).merge(of);
          } else {
            into.put(column, ColumnMeasures.of(of.toBytes()));
          }
        });
  }

  /** The very scores that are staged or released, since one expression makes both. */
  private Map<String, ColumnMeasures> predictions(Plan plan, Model model) {
    Dataset<Row> rows =
        plan.score()
            .features()
            .read()
            .where(Columns.named("date").equalTo(day(date)))
            .select(References.predicted(model));
    return references.ofSlice("scored", date, plan.score().runId(), List.of("prediction"), rows);
  }

  private Map<String, ColumnMeasures> labels(SliceState slice) {
    PinnedTable labels = work.lake().latest("labels/" + work.name()).orElseThrow();
    boolean number = LabelledRows.task(work) == Task.REGRESSION;
    Dataset<Row> rows =
        labels
            .read()
            .where(Columns.named(LabelBuilder.KNOWN_AT).equalTo(day(date)))
            .select(Columns.named(number ? LabelBuilder.VALUE : LabelBuilder.TEXT).as("label"));
    String runs = String.join("+", slice.runIds().stream().sorted().toList());
    return references.ofSlice("labels", date, runs, List.of("label"), rows);
  }

  private static Column day(LocalDate date) {
    return functions.lit(java.sql.Date.valueOf(date));
  }

  /** The dates since the model was trained, each against the rows that it learned from. */
  private List<DateVerdict> dates(
      Plan plan, Map<LocalDate, Map<String, ColumnMeasures>> features, List<ColumnDrift> drift) {
    if (work.spec().monitor().retrain().isEmpty()) {
      return List.of();
    }
    String version = plan.score().champion();
    LocalDate trained = (LocalDate) new ModelLibrary(work).named(version).get("date");
    Map<String, ColumnMeasures> reference = references.of(version, "features");
    List<DateVerdict> dates = new ArrayList<>();
    for (LocalDate earlier : plan.before()) {
      if (earlier.isAfter(trained)) {
        List<Watched> watched = new ArrayList<>();
        pair(watched, Kind.FEATURE, Against.TRAINING, reference, features.get(earlier));
        dates.add(
            DateVerdict.of(
                earlier.toString(), DriftJudge.judge(watched, work.spec().monitor().drift())));
      }
    }
    dates.add(DateVerdict.of(date.toString(), drift));
    return dates;
  }

  /** The verdict comes last and makes it real. */
  private void write(
      Plan plan,
      List<ColumnDrift> drift,
      Hold hold,
      Optional<String> retrain,
      SmallTable verdicts) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ColumnDrift column : drift) {
      for (Map<String, Object> found : column.rows()) {
        Map<String, Object> row = start(plan.runId());
        row.put("date", date);
        row.putAll(found);
        rows.add(row);
      }
    }
    new SmallTable(work.lake(), ResultTables.drift()).record(work.name(), plan.runId(), rows);
    PinnedTable features = plan.score().features();
    work.record(
        List.of(
            work.run(
                    Stage.MONITOR,
                    date,
                    plan.runId(),
                    features.versions(),
                    plan.score().slice().rows())
                .finished(List.of(), rows.size())));
    work.flush();
    Map<String, Object> row = start(plan.runId());
    row.put("date", date);
    row.put("score_run_id", plan.score().runId());
    row.put("model_version", plan.score().champion());
    row.put("release", !hold.isHeld());
    row.put("retrain", retrain.isPresent());
    Set<String> reasons = new LinkedHashSet<>(hold.reasons());
    retrain.ifPresent(reasons::add);
    row.put("reasons", String.join("; ", reasons));
    row.put("judged_at", Instant.now());
    verdicts.record(work.name(), plan.runId(), List.of(row));
  }

  private Map<String, Object> start(String runId) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", runId);
    row.put("pipeline", work.name());
    return row;
  }

  private static String said(List<ColumnDrift> drift, Hold hold, Optional<String> retrain) {
    List<ColumnDrift> changed =
        drift.stream()
            .filter(column -> column.watched().against() == Against.TRAINING)
            .filter(column -> column.verdict().isChange())
            .toList();
    String columns =
        changed.isEmpty()
            ? "no column has changed since training"
            : "%d of %d columns have changed since training: %s"
                .formatted(
                    changed.size(),
                    drift.stream().filter(c -> c.watched().against() == Against.TRAINING).count(),
                    String.join(
                        ", ", changed.stream().limit(4).map(c -> c.watched().column()).toList()));
    return columns
        + (changed.size() > 4 ? ", …" : "")
        + (hold.isHeld() ? "; kept back" : "")
        + (retrain.isPresent() ? "; train again" : "");
  }

  /**
   * The fault of a date that has no verdict yet, or is kept back. A date that has no features any
   * more has nothing to judge: its predictions go.
   */
  static void requireRelease(Work work, LocalDate date, ScoreJob.Plan score) {
    if (work.spec().release().holdWhen().isEmpty() || score.slice().runIds().isEmpty()) {
      return;
    }
    Map<String, Object> verdict =
        verdict(work, date, score)
            .orElseThrow(
                () ->
                    new NotMadeException(
                        "scored/"
                            + work.name()
                            + ": "
                            + date
                            + " isn't judged yet, which release.hold-when asks for; run `millrace"
                            + " monitor "
                            + work.name()
                            + " --date "
                            + date
                            + "`"));
    if (Boolean.FALSE.equals(verdict.get("release"))) {
      throw held(work, date, verdict);
    }
  }

  /** The fault of a date that a verdict keeps back. */
  static HeldException held(Work work, LocalDate date, Map<String, Object> verdict) {
    return new HeldException(
        work.name()
            + ": the predictions of "
            + date
            + " are kept back: "
            + verdict.get("reasons")
            + "\nanalysts keep the last release; `millrace release "
            + work.name()
            + " --date "
            + date
            + " --override WHY` releases them");
  }
}
