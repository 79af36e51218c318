package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.MillraceException;
import io.millrace.Stage;
import io.millrace.jobs.PipelinePlan.Chain;
import io.millrace.jobs.PlanStep.Then;
import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A small shop whose commands are planned before they are done. */
final class PlannedShop {

  static final int VISITS = 60;

  private PlannedShop() {}

  /** A channel's visits of two days count; any number of files a day; a model that is quick. */
  private static final String SPEC =
      Shop.SPEC
          .replace(
              "  expressions:",
              """
                windows:
                  - {source: shop_visits, by: channel, over: [2d], aggregate: {pages: [sum]}}
                expressions:\
              """)
          .replace("visits-{date}.csv", "visits-{date}*.csv")
          .replace("{kind: xgboost, rounds: 10, depth: 3, learning-rate: 0.3}", "{kind: logistic}")
          .replace("baseline: {kind: logistic}", "workers: 1")
          .replace("value: 0.6}", "value: 0.3}");

  static Shop shop(int days) {
    Shop shop = new Shop();
    Shop.write(shop.spec, SPEC);
    for (int i = 0; i < days; i++) {
      shop.day(Shop.FIRST.plusDays(i), i * 1000L, VISITS);
    }
    return shop;
  }

  /** By a lake whose session can't be made. */
  static PipelinePlan plan(Shop shop, Chain chain, LocalDate... dates) {
    try (Work looking = shop.open()) {
      Lake lake =
          Lake.open(
                  shop.lakeFolder.toString(),
                  () -> {
                    throw new AssertionError("a plan made a session");
                  })
              .still();
      Map<String, Long> before = Shop.versions(looking.lake());
      Work work = new Work(looking.spec(), looking.specText(), lake, looking.console());
      PipelinePlan plan = Planner.plan(work, new SeenFiles(lake.hadoop()), chain, List.of(dates));
      assertThat(Shop.versions(looking.lake())).isEqualTo(before);
      return plan;
    }
  }

  static PlanStep step(PipelinePlan plan, Stage stage, LocalDate date) {
    return plan.steps().stream()
        .filter(step -> step.stage() == stage && step.date().equals(date))
        .findFirst()
        .orElseThrow();
  }

  static List<String> words(PipelinePlan plan, LocalDate date) {
    return plan.steps().stream()
        .filter(step -> step.date().equals(date))
        .map(step -> step.stage().word() + " " + step.would().word())
        .toList();
  }

  static void late(Shop shop, LocalDate day, int number) {
    Shop.write(
        shop.data.resolve("visits-%s-late%d.csv".formatted(day, number)),
        "visit,day,pages,minutes,channel\n%d,%s,7,3.5,web\n".formatted(900000 + number, day));
  }

  static void follow(Shop shop, PipelinePlan plan) {
    try (Work work = shop.open()) {
      PipelineVerbs.follow(plan, work);
    }
  }

  static void assertWritten(Shop shop, Chain chain, List<LocalDate> dates) {
    PipelinePlan plan = plan(shop, chain, dates.toArray(LocalDate[]::new));
    assertWritten(shop, plan, () -> follow(shop, plan));
  }

  /** Runs that a deed wrote are those of its plan: no other, and all that were sure. */
  static void assertWritten(Shop shop, PipelinePlan plan, Runnable deed) {
    Set<Written> before = written(shop);
    boolean ended = false;
    try {
      deed.run();
    } catch (MillraceException e) {
      ended = true;
      assertThat(plan.steps())
          .as("foresees the end: %s", e.getMessage())
          .anyMatch(step -> step.then() != Then.GOES_ON || step.would() == Would.BLOCKED);
    }
    Set<Written> after = written(shop);
    after.removeAll(before);
    for (Written run : after) {
      assertThat(plan.steps())
          .as("%s in %s", run, words(plan))
          .anyMatch(step -> step.stage() == run.stage() && step.allows(run.date(), run.runId()));
    }
    for (PlanStep step : plan.steps()) {
      for (PlanStep.Slice slice : step.slices()) {
        assertThat(after)
            .as("%s of %s in %s, ended %s", step.stage(), slice.date(), words(plan), ended)
            .anyMatch(
                run ->
                    run.stage() == step.stage()
                        && run.date().equals(slice.date())
                        && (slice.runId().isEmpty() || slice.runId().equals(run.runId())));
      }
    }
  }

  static List<String> words(PipelinePlan plan) {
    return plan.steps().stream()
        .map(step -> step.date() + " " + step.stage().word() + " " + step.would().word())
        .toList();
  }

  private record Written(Stage stage, LocalDate date, String runId, String outputs) {}

  /** Rows of runs, less the measured outcomes, which are no step. */
  static Set<Written> written(Shop shop) {
    Set<Written> written = new HashSet<>();
    for (Map<String, Object> row : new RunLog(shop.open().lake()).rows("shop")) {
      Stage stage = Stage.valueOf(((String) row.get("stage")).toUpperCase(java.util.Locale.ROOT));
      String outputs = String.valueOf(row.get("outputs"));
      if (stage != Stage.RELEASE || !outputs.contains("metrics")) {
        written.add(
            new Written(stage, (LocalDate) row.get("date"), (String) row.get("run_id"), outputs));
      }
    }
    return written;
  }
}
