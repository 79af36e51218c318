package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.SpecException;
import io.millrace.Stage;
import io.millrace.jobs.cli.Branched;
import io.millrace.jobs.cli.Cleaning;
import io.millrace.jobs.cli.Compared;
import io.millrace.jobs.cli.ComparedModels;
import io.millrace.jobs.cli.ComparedReleases;
import io.millrace.jobs.cli.Draft;
import io.millrace.jobs.cli.Erased;
import io.millrace.jobs.cli.Listing;
import io.millrace.jobs.cli.Merged;
import io.millrace.jobs.cli.Pinning;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.cli.Planned;
import io.millrace.jobs.cli.Refused;
import io.millrace.jobs.cli.Request;
import io.millrace.jobs.cli.Traced;
import io.millrace.jobs.cli.Verbs;
import io.millrace.jobs.console.Console;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

/** What each command does: opens the place, runs jobs, closes it. */
public final class PipelineVerbs implements Verbs {

  private static final int STOPPED = 10;

  /** Stages after which there may be something new to say of models. */
  private static final Set<Stage> OF_MODELS =
      EnumSet.of(Stage.TRAIN, Stage.EVALUATE, Stage.PROMOTE);

  @Override
  public int stage(Stage stage, Request request, Console console) {
    return OF_MODELS.contains(stage)
        ? mirrored(request, console, work -> one(stage, request, work))
        : with(request, console, work -> one(stage, request, work));
  }

  private static int one(Stage stage, Request request, Work work) {
    LocalDate date = work.spec().every().start(request.date());
    switch (stage) {
      case INGEST -> new IngestJob(work, date).run();
      case VALIDATE -> new ValidateJob(work, date).run();
      case LABEL -> {
        Requirements.label(work.spec());
        new LabelJob(work, date).run();
      }
      case FEATURES -> new FeaturesJob(work).ofDate(date);
      case TRAIN -> new TrainJob(work, date).run();
      case EVALUATE -> new EvaluateJob(work, date).run();
      case PROMOTE -> {
        return decided(work, new PromoteJob(work, date).run());
      }
      case SCORE -> new ScoreJob(work, date).run();
      case MONITOR -> new MonitorJob(work, date).run();
      case REPORT -> new ReportJob(work).run(List.of(date));
      case RELEASE -> new Chains(work).release(date, Optional.empty());
    }
    return 0;
  }

  @Override
  public int featuresForTraining(Request request, Console console) {
    return with(
        request,
        console,
        work -> {
          Requirements.train(work.spec());
          new FeaturesJob(work).forTraining(work.spec().every().start(request.date()));
          return 0;
        });
  }

  @Override
  public int promote(Request request, Optional<String> version, Console console) {
    if (version.isEmpty()) {
      return stage(Stage.PROMOTE, request, console);
    }
    return mirrored(
        request,
        console,
        work -> {
          new PromoteJob(work, work.spec().every().start(request.date())).to(version.get());
          return 0;
        });
  }

  @Override
  public int release(Request request, Optional<String> override, Console console) {
    return with(
        request,
        console,
        work -> {
          LocalDate date = work.spec().every().start(request.date());
          new Chains(work).release(date, override);
          return 0;
        });
  }

  @Override
  public int suggest(String source, Place place, Console console) {
    try (Places.Opened opened = Places.open(place, console)) {
      return SuggestVerb.run(source, opened.lake(), console);
    }
  }

  @Override
  public int quarantine(Refused refused, Console console) {
    return QuarantineVerb.run(refused, console);
  }

  @Override
  public int run(Request request, Console console) {
    return mirrored(
        request,
        console,
        work -> decided(work, new Chains(work).train(work.spec().every().start(request.date()))));
  }

  /** A model that its gates keep out is told like a fault, with the code that says so. */
  private static int decided(Work work, PromoteJob.Decision decision) {
    if (decision.promoted()) {
      return 0;
    }
    work.console().fault(STOPPED, Chains.blocked(work, decision).getMessage());
    return STOPPED;
  }

  @Override
  public int daily(Request request, Console console) {
    return with(
        request,
        console,
        work -> {
          new Chains(work).daily(work.spec().every().start(request.date()));
          return 0;
        });
  }

  @Override
  public int backfill(Request request, Console console) {
    return with(
        request,
        console,
        work -> {
          new Chains(work).backfill(range(work, request));
          return 0;
        });
  }

  @Override
  public int backfillStale(Request request, boolean dryRun, Console console) {
    return with(
        request,
        console,
        work -> {
          Map<LocalDate, String> stale = StaleDates.of(work, request.from(), request.to());
          if (stale.isEmpty()) {
            console.info(work.name() + ": no date is stale");
            return 0;
          }
          List<List<Object>> cells = new ArrayList<>();
          stale.forEach((date, why) -> cells.add(List.of(date, why)));
          console.table(List.of("stale date", "because"), cells);
          if (!dryRun) {
            new Chains(work).redo(List.copyOf(stale.keySet()));
          }
          return 0;
        });
  }

  @Override
  public int replay(Request request, int trainEvery, Console console) {
    return mirrored(
        request,
        console,
        work -> {
          Requirements.train(work.spec());
          console.brief();
          ReplayReport report = new ReplayReport(work);
          new Chains(work).replay(range(work, request), trainEvery, report);
          return 0;
        });
  }

  @Override
  public int plan(Planned planned, Console console) {
    return PlanVerb.run(planned, console);
  }

  @Override
  public int runPlan(Path file, Place place, Console console) {
    PipelinePlan plan = PlanJson.read(file);
    PlanVerb.compare(plan, file, place, console);
    List<LocalDate> dates = plan.dates();
    Request request =
        new Request(plan.pipeline(), dates.get(0), dates.get(dates.size() - 1), place);
    return plan.chain() == PipelinePlan.Chain.RUN
        ? mirrored(request, console, work -> follow(plan, work))
        : with(request, console, work -> follow(plan, work));
  }

  /** The chain of a plan, of which nothing else is let through. */
  static int follow(PipelinePlan plan, Work work) {
    work.follow(plan);
    Chains chains = new Chains(work);
    switch (plan.chain()) {
      case RUN -> {
        return decided(work, chains.train(plan.dates().get(0)));
      }
      case DAILY -> chains.daily(plan.dates().get(0));
      case BACKFILL -> chains.backfill(plan.dates());
    }
    return 0;
  }

  private static List<LocalDate> range(Work work, Request request) {
    List<LocalDate> dates = Dates.range(work.spec().every(), request.from(), request.to());
    if (dates.isEmpty()) {
      throw new SpecException(
          "--from " + request.from() + " is after --to " + request.to() + "; swap them");
    }
    return dates;
  }

  @Override
  public int init(Draft draft, Console console) {
    return InitVerb.run(draft, console);
  }

  @Override
  public int check(List<String> pipelines, Place place, Console console) {
    return CheckVerb.run(pipelines, place, console);
  }

  @Override
  public int sql(String query, Place place, Console console) {
    try (Places.Opened opened = Places.open(place, console)) {
      return SqlVerb.run(query, opened.lake(), console);
    }
  }

  @Override
  public int reproduce(String version, Place place, Console console) {
    try (Places.Opened opened = Places.open(place, console)) {
      return ReproduceVerb.run(version, opened.lake(), console);
    }
  }

  @Override
  public int diff(Compared compared, Console console) {
    try (Places.Opened opened = Places.open(compared.place(), console)) {
      return DiffVerb.run(compared, opened.lake(), console);
    }
  }

  @Override
  public int diffModels(ComparedModels compared, Console console) {
    try (Places.Opened opened = Places.open(compared.place(), console)) {
      opened.toRead(compared.pipeline());
      TraceVerb.tell(
          "diff",
          "two models of " + compared.pipeline(),
          new ModelDiff(opened.lake(), console, compared).sections(),
          compared.html(),
          console);
      return 0;
    }
  }

  @Override
  public int erase(Erased erased, Console console) {
    try (Places.Opened opened = Places.open(erased.place(), console)) {
      opened.main("erase").requireWritable();
      return EraseVerb.run(erased, opened.lake(), System.getenv(), console);
    }
  }

  @Override
  public int diffReleases(ComparedReleases compared, Console console) {
    try (Places.Opened opened = Places.open(compared.place(), console)) {
      opened.toRead(compared.pipeline());
      TraceVerb.tell(
          "diff",
          "two releases of " + compared.pipeline(),
          new ReleaseDiff(opened.lake(), console, compared).sections(),
          compared.html(),
          console);
      return 0;
    }
  }

  @Override
  public int trace(Traced traced, Console console) {
    return TraceVerb.run(traced, console);
  }

  @Override
  public int pin(Pinning pinning, Console console) {
    try (Places.Opened opened = Places.open(pinning.place(), console)) {
      return PinVerb.run(pinning, opened.main("pin"), console);
    }
  }

  @Override
  public int vacuum(Cleaning cleaning, Console console) {
    try (Places.Opened opened = Places.open(cleaning.place(), console)) {
      return VacuumVerb.run(cleaning, opened.main("vacuum"), console, VacuumVerb::agreed);
    }
  }

  @Override
  public int branch(Branched asked, Console console) {
    try (Places.Opened opened = Places.open(asked.place(), console)) {
      return BranchVerb.run(asked, opened.lake(), console);
    }
  }

  @Override
  public int merge(Merged asked, Console console) {
    try (Places.Opened opened = Places.open(asked.place(), console)) {
      return new MergeVerb(asked, opened, console).run();
    }
  }

  @Override
  public int runs(Listing listing, Console console) {
    return Lists.runs(listing, console);
  }

  @Override
  public int models(Listing listing, Console console) {
    return Lists.models(listing, console);
  }

  @Override
  public int horizon(Listing listing, Console console) {
    return Lists.horizon(listing, console);
  }

  @Override
  public int metrics(Listing listing, Console console) {
    return Lists.metrics(listing, console);
  }

  @Override
  public int mirror(Optional<String> pipeline, Place place, Console console) {
    return MirrorVerb.run(pipeline, place, console);
  }

  /** As {@link #with}, for commands after which there may be something new to say of models. */
  private static int mirrored(Request request, Console console, ToIntFunction<Work> body) {
    return with(request, console, body, Mirrors::ofModels);
  }

  private static int with(Request request, Console console, ToIntFunction<Work> body) {
    return with(request, console, body, Mirrors::ofRuns);
  }

  /** Others are told of it at the end, however the command ends. */
  private static int with(
      Request request, Console console, ToIntFunction<Work> body, BiConsumer<Mirrors, Work> tell) {
    try (Places.Opened opened = Places.open(request.place(), console);
        Work work = opened.work(request.pipeline())) {
      Mirrors mirrors = opened.mirrors();
      try {
        int code = body.applyAsInt(work);
        work.flush();
        tell.accept(mirrors, work);
        return code;
      } catch (MillraceException e) {
        if (mirrors.any()) {
          work.flush();
          tell.accept(mirrors, work);
          mirrors.failed(work, e);
        }
        throw e;
      }
    }
  }
}
