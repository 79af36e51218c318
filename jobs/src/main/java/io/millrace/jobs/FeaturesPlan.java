package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.Stage;
import io.millrace.features.FeatureReach;
import io.millrace.features.FeatureSources;
import io.millrace.jobs.PlanStep.Amount;
import io.millrace.jobs.PlanStep.Slice;
import io.millrace.label.RawSlices;
import io.millrace.table.SliceState;
import io.millrace.table.TableVersion;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What the features of some dates would be, all of them one commit. */
final class FeaturesPlan {

  private static final String UNTIL_VALIDATE = "until validate: a check may stop what is read";

  private final Work work;
  private final LakeAhead lake;

  FeaturesPlan(Work work, LakeAhead lake) {
    this.work = work;
    this.lake = lake;
  }

  /**
   * A step for each date.
   *
   * @param asked dates that may be made whatever spec they were made with
   */
  List<PlanStep> of(Collection<LocalDate> dates, List<LocalDate> asked) {
    if (!lake.isThere()) {
      return absent(dates);
    }
    List<PlanStep> steps = new ArrayList<>();
    try {
      lake.features().ifPresent(t -> FeaturesJob.refuseOtherSpecs(work, t, asked));
      FeatureSources sources =
          FeatureSources.pin(work.spec(), name -> lake.source(name).view().orElseThrow());
      dates.forEach(date -> steps.add(step(sources, date)));
    } catch (MillraceException e) {
      String why = IntakePlan.first(e);
      return dates.stream()
          .map(date -> PlanStep.of(date, Stage.FEATURES, Would.BLOCKED, why))
          .toList();
    }
    return together(steps);
  }

  /** One commit holds all dates: what keeps one back keeps all back. */
  private List<PlanStep> together(List<PlanStep> steps) {
    Optional<PlanStep> blocked =
        steps.stream().filter(step -> step.would() == Would.BLOCKED).findFirst();
    boolean doubted = steps.stream().anyMatch(step -> step.because().equals(UNTIL_VALIDATE));
    UnaryOperator<PlanStep> all =
        blocked.isPresent()
            ? step -> step.would() == Would.SKIP ? step : step.blocked(blocked.get().because())
            : doubted ? step -> step.doubted(UNTIL_VALIDATE) : step -> step;
    List<PlanStep> told = steps.stream().map(all).toList();
    told.stream()
        .filter(step -> step.would() == Would.UNKNOWN)
        .forEach(step -> lake.features(step.date(), SliceAhead.unknown()));
    return told;
  }

  private List<PlanStep> absent(Collection<LocalDate> dates) {
    String missing =
        FeatureSources.names(work.spec()).stream()
            .filter(name -> lake.source(name).view().isEmpty())
            .findFirst()
            .orElseThrow();
    boolean comes = lake.source(missing).isComing();
    return dates.stream()
        .map(
            date -> {
              lake.features(date, comes ? SliceAhead.unknown() : lake.features(date));
              return PlanStep.of(
                  date,
                  Stage.FEATURES,
                  comes ? Would.UNKNOWN : Would.BLOCKED,
                  comes
                      ? "until ingest: " + lake.coming().orElse("")
                      : "raw/" + missing + ": nothing has been taken in yet");
            })
        .toList();
  }

  private PlanStep step(FeatureSources sources, LocalDate date) {
    List<SourceAhead> reached =
        FeatureSources.names(work.spec()).stream()
            .map(lake::source)
            .filter(source -> source.mayReach(date) || lake.shifts(source))
            .toList();
    Optional<FeatureReach> known = FeatureReach.of(sources, date);
    if (known.isEmpty() && reached.isEmpty()) {
      FeaturesJob.reach(work, sources, date); // its fault
    }
    SliceState held = lake.heldFeatures(date);
    boolean stale =
        known
            .filter(reach -> FeaturesJob.isStale(work, lake.features(), held, date, reach))
            .isPresent();
    boolean surely =
        reached.isEmpty()
            || stale && reached.stream().allMatch(s -> s.onlyAdds() && !lake.shifts(s));
    List<TableVersion> inputs =
        sources.all().stream().flatMap(raw -> raw.versions().stream()).toList();
    Amount read = known.map(FeaturesPlan::amount).orElse(Amount.NOTHING);
    PlanStep step =
        !surely
            ? PlanStep.of(
                date, Stage.FEATURES, Would.UNKNOWN, "until ingest: " + lake.coming().orElse(""))
            : stale
                ? stale(date, known.get(), held, reached.isEmpty())
                : PlanStep.of(date, Stage.FEATURES, Would.SKIP, "made of the same slices");
    return step.reading(inputs, read);
  }

  private PlanStep stale(LocalDate date, FeatureReach reach, SliceState held, boolean idIsKnown) {
    Optional<String> fault = lake.refusal(reach.runIds(), date);
    if (fault.isPresent()) {
      return PlanStep.of(date, Stage.FEATURES, Would.BLOCKED, fault.get());
    }
    String runId = idIsKnown ? FeaturesJob.runId(work, date, reach) : "";
    RawSlices rows = reach.population();
    boolean hasRows = lake.source(work.spec().population().source()).leavesRows(rows);
    lake.features(
        date,
        !idIsKnown || rows.rows() > 0 && !hasRows
            ? SliceAhead.other(hasRows)
            : SliceAhead.known(hasRows ? Set.of(runId) : Set.of()));
    List<TableVersion> madeOf = lake.history().madeOf(held.runIds());
    boolean isNew = held.runIds().isEmpty();
    PlanStep step =
        PlanStep.of(
                date,
                Stage.FEATURES,
                isNew ? Would.RUN : Would.REWRITE,
                isNew ? "not made yet" : changed(date, held, madeOf))
            .writing(
                List.of(new Slice(date, held.runIds(), madeOf, runId)),
                Amount.of(held),
                "features/" + work.name(),
                "runs");
    return lake.verdictAhead(reach.runIds()) ? step.doubted(UNTIL_VALIDATE) : step;
  }

  private String changed(LocalDate date, SliceState held, List<TableVersion> madeOf) {
    boolean edited =
        FeaturesJob.datesOfOtherSpecs(
                lake.features().orElseThrow(), SpecKeys.featuresVersion(work.spec()))
            .contains(date);
    if (edited) {
      return "the spec of the features was edited";
    }
    String moved = lake.moved(madeOf);
    return (moved.isEmpty() ? "" : moved + ": ") + lake.history().changed(date, held.runIds());
  }

  private static Amount amount(FeatureReach reach) {
    Amount amount = new Amount(reach.population().rows(), reach.population().bytes());
    for (RawSlices other : reach.others()) {
      amount = amount.and(new Amount(other.rows(), other.bytes()));
    }
    return amount;
  }
}
