package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.Stage;
import io.millrace.config.PromoteSpec.Gate;
import io.millrace.config.TrainSpec.OnLeak;
import io.millrace.jobs.PlanStep.Amount;
import io.millrace.jobs.PlanStep.Slice;
import io.millrace.jobs.PlanStep.Then;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIds;
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
import java.util.stream.Stream;

/** What train, evaluate and promote of a date would do. */
final class TrainingPlan {

  private final Work work;
  private final LakeAhead lake;

  TrainingPlan(Work work, LakeAhead lake) {
    this.work = work;
    this.lake = lake;
  }

  /** Dates that a model learns from, as far as what is in tells. */
  List<LocalDate> dates(LocalDate date) {
    return lake.source(work.spec().population().source())
        .view()
        .map(raw -> FeaturesJob.trainingDates(work, raw, date))
        .orElse(List.of());
  }

  /** Whether what comes in may add dates to them, or put others in their place. */
  boolean mayHaveOthers(LocalDate date) {
    return lake.source(work.spec().population().source()).mayReach(date);
  }

  /** The three steps of a date; fewer where one ends the chain. */
  List<PlanStep> of(LocalDate date) {
    List<LocalDate> dates =
        dates(date).stream().filter(day -> !lake.features(day).isEmpty()).toList();
    Optional<String> runId;
    try {
      runId = runId(date, dates);
    } catch (MillraceException e) {
      return List.of(PlanStep.of(date, Stage.TRAIN, Would.BLOCKED, IntakePlan.first(e)));
    }
    PlanStep train = train(date, dates, runId);
    if (train.then() == Then.ENDS) {
      return List.of(train);
    }
    if (runId.isEmpty()) {
      return List.of(train, after(date, train, Stage.EVALUATE), after(date, train, Stage.PROMOTE));
    }
    EvaluateJob.Plan plan = EvaluateJob.plan(work, date, runId.get());
    PlanStep evaluate =
        step(
            date,
            Stage.EVALUATE,
            new SmallTable(work.lake(), ResultTables.metrics()).holds(plan.runId()),
            plan.runId(),
            "model " + plan.challenger());
    PlanStep promote =
        step(
            date,
            Stage.PROMOTE,
            new SmallTable(work.lake(), ResultTables.gates())
                .holds(PromoteJob.runId(work, date, plan)),
            PromoteJob.runId(work, date, plan),
            "model " + plan.challenger());
    return List.of(train, evaluate, promote.gated(gates()));
  }

  /** The id of the train run, where all that it learns from is known. */
  private Optional<String> runId(LocalDate date, List<LocalDate> dates) {
    if (dates.isEmpty() && !mayHaveOthers(date)) {
      TrainingInputs.latest(work, date); // its fault
    }
    Set<String> read = new TreeSet<>();
    boolean known = !mayHaveOthers(date) && !dates.isEmpty();
    for (LocalDate day : dates) {
      SliceAhead features = lake.features(day);
      known &= features.isKnown();
      read.addAll(features.runIds());
    }
    for (LocalDate knownAt : lake.labelDates(date)) {
      SliceAhead labels = lake.labels(knownAt);
      known &= labels.isKnown();
      read.addAll(labels.runIds());
    }
    return known
        ? Optional.of(TrainingInputs.runId(work.spec(), date, read, erasures()))
        : Optional.empty();
  }

  private long erasures() {
    return Stream.of("features/", "labels/")
        .flatMap(folder -> work.lake().latest(folder + work.name()).stream())
        .mapToLong(PinnedTable::erasures)
        .sum();
  }

  private PlanStep train(LocalDate date, List<LocalDate> dates, Optional<String> runId) {
    PlanStep step;
    if (runId.isPresent()) {
      String version = RunIds.modelVersion(runId.get());
      boolean there = new ModelLibrary(work).row(version).isPresent();
      step = step(date, Stage.TRAIN, there, runId.get(), "model " + version);
    } else if (dates.stream().map(lake::features).anyMatch(this::surelyOther)) {
      step = written(date, Stage.TRAIN, "", "the features will be others");
    } else {
      step = PlanStep.of(date, Stage.TRAIN, Would.UNKNOWN, "until features and label");
    }
    boolean audited =
        work.spec().train().orElseThrow().audit().onLeak() == OnLeak.STOP
            && step.would() != Would.SKIP;
    Amount read =
        dates.stream()
            .map(day -> Amount.of(lake.heldFeatures(day)))
            .reduce(Amount.NOTHING, Amount::and);
    return step.reading(inputs(), read)
        .gated(audited ? List.of("train.audit.on-leak: stop") : List.of())
        .then(audited ? Then.MAY_END : step.then());
  }

  private boolean surelyOther(SliceAhead features) {
    return features.isOther() && features.hasRows();
  }

  private List<TableVersion> inputs() {
    List<TableVersion> inputs = new ArrayList<>();
    lake.features().map(PinnedTable::versions).ifPresent(inputs::addAll);
    lake.labels().map(PinnedTable::versions).ifPresent(inputs::addAll);
    lake.source(work.spec().population().source())
        .view()
        .map(PinnedTable::versions)
        .ifPresent(inputs::addAll);
    return inputs;
  }

  private PlanStep step(LocalDate date, Stage stage, boolean there, String runId, String what) {
    return there
        ? PlanStep.of(date, stage, Would.SKIP, what + ": done")
        : written(date, stage, runId, what + ": not there yet");
  }

  private PlanStep written(LocalDate date, Stage stage, String runId, String because) {
    Map<Stage, String[]> tables =
        Map.of(
            Stage.TRAIN, new String[] {"models", "trials", "leaks", "runs"},
            Stage.EVALUATE, new String[] {"metrics", "curves", "runs"},
            Stage.PROMOTE, new String[] {"gates", "promotions", "runs"});
    return PlanStep.of(date, stage, Would.RUN, because)
        .writing(
            List.of(new Slice(date, Set.of(), List.of(), runId)),
            Amount.NOTHING,
            tables.get(stage));
  }

  private PlanStep after(LocalDate date, PlanStep train, Stage stage) {
    PlanStep step =
        train.would().writes()
            ? written(date, stage, "", "another model")
            : PlanStep.of(date, stage, Would.UNKNOWN, "until train");
    return stage == Stage.PROMOTE ? step.gated(gates()) : step;
  }

  private List<String> gates() {
    List<String> rules = new ArrayList<>();
    for (Gate gate : work.spec().promote().gates()) {
      String name = gate.getClass().getSimpleName();
      String word = name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
      rules.add("%s %s%s".formatted(word, gate.metric(), slice(gate)));
    }
    return rules;
  }

  private static String slice(Gate gate) {
    return gate.slice().map(slice -> " by " + slice.column()).orElse("");
  }
}
