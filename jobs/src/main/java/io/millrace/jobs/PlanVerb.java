package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.SpecException;
import io.millrace.StoppedException;
import io.millrace.config.ConfFolder;
import io.millrace.jobs.PipelinePlan.Chain;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.cli.Planned;
import io.millrace.jobs.console.Console;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunLog;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Tells what a command would do, by Kernel alone; and whether an earlier answer still holds. */
final class PlanVerb {

  private static final int MOST_TOLD = 3;

  /** Plans that are made at the same time share a heap of 1 GiB. */
  private static final int MOST_AT_ONCE = 4;

  private PlanVerb() {}

  static int run(Planned asked, Console console) {
    try (Places.Opened opened = Places.open(asked.place(), console)) {
      Lake lake = opened.lake().still();
      SeenFiles seen = new SeenFiles(lake.hadoop());
      if (asked.pipelines().size() == 1) {
        PipelinePlan plan = one(opened, lake, seen, asked);
        asked.out().ifPresent(file -> PlanJson.write(plan, file));
        events(plan, console);
        PlanText.one(plan, asked.all(), console);
        return 0;
      }
      return many(opened, lake, seen, asked, console);
    }
  }

  private static PipelinePlan one(Places.Opened opened, Lake lake, SeenFiles seen, Planned asked) {
    try (Prefetch ahead = new Prefetch(lake)) {
      Work work = opened.looking(asked.pipelines().get(0), lake);
      ahead.of(work.name());
      return plan(work, seen, asked);
    }
  }

  private static PipelinePlan plan(Work work, SeenFiles seen, Planned asked) {
    Chain chain = asked.train() ? Chain.RUN : asked.range() ? Chain.BACKFILL : Chain.DAILY;
    return Planner.plan(work, seen, chain, Planner.dates(work, chain, asked.from(), asked.to()));
  }

  /**
   * A line for each pipeline, in their order; the faults of those that can't be planned come at the
   * end. Plans only look, so some are made at once.
   */
  private static int many(
      Places.Opened opened, Lake lake, SeenFiles seen, Planned asked, Console console) {
    Set<String> names =
        asked.pipelines().isEmpty()
            ? ConfFolder.pipelines(asked.place().conf()).values().stream()
                .map(Path::toString)
                .collect(Collectors.toCollection(LinkedHashSet::new))
            : new LinkedHashSet<>(asked.pipelines());
    List<List<Object>> cells = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    ExecutorService workers =
        Executors.newFixedThreadPool(
            Math.min(MOST_AT_ONCE, Runtime.getRuntime().availableProcessors()));
    try {
      Queue<Future<Made>> plans = new ArrayDeque<>();
      names.forEach(
          name -> plans.add(workers.submit(() -> planned(opened, name, lake, seen, asked))));
      while (!plans.isEmpty()) {
        try {
          Made made = result(plans.remove());
          if (made.plan().isEmpty()) {
            console.info(made.pipeline() + ": trains no model");
            continue;
          }
          events(made.plan().get(), console);
          cells.add(PlanText.counts(made.plan().get()));
        } catch (MillraceException e) {
          faults.add(e.getMessage());
        }
      }
    } finally {
      workers.shutdownNow();
    }
    PlanText.many(cells, console);
    if (!faults.isEmpty()) {
      throw new SpecException(String.join("\n", faults));
    }
    return 0;
  }

  /** The plan of a pipeline; empty where it has none of the kind that is asked for. */
  private record Made(String pipeline, Optional<PipelinePlan> plan) {}

  private static Made planned(
      Places.Opened opened, String name, Lake lake, SeenFiles seen, Planned asked) {
    Work work = opened.looking(name, lake);
    boolean none = asked.train() && work.spec().train().isEmpty();
    return new Made(work.name(), none ? Optional.empty() : Optional.of(plan(work, seen, asked)));
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void events(PipelinePlan plan, Console console) {
    console.event("plan", PlanJson.head(plan));
    plan.steps()
        .forEach(
            step -> {
              Map<String, Object> fields = PlanJson.step(step);
              fields.put("pipeline", plan.pipeline());
              console.event("step", fields);
            });
  }

  /**
   * Fails unless a plan would come out as it is in its file.
   *
   * @throws StoppedException where it wouldn't, with what moved
   */
  static void compare(PipelinePlan plan, Path file, Place place, Console console) {
    try (Places.Opened opened = Places.open(place, console)) {
      Lake lake = opened.lake().still();
      Work work = opened.looking(plan.pipeline(), lake);
      PipelinePlan now =
          Planner.plan(work, new SeenFiles(lake.hadoop()), plan.chain(), plan.dates());
      List<String> otherwise = plan.otherwise(now);
      if (!otherwise.isEmpty()) {
        throw new StoppedException(
            "%s: the plan in %s doesn't hold any more: %s\n%s\nnothing was written; plan again, look, and do that: millrace plan %s … --out FILE"
                .formatted(
                    plan.pipeline(),
                    file,
                    listed(otherwise),
                    moved(lake, plan, now),
                    plan.pipeline()));
      }
    }
  }

  private static String listed(List<String> texts) {
    String first = texts.stream().limit(MOST_TOLD).collect(Collectors.joining("; "));
    return texts.size() > MOST_TOLD
        ? first + "; and " + (texts.size() - MOST_TOLD) + " more"
        : first;
  }

  /** What made the difference: the spec, tables with whose run moved them, else files. */
  private static String moved(Lake lake, PipelinePlan plan, PipelinePlan now) {
    List<String> moved = new ArrayList<>();
    if (!plan.specHash().equals(now.specHash())) {
      moved.add("the spec was edited");
    }
    now.tables()
        .forEach(
            (table, version) -> {
              long then = plan.tables().getOrDefault(table, -1L);
              if (then != version) {
                moved.add(
                    "%s moved from version %d to %d%s"
                        .formatted(table, then, version, whose(lake, table, then, version)));
              }
            });
    return moved.isEmpty()
        ? "no table moved: the files of its sources did, or the program is another"
        : listed(moved);
  }

  /** The runs between two versions, as the commits tell, else the pipelines that wrote. */
  private static String whose(Lake lake, String table, long then, long now) {
    Set<String> runs = new TreeSet<>();
    RunLog.between(lake, table, then, now)
        .forEach(
            run -> runs.add("%s of %s, %s".formatted(run.stage(), run.pipeline(), run.date())));
    if (runs.isEmpty() && then >= 0) {
      Optional<PinnedTable> newest = lake.latest(table);
      newest.ifPresent(
          t ->
              t.filesBeside(lake.at(table, then)).stream()
                  .map(file -> file.partition().get("pipeline"))
                  .filter(name -> name != null)
                  .forEach(name -> runs.add("pipeline " + name)));
    }
    return runs.isEmpty() ? "" : " (" + listed(List.copyOf(runs)) + ")";
  }
}
