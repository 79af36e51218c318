package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.Stage;
import io.millrace.config.CheckSpec;
import io.millrace.config.CheckSpec.OnFail;
import io.millrace.jobs.PlanStep.Amount;
import io.millrace.jobs.PlanStep.Slice;
import io.millrace.jobs.PlanStep.Then;
import io.millrace.jobs.SourceAhead.Coming;
import io.millrace.jobs.Validated.RawSlice;
import io.millrace.label.LabelBuilder;
import io.millrace.table.DataFile;
import io.millrace.table.PinnedTable;
import io.millrace.table.TableVersion;
import io.millrace.validate.CheckNames;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What ingest, validate and label would do. */
final class IntakePlan {

  private final Work work;
  private final LakeAhead lake;
  private List<LabelJob.Stale> stale;

  IntakePlan(Work work, LakeAhead lake) {
    this.work = work;
    this.lake = lake;
  }

  /** New files of all sources; sources before one that is at fault are taken in. */
  PlanStep ingest(LocalDate date) {
    List<Coming> coming = new ArrayList<>();
    try {
      lake.sources().forEach(source -> source.due(date));
      lake.sources().forEach(source -> coming.addAll(source.ingest(date)));
    } catch (MillraceException e) {
      return coming.isEmpty()
          ? PlanStep.of(date, Stage.INGEST, Would.BLOCKED, first(e))
          : ingest(date, coming, "; then it ends: " + first(e)).then(Then.ENDS);
    }
    return coming.isEmpty()
        ? PlanStep.of(date, Stage.INGEST, Would.SKIP, "no file is new")
        : ingest(date, coming, "");
  }

  private PlanStep ingest(LocalDate date, List<Coming> coming, String more) {
    List<Slice> slices = new ArrayList<>();
    List<TableVersion> inputs = new ArrayList<>();
    Set<String> tables = new TreeSet<>();
    List<String> told = new ArrayList<>();
    Amount read = Amount.NOTHING;
    for (Coming one : coming) {
      NewFiles files = one.files();
      slices.add(new Slice(date, Set.of(), List.of(), files.runId(work.spec(), date)));
      tables.add("raw/" + files.source());
      for (NewFiles.NewFile file : files.files()) {
        inputs.add(new TableVersion(files.source() + ":" + file.file().name(), -1));
        read = read.and(new Amount(-1, file.file().bytes()));
      }
      told.add("raw/" + files.source() + ": " + named(files) + " isn't in yet");
    }
    return PlanStep.of(date, Stage.INGEST, Would.RUN, String.join("; ", told) + more)
        .reading(inputs, read)
        .writing(slices, Amount.NOTHING, tables.toArray(String[]::new));
  }

  private static String named(NewFiles files) {
    int more = files.files().size() - 1;
    return "%s (%,d bytes)%s"
        .formatted(
            files.files().get(0).file().name(),
            files.files().get(0).file().bytes(),
            more == 0 ? "" : " and %d more".formatted(more));
  }

  static String first(MillraceException e) {
    return e.getMessage().lines().findFirst().orElse("");
  }

  /** Slices that the present checks haven't judged, and the verdicts that end a chain. */
  PlanStep validate(LocalDate date) {
    List<Slice> slices = new ArrayList<>();
    List<TableVersion> inputs = new ArrayList<>();
    List<String> told = new ArrayList<>();
    Amount read = Amount.NOTHING;
    for (SourceAhead source : lake.sources()) {
      List<RawSlice> open = source.validate(date);
      if (!open.isEmpty()) {
        Validated validated = source.validated().orElseThrow();
        boolean known = !source.isMeasuredBeside(lake.changing());
        open.forEach(
            slice ->
                slices.add(
                    new Slice(
                        slice.ingested(),
                        Set.of(),
                        List.of(),
                        known ? validated.whole(slice) : "")));
        inputs.addAll(source.raw().orElseThrow().versions());
        read = read.and(amount(source.raw().orElseThrow(), open));
        told.add(
            "raw/%s: the present checks haven't judged what came in on %s"
                .formatted(
                    source.name(),
                    Dates.list(
                        open.stream()
                            .map(RawSlice::ingested)
                            .collect(Collectors.toCollection(TreeSet::new)))));
      }
    }
    Optional<String> doubt = lake.coming();
    PlanStep step =
        !slices.isEmpty()
            ? PlanStep.of(date, Stage.VALIDATE, Would.RUN, String.join("; ", told))
                .writing(slices, Amount.NOTHING, "profiles", "checks", "quarantine", "runs")
            : doubt.filter(d -> undecided(date)).isPresent()
                ? PlanStep.of(date, Stage.VALIDATE, Would.UNKNOWN, "until ingest: " + doubt.get())
                : PlanStep.of(date, Stage.VALIDATE, Would.SKIP, "all that came in is judged");
    return verdicts(date, step.reading(inputs, read).gated(rules())).open(undecided(date));
  }

  /** Whether slices that aren't in yet, or ones that are compared with those, are to be judged. */
  private boolean undecided(LocalDate date) {
    return lake.sources().stream()
        .anyMatch(s -> s.comesAt(date) || s.isMeasuredBeside(lake.changing()));
  }

  private static Amount amount(PinnedTable raw, List<RawSlice> slices) {
    Set<String> runs = new HashSet<>();
    slices.forEach(slice -> runs.add(slice.runId()));
    List<DataFile> files =
        raw.files().stream()
            .filter(file -> file.runIds().stream().anyMatch(runs::contains))
            .toList();
    return new Amount(
        files.stream().mapToLong(DataFile::rows).sum(),
        files.stream().mapToLong(DataFile::bytes).sum());
  }

  /** A check that is known to stop what came in at the date ends the chain; a verdict ahead may. */
  private PlanStep verdicts(LocalDate date, PlanStep step) {
    List<String> stops = new ArrayList<>();
    boolean ahead = false;
    for (SourceAhead source : lake.sources()) {
      if (lake.shifts(source)) {
        ahead |= source.canStop();
      } else if (source.canStop() && source.validated().isPresent()) {
        Set<String> today = lake.idsOf(source, date);
        stops.addAll(source.validated().get().stops(today));
        ahead |= source.judgesAhead(today);
      }
      ahead |= source.canStop() && source.comesAt(date);
    }
    if (!stops.isEmpty()) {
      String why = "a check stops what came in on " + stops.get(0);
      return step.would() == Would.SKIP
          ? step.blocked(why)
          : step.because(step.because() + "; " + why).then(Then.ENDS);
    }
    return ahead ? step.then(Then.MAY_END) : step;
  }

  private List<String> rules() {
    List<String> rules = new ArrayList<>();
    for (SourceAhead source : lake.sources()) {
      List<CheckSpec> checks = work.spec().validate().getOrDefault(source.name(), List.of());
      List<String> names = CheckNames.of(checks, work.spec().sources().get(source.name()).time());
      for (int i = 0; i < checks.size(); i++) {
        if (checks.get(i).onFail() != OnFail.WARN) {
          String word = checks.get(i).onFail() == OnFail.STOP ? "stop" : "quarantine";
          rules.add(source.name() + ": " + names.get(i) + ", " + word);
        }
      }
    }
    return rules;
  }

  /** Labels of all ingests up to the date. */
  PlanStep label(LocalDate date) {
    SourceAhead source = lake.source(LabelBuilder.source(work.spec()));
    boolean shifts = lake.shifts(source);
    List<LabelJob.Stale> stale =
        shifts || source.view().isEmpty()
            ? List.of()
            : stale(source.view().get()).stream()
                .filter(one -> !one.knownAt().isAfter(date))
                .filter(one -> !lake.isLabelled(one.knownAt()))
                .toList();
    List<Slice> slices = new ArrayList<>();
    Amount read = Amount.NOTHING;
    Amount held = Amount.NOTHING;
    boolean ahead = false;
    for (LabelJob.Stale one : stale) {
      Optional<String> fault = lake.refusal(one.read().runIds(), one.knownAt());
      if (fault.isPresent()) {
        return PlanStep.of(date, Stage.LABEL, Would.BLOCKED, fault.get());
      }
      ahead |= lake.verdictAhead(one.read().runIds());
      slices.add(
          new Slice(
              one.knownAt(),
              one.held().runIds(),
              lake.history().madeOf(one.held().runIds()),
              one.runId()));
      read = read.and(new Amount(one.read().rows(), one.read().bytes()));
      held = held.and(Amount.of(one.held()));
    }
    boolean undecided = shifts || source.comesAt(date);
    stale.forEach(one -> lake.label(one.knownAt()));
    if (undecided) {
      lake.label(date);
    }
    boolean rewrites = stale.stream().anyMatch(one -> !one.held().runIds().isEmpty());
    PlanStep step =
        !stale.isEmpty()
            ? PlanStep.of(date, Stage.LABEL, rewrites ? Would.REWRITE : Would.RUN, told(stale))
                .writing(slices, held, "labels/" + work.name(), "runs")
            : undecided
                ? PlanStep.of(
                    date, Stage.LABEL, Would.UNKNOWN, "until ingest: " + lake.coming().orElse(""))
                : PlanStep.of(date, Stage.LABEL, Would.SKIP, "all that came in is labelled");
    return (ahead ? step.doubted("until validate: a check may stop what is read") : step)
        .reading(source.view().map(PinnedTable::versions).orElse(List.of()), read)
        .open(undecided);
  }

  /** Of all days of ingest, found once: no step of a plan changes what is in. */
  private List<LabelJob.Stale> stale(PinnedTable raw) {
    if (stale == null) {
      stale = LabelJob.stale(work, raw, lake.labels(), LocalDate.MAX);
    }
    return stale;
  }

  private static String told(List<LabelJob.Stale> stale) {
    Set<LocalDate> made = new TreeSet<>();
    Set<LocalDate> again = new TreeSet<>();
    stale.forEach(one -> (one.held().runIds().isEmpty() ? made : again).add(one.knownAt()));
    List<String> told = new ArrayList<>();
    if (!made.isEmpty()) {
      told.add("labels of what came in on " + Dates.list(made) + " aren't there yet");
    }
    if (!again.isEmpty()) {
      told.add("label:, the checks or what came in has changed: " + Dates.list(again));
    }
    return String.join("; ", told);
  }
}
