package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.UnavailableException;
import io.millrace.jobs.faults.Faults;
import io.millrace.jobs.faults.FaultyFiles;
import io.millrace.jobs.faults.FaultyLogStore;
import io.millrace.table.Compaction;
import io.millrace.table.Lake;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Random commands at once, killed at random moments on a file system that fails: afterwards, when
 * somebody has run the dates in peace, each row is there once, all versions open, and the index of
 * runs is what the logs say.
 *
 * <p>{@code MILLRACE_SCHEDULES} says how many, {@code MILLRACE_SEED} the seed of the first.
 */
@EnabledIfEnvironmentVariable(named = "MILLRACE_SCHEDULES", matches = "\\d+")
class InterleavedTest {

  private static final int SCHEDULES = number("MILLRACE_SCHEDULES", 0);
  private static final int SEED = number("MILLRACE_SEED", 1);

  private static ScheduledShop base;

  private static int number(String variable, int usual) {
    return Integer.parseInt(System.getenv().getOrDefault(variable, Integer.toString(usual)));
  }

  @BeforeAll
  static void aLakeToBeginWith() {
    var spark = TestSpark.session();
    FaultyFiles.SETTINGS.forEach(spark.sparkContext().hadoopConfiguration()::set);
    SparkEnv.get().conf().set("spark.delta.logStore.faulty.impl", FaultyLogStore.class.getName());
    base = new ScheduledShop();
  }

  @Test
  void whateverComesInBetweenTheLakeIsWhole() {
    for (int i = 0; i < SCHEDULES; i++) {
      int seed = SEED + i;
      Path lake = base.copy("lake-" + seed);
      Schedule schedule = new Schedule(base, lake, seed);
      schedule.run();
      assertThat(schedule.faults()).as(schedule.toString()).isEmpty();
      ScheduledShop.age(lake);
      try {
        theNextMorning(schedule, Faults.CALM + seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(schedule + "\nthe next morning: " + e, e);
      }
      System.out.println(schedule);
      ScheduledShop.delete(lake);
    }
  }

  /** What somebody does then, and finds. */
  private static void theNextMorning(Schedule schedule, String process) {
    if (schedule.hasBegun("erase")) {
      try (Work work = schedule.open(process, Map.of())) {
        Schedule.erase(work);
      }
    }
    try (Work work = schedule.open(process, Map.of())) {
      new Chains(work).backfill(ScheduledShop.DATES);
      work.flush();
      int changes = work.changes();
      new Chains(work).backfill(ScheduledShop.DATES);
      assertThat(work.changes()).as("what a second run changes").isEqualTo(changes);
    }
    try (Work work = schedule.open(process, Map.of())) {
      new WholeLake(base, schedule, work).check();
      Lake lake = work.lake();
      Map<String, List<String>> facts = LakeRows.ofFacts(lake);
      Map<String, Integer> small = toJoin(lake);
      if (!schedule.hasBegun("vacuum")) { // which may have joined them all
        assertThat(small).as("tables with small files to join").isNotEmpty();
      }
      try {
        schedule.vacuum(work);
      } catch (UnavailableException e) {
        assertThat(e).hasMessageContaining("(one that was killed counts for an hour)");
        assertThat(schedule.hasBegun("vacuum")).as("a vacuum that was killed").isTrue();
        return;
      }
      // Its own log may have grown to sixteen meanwhile.
      assertThat(toJoin(lake).keySet())
          .as("tables with small files to join after a vacuum")
          .noneMatch(small::containsKey)
          .isSubsetOf("vacuums");
      assertThat(LakeRows.ofFacts(lake)).as("facts after a vacuum").isEqualTo(facts);
    }
  }

  /** Small files by table; a table has sixteen of a partition or none. */
  private static Map<String, Integer> toJoin(Lake lake) {
    return lake.tables().stream()
        .flatMap(table -> Compaction.of(lake, table).stream())
        .collect(Collectors.toMap(Compaction::table, Compaction::files));
  }
}
