package io.millrace.jobs;

import io.millrace.SpecException;
import io.millrace.Stage;
import io.millrace.jobs.PipelinePlan.Chain;
import io.millrace.jobs.PlanStep.Then;
import io.millrace.table.PinnedTable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Goes through a chain as {@link Chains} does and tells what each stage would do, by the ids that
 * the jobs would give their runs. Reads logs, small tables and the names of files; writes nothing.
 */
final class Planner {

  private final Work work;
  private final LakeAhead lake;
  private final IntakePlan intake;
  private final FeaturesPlan features;
  private final List<PlanStep> steps = new ArrayList<>();
  private Optional<String> doubt = Optional.empty();
  private Optional<String> end = Optional.empty();

  private Planner(Work work, SeenFiles seen) {
    this.work = work;
    this.lake = new LakeAhead(work, seen);
    this.intake = new IntakePlan(work, lake);
    this.features = new FeaturesPlan(work, lake);
  }

  /**
   * What a chain would do.
   *
   * @param work of a lake that stays {@link io.millrace.table.Lake#still still}
   * @param dates one for the chains of one date
   */
  static PipelinePlan plan(Work work, SeenFiles seen, Chain chain, List<LocalDate> dates) {
    Planner planner = new Planner(work, seen);
    switch (chain) {
      case RUN -> planner.train(dates.get(0));
      case DAILY -> planner.daily(dates.get(0));
      case BACKFILL -> planner.backfill(dates);
    }
    planner.rest(chain, dates);
    return new PipelinePlan(
        work.name(),
        chain,
        dates,
        work.specHash(),
        planner.tables(),
        planner.steps,
        planner.pages(chain, dates),
        planner.pins());
  }

  /** Whether the chain goes on behind the step. */
  private boolean add(PlanStep step) {
    PlanStep told = doubt.map(step::doubted).orElse(step);
    steps.add(told);
    if (told.then() == Then.MAY_END && doubt.isEmpty()) {
      doubt = Optional.of("until " + told.stage().word() + ": a rule may end the chain there");
    }
    if (told.then() == Then.ENDS) {
      end = Optional.of(told.stage().word() + " of " + told.date() + " ends the chain");
    }
    return told.then() != Then.ENDS;
  }

  private boolean addAll(List<PlanStep> more) {
    for (PlanStep step : more) {
      if (!add(step)) {
        return false;
      }
    }
    return true;
  }

  private boolean intake(LocalDate date) {
    return add(intake.ingest(date))
        && add(intake.validate(date))
        && (work.spec().label().isEmpty() || add(intake.label(date)));
  }

  private void train(LocalDate date) {
    Requirements.train(work.spec());
    TrainingPlan training = new TrainingPlan(work, lake);
    if (!intake(date)) {
      return;
    }
    List<PlanStep> ofDates = new ArrayList<>(features.of(training.dates(date), List.of()));
    if (training.mayHaveOthers(date)) {
      PlanStep others =
          PlanStep.of(
              date, Stage.FEATURES, Would.UNKNOWN, "until ingest: dates that aren't there yet");
      ofDates.add(others);
    }
    if (addAll(ofDates)) {
      addAll(training.of(date));
    }
  }

  private void daily(LocalDate date) {
    if (intake(date)
        && addAll(features.of(List.of(date), List.of()))
        && work.spec().train().isPresent()) {
      addAll(new PredictionsPlan(work, lake).of(date));
    }
  }

  private void backfill(List<LocalDate> dates) {
    for (LocalDate date : dates) {
      if (!intake(date)) {
        return;
      }
    }
    if (!addAll(features.of(dates, dates)) || work.spec().train().isEmpty()) {
      return;
    }
    PredictionsPlan predictions = new PredictionsPlan(work, lake);
    for (LocalDate date : dates) {
      Optional<String> left = predictions.leftAlone(date);
      if (left.isPresent()) {
        for (Stage stage : EnumSet.of(Stage.SCORE, Stage.MONITOR, Stage.RELEASE)) {
          add(PlanStep.of(date, stage, Would.SKIP, left.get()));
        }
        continue;
      }
      List<PlanStep> ofDate = predictions.of(date);
      for (PlanStep step : ofDate) {
        // A date that is kept back keeps no other one back.
        if (!add(step.stage() == Stage.RELEASE ? step.then(Then.GOES_ON) : step)) {
          return;
        }
      }
    }
  }

  /** Stages that don't have their turn since the chain ends before. */
  private void rest(Chain chain, List<LocalDate> dates) {
    if (end.isEmpty()) {
      return;
    }
    Set<String> told = new HashSet<>();
    steps.forEach(step -> told.add(step.date() + " " + step.stage()));
    for (LocalDate date : dates) {
      for (Stage stage : chain.stages(work.spec())) {
        if (!told.contains(date + " " + stage)) {
          steps.add(PlanStep.of(date, stage, Would.BLOCKED, end.get()));
        }
      }
    }
  }

  /** The versions of the tables that the plan goes by. */
  private TreeMap<String, Long> tables() {
    Set<String> names = new TreeSet<>();
    for (String source : work.spec().sources().keySet()) {
      names.add("raw/" + source);
      names.add("quarantine/" + source);
    }
    for (String folder : List.of("labels/", "features/", "scored/", "predictions/")) {
      names.add(folder + work.name());
    }
    names.addAll(List.of("promotions", "checks", "verdicts", "releases"));
    TreeMap<String, Long> versions = new TreeMap<>();
    for (String name : names) {
      versions.put(name, work.lake().latest(name).map(PinnedTable::version).orElse(-1L));
    }
    return versions;
  }

  private List<String> pages(Chain chain, List<LocalDate> dates) {
    boolean writes = steps.stream().anyMatch(s -> s.would().writes() || s.open());
    if (chain == Chain.RUN || !writes) {
      return List.of();
    }
    List<String> pages = new ArrayList<>();
    dates.forEach(date -> pages.add("reports/" + work.name() + "/" + date + ".html"));
    pages.add("reports/index.html");
    return pages;
  }

  /** Pins of tables that the steps write: what they hold stays openable at these versions. */
  private List<String> pins() {
    Set<String> written = new TreeSet<>();
    steps.stream()
        .filter(step -> step.would().writes() || step.open())
        .forEach(step -> written.addAll(step.follows()));
    return PlanPins.of(work.lake(), written);
  }

  /** The dates of a range, or the one date of a chain that takes one. */
  static List<LocalDate> dates(Work work, Chain chain, LocalDate from, LocalDate to) {
    if (chain != Chain.BACKFILL) {
      return List.of(work.spec().every().start(to));
    }
    List<LocalDate> dates = Dates.range(work.spec().every(), from, to);
    if (dates.isEmpty()) {
      throw new SpecException("--from " + from + " is after --to " + to + "; swap them");
    }
    return dates;
  }
}
