package io.millrace.jobs;

import static io.millrace.jobs.PlannedShop.VISITS;
import static io.millrace.jobs.PlannedShop.assertWritten;
import static io.millrace.jobs.PlannedShop.late;
import static io.millrace.jobs.PlannedShop.shop;

import io.millrace.jobs.PipelinePlan.Chain;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a plan says is what the command then writes, whatever has happened to the lake. */
class PlanTruthTest {

  private static final LocalDate D1 = Shop.FIRST;
  private static final LocalDate D2 = D1.plusDays(1);

  /** Random changes, each planned, done and compared. */
  @Test
  void whatIsPlannedIsWhatIsWritten() {
    Random random = new Random(20261122);
    Shop shop = shop(2);
    List<LocalDate> dates = new ArrayList<>(List.of(D1, D2));
    assertWritten(shop, Chain.RUN, List.of(D2));
    for (int round = 0; round < ROUNDS; round++) {
      change(shop, random, dates, round);
      int chain = random.nextInt(4);
      LocalDate last = dates.get(dates.size() - 1);
      if (chain == 0) {
        assertWritten(shop, Chain.DAILY, List.of(last));
      } else if (chain == 1) {
        assertWritten(shop, Chain.RUN, List.of(last));
      } else {
        assertWritten(shop, Chain.BACKFILL, dates);
      }
    }
  }

  private static final int ROUNDS = 8;

  private static void change(Shop shop, Random random, List<LocalDate> dates, int round) {
    LocalDate any = dates.get(random.nextInt(dates.size()));
    String spec = Shop.read(shop.spec);
    switch (random.nextInt(7)) {
      case 0 -> late(shop, any, 10 + round);
      case 1 -> {
        dates.add(D1.plusDays(dates.size()));
        shop.day(dates.get(dates.size() - 1), dates.size() * 1000L, VISITS);
      }
      case 2 -> Shop.write(shop.spec, spec.replaceAll("speed: .*", "speed: pages * " + round));
      case 3 ->
          Shop.write(
              shop.spec,
              spec.replaceAll(
                  "evaluate: \\{.*?slices",
                  "evaluate: {threshold: 0.%d, slices".formatted(2 + random.nextInt(7))));
      case 4 -> {
        List<String> fails = List.of("warn", "quarantine", "stop");
        String checks =
            "validate: {shop_visits: [{check: in-range, column: pages, max: %d, on-fail: %s}]}\n";
        int max = random.nextBoolean() ? 15 : 100;
        Shop.write(
            shop.spec,
            spec.replaceAll("(?m)^validate: .*\\n", "")
                + checks.formatted(max, fails.get(random.nextInt(3))));
      }
      case 5 ->
          Shop.write(
              shop.data.resolve("visits-%s-none%d.csv".formatted(any, round)),
              "visit,day,pages,minutes,channel\n");
      default -> promote(shop, any);
    }
  }

  /** Puts the first model of all in force from a date on. */
  private static void promote(Shop shop, LocalDate from) {
    try (Work work = shop.open()) {
      String version = new Champions(work).log().get(0).version();
      new PromoteJob(work, from).to(version);
    }
  }
}
