package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks that look elsewhere see what was known at a slice's date, whenever it is judged. */
class KnownThenTest {

  private static final List<LocalDate> DATES =
      Shop.FIRST.datesUntil(Shop.FIRST.plusDays(3)).toList();
  private static final LocalDate LAST = DATES.get(2);

  private static final String CHECKED =
      Shop.SPEC
          + """
          validate:
            shop_sales:
              - {check: exists-in, columns: [visit], source: shop_visits, on-fail: quarantine}
            shop_visits:
              - {check: like-training, columns: [pages]}
          """;

  @Test
  void aCheckThatComesLaterFindsWhatItWouldHaveFoundThen() {
    Shop early = shop();
    Shop.write(early.spec, CHECKED);
    Shop late = shop();
    for (LocalDate date : DATES) {
      take(early, date, true);
      take(late, date, false);
    }
    Shop.write(late.spec, CHECKED);
    try (Work work = late.open()) {
      new ValidateJob(work, LAST).run();
    }
    // It was sold on the second day, and came on the third.
    assertThat(refused(early)).singleElement().asString().contains("2000");
    assertThat(refused(late)).isEqualTo(refused(early));
  }

  @Test
  void aSliceIsComparedWithTheTrainingOfTheModelInForceThen() {
    Shop shop = shop();
    DATES.forEach(date -> take(shop, date, false));
    try (Work work = shop.open()) {
      assertThat(new Chains(work).train(LAST).promoted()).isTrue();
    }
    Shop.write(shop.spec, CHECKED);
    try (Work work = shop.open()) {
      new ValidateJob(work, LAST).run();
      // Before the last day there was no model to compare with.
      assertThat(work.lake().latest("checks").orElseThrow().rows())
          .filteredOn(row -> "shop_visits".equals(row.get("source")))
          .extracting(row -> row.get("date"))
          .containsExactly(LAST);
    }
  }

  private static Shop shop() {
    Shop shop = new Shop().days(0, 3);
    var sales = shop.data.resolve("sales-" + DATES.get(1) + ".csv");
    Shop.write(sales, Shop.read(sales) + "2000,yes\n");
    return shop;
  }

  private static void take(Shop shop, LocalDate date, boolean validated) {
    try (Work work = shop.open()) {
      new IngestJob(work, date).run();
      if (validated) {
        new ValidateJob(work, date).run();
      }
    }
  }

  private static List<String> refused(Shop shop) {
    return shop.open().lake().latest("quarantine/shop_sales").orElseThrow().rows().stream()
        .map(row -> row.get("slice_run_id") + " " + row.get("row") + " " + row.get("run_id"))
        .sorted()
        .toList();
  }
}
