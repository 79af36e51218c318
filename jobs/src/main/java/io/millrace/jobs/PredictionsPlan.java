package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.Stage;
import io.millrace.jobs.PlanStep.Amount;
import io.millrace.jobs.PlanStep.Slice;
import io.millrace.jobs.PlanStep.Then;
import io.millrace.jobs.SliceAhead.Sort;
import io.millrace.table.PinnedTable;
import io.millrace.table.SliceState;
import io.millrace.table.SmallTable;
import io.millrace.table.TableVersion;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What score, monitor and release of a date would do. */
final class PredictionsPlan {

  private final Work work;
  private final LakeAhead lake;
  private final Champions champions;

  /**
   * Where the predictions of a date come to.
   *
   * @param score the score run, where its id is known; empty where there is nothing to score
   */
  private record Scored(PlanStep step, Optional<String> score, boolean nothing) {}

  PredictionsPlan(Work work, LakeAhead lake) {
    this.work = work;
    this.lake = lake;
    this.champions = new Champions(work);
  }

  /** The three steps of a date; fewer where one ends the chain. */
  List<PlanStep> of(LocalDate date) {
    Scored scored = score(date);
    if (scored.step().then() == Then.ENDS) {
      return List.of(scored.step());
    }
    PlanStep monitor = monitor(date, scored);
    return List.of(scored.step(), monitor, release(date, scored, monitor));
  }

  /** Why a backfill leaves the predictions of a date as they are; empty where it doesn't. */
  Optional<String> leftAlone(LocalDate date) {
    Optional<String> champion = champions.at(date);
    if (champion.isEmpty()) {
      return Optional.of("no model was in force; features only");
    }
    return Chains.fits(work, champion.get())
        ? Optional.empty()
        : Optional.of("model " + champion.get() + " was trained on other features");
  }

  private Scored score(LocalDate date) {
    SliceAhead features = lake.features(date);
    boolean tableMayCome = features.sort() != Sort.KNOWN || !features.isEmpty();
    if (lake.features().isEmpty() && !tableMayCome) {
      return nothing(date);
    }
    Optional<String> champion = champions.at(date);
    if (champion.isEmpty()) {
      return blocked(date, IntakePlan.first(ScoreJob.noChampion(work, date)));
    }
    boolean released = ScoreJob.hasPredictions(work, date);
    if (features.isEmpty() && !released) {
      return nothing(date);
    }
    Optional<String> runId =
        features.isKnown()
            ? Optional.of(ScoreJob.runId(work, date, champion.get(), features.runIds()))
            : Optional.empty();
    List<TableVersion> inputs = inputs(champion.get());
    Amount read = Amount.of(lake.heldFeatures(date));
    if (runId.isPresent() && ScoreJob.isDone(work, date, runId.get())) {
      PlanStep skip =
          PlanStep.of(date, Stage.SCORE, Would.SKIP, "scored by model " + champion.get());
      return new Scored(skip.reading(inputs, read), runId, false);
    }
    boolean sure = runId.isPresent() || features.isOther() && (features.hasRows() || released);
    if (!sure) {
      PlanStep unknown = PlanStep.of(date, Stage.SCORE, Would.UNKNOWN, "until features");
      return new Scored(unknown.reading(inputs, read), Optional.empty(), false);
    }
    try {
      ScoreJob.requireOwnFeatures(work, date, champion.get());
    } catch (MillraceException e) {
      return blocked(date, IntakePlan.first(e));
    }
    return new Scored(
        run(date, champion.get(), features, runId, released).reading(inputs, read), runId, false);
  }

  private PlanStep run(
      LocalDate date,
      String champion,
      SliceAhead features,
      Optional<String> runId,
      boolean released) {
    Set<String> now = lake.heldFeatures(date).runIds();
    boolean same = features.isKnown() && features.runIds().equals(now);
    String because =
        !released
            ? "not scored yet by model " + champion
            : same
                ? "the predictions aren't those of model " + champion + ", in force at the date"
                : "the features will be others";
    SliceState staged = slice("scored/", date);
    return PlanStep.of(date, Stage.SCORE, released ? Would.REWRITE : Would.RUN, because)
        .writing(
            List.of(new Slice(date, staged.runIds(), List.of(), runId.orElse(""))),
            Amount.of(staged),
            "scored/" + work.name(),
            "runs");
  }

  private List<TableVersion> inputs(String champion) {
    List<TableVersion> inputs = new ArrayList<>();
    lake.features().ifPresent(table -> inputs.addAll(table.versions()));
    inputs.add(new TableVersion("models/" + work.name() + "/" + champion, -1));
    return inputs;
  }

  private SliceState slice(String folder, LocalDate date) {
    return work.lake()
        .latest(folder + work.name())
        .map(table -> table.slice("date", date.toString()))
        .orElse(SliceState.empty(date.toString()));
  }

  private static Scored nothing(LocalDate date) {
    return new Scored(
        PlanStep.of(date, Stage.SCORE, Would.SKIP, "nothing to score: no features"),
        Optional.empty(),
        true);
  }

  private static Scored blocked(LocalDate date, String why) {
    return new Scored(PlanStep.of(date, Stage.SCORE, Would.BLOCKED, why), Optional.empty(), false);
  }

  private PlanStep monitor(LocalDate date, Scored scored) {
    SliceAhead features = lake.features(date);
    if (scored.nothing() || features.isEmpty()) {
      return PlanStep.of(date, Stage.MONITOR, Would.SKIP, "nothing to compare: no features");
    }
    Optional<String> runId = monitorRun(date, scored);
    List<TableVersion> inputs = inputs(champions.at(date).orElseThrow());
    Amount read = Amount.of(lake.heldFeatures(date));
    PlanStep step;
    if (runId.isPresent()) {
      boolean judged = new SmallTable(work.lake(), ResultTables.verdicts()).holds(runId.get());
      step =
          judged
              ? PlanStep.of(date, Stage.MONITOR, Would.SKIP, "judged")
              : monitored(date, runId.get(), "not judged yet");
    } else if (scored.step().would().writes() && features.hasRows()) {
      step = monitored(date, "", "the scores will be others");
    } else {
      String until = lake.validations(date).isEmpty() ? "validate" : "features and label";
      step = PlanStep.of(date, Stage.MONITOR, Would.UNKNOWN, "until " + until);
    }
    return step.reading(inputs, read);
  }

  private static PlanStep monitored(LocalDate date, String runId, String why) {
    return PlanStep.of(date, Stage.MONITOR, Would.RUN, why)
        .writing(
            List.of(new Slice(date, Set.of(), List.of(), runId)),
            Amount.NOTHING,
            "drift",
            "profiles",
            "verdicts",
            "runs");
  }

  /** The id of the monitor run, where all that it reads is known. */
  private Optional<String> monitorRun(LocalDate date, Scored scored) {
    List<LocalDate> before =
        lake.featureDates().stream().filter(day -> day.isBefore(date)).toList();
    List<SliceAhead> read = new ArrayList<>();
    // A date that may turn out to have no rows lets another one in its place.
    boolean sure = before.stream().map(lake::features).allMatch(SliceAhead::hasRows);
    MonitorJob.last(work.spec(), before).forEach(day -> read.add(lake.features(day)));
    read.add(lake.features(date));
    read.add(lake.labels(date));
    Optional<Set<String>> validations = lake.validations(date);
    if (!sure
        || scored.score().isEmpty()
        || validations.isEmpty()
        || !read.stream().allMatch(SliceAhead::isKnown)) {
      return Optional.empty();
    }
    Set<String> runs = new TreeSet<>(validations.get());
    read.forEach(slice -> runs.addAll(slice.runIds()));
    return Optional.of(
        MonitorJob.runId(
            work.spec(), date, champions.at(date).orElseThrow(), scored.score().get(), runs));
  }

  private PlanStep release(LocalDate date, Scored scored, PlanStep monitor) {
    if (scored.nothing()) {
      return PlanStep.of(date, Stage.RELEASE, Would.SKIP, "nothing to release");
    }
    Optional<String> runId = scored.score().map(score -> ReleaseJob.runId(date, score));
    Optional<PinnedTable> predictions = work.lake().latest("predictions/" + work.name());
    SliceState held = slice("predictions/", date);
    PlanStep step;
    if (runId.isPresent()
        && predictions.filter(table -> table.holds(held, runId.get())).isPresent()) {
      step =
          ReleaseJob.isFinished(work, date, runId.get())
              ? PlanStep.of(date, Stage.RELEASE, Would.SKIP, "released")
              : PlanStep.of(date, Stage.RELEASE, Would.RUN, "a release that was begun is ended")
                  .writing(List.of(), Amount.NOTHING, "releases", "scored/" + work.name());
    } else if (scored.step().would() == Would.UNKNOWN) {
      step = PlanStep.of(date, Stage.RELEASE, Would.UNKNOWN, "until score");
    } else {
      step = hold(date, scored, monitor, released(date, held, runId.orElse("")));
    }
    return step.reading(scoredVersions(), Amount.of(lake.heldFeatures(date))).gated(rules());
  }

  private List<TableVersion> scoredVersions() {
    return work.lake().latest("scored/" + work.name()).map(PinnedTable::versions).orElse(List.of());
  }

  private PlanStep released(LocalDate date, SliceState held, String runId) {
    boolean isNew = held.runIds().isEmpty();
    return PlanStep.of(
            date,
            Stage.RELEASE,
            isNew ? Would.RUN : Would.REWRITE,
            isNew ? "not released yet" : "other predictions than these are out")
        .writing(
            List.of(new Slice(date, held.runIds(), lake.history().madeOf(held.runIds()), runId)),
            Amount.of(held),
            "predictions/" + work.name(),
            "releases",
            "metrics",
            "runs");
  }

  /** A verdict of monitor that is known keeps the date back or lets it go; another one may. */
  private PlanStep hold(LocalDate date, Scored scored, PlanStep monitor, PlanStep step) {
    if (work.spec().release().holdWhen().isEmpty() || lake.features(date).isEmpty()) {
      return step;
    }
    if (monitor.would() != Would.SKIP) {
      return step.doubted("until monitor: release.hold-when").then(Then.MAY_END);
    }
    Optional<Map<String, Object>> verdict =
        monitorRun(date, scored).flatMap(id -> MonitorJob.verdict(work, id));
    if (verdict.isEmpty()) {
      return step.blocked("it isn't judged, which release.hold-when asks for");
    }
    return Boolean.FALSE.equals(verdict.get().get("release"))
        ? step.blocked(IntakePlan.first(MonitorJob.held(work, date, verdict.get())))
        : step;
  }

  private List<String> rules() {
    return work.spec().release().holdWhen().isEmpty()
        ? List.of()
        : List.of(
            "release.hold-when: "
                + work.spec().release().holdWhen().stream()
                    .map(found -> found.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", ")));
  }
}
