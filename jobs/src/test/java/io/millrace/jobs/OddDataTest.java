package io.millrace.jobs;

import static io.millrace.jobs.BadShop.D0;
import static io.millrace.jobs.BadShop.DATA;
import static io.millrace.jobs.BadShop.SPEC;
import static io.millrace.jobs.BadShop.VISITS;
import static io.millrace.jobs.BadShop.assertFault;
import static io.millrace.jobs.BadShop.edit;
import static io.millrace.jobs.BadShop.edited;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Data of a form that few files have: other bytes, no rows, many columns, a very long text. */
class OddDataTest {

  private static final LocalDate D1 = D0.plusDays(1);

  private static void visit(Shop shop, String row, Charset charset) {
    try {
      byte[] bytes = (row + "\n").getBytes(charset);
      Files.write(shop.data.resolve(VISITS), bytes, java.nio.file.StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void ingest(Work work) {
    new IngestJob(work, D0).run();
  }

  private static Stream<Map<String, Object>> profiles(Work work, String column) {
    return work.lake().latest("profiles").orElseThrow().rows("pipeline", "shop").stream()
        .filter(row -> column.equals(row.get("column")));
  }

  @Test
  void aRowInAnotherEncodingGoesToQuarantine() {
    Shop shop = new Shop().days(0, 1);
    visit(shop, "801,2026-03-01,3,1.0,caf\u00e9", StandardCharsets.ISO_8859_1);
    visit(shop, "802,2026-03-01,3,1.0,caf\u00e9", StandardCharsets.UTF_8);
    try (Work work = shop.open()) {
      ingest(work);
      List<Row> taken = work.raw("shop_visits").read().where("visit > 800").collectAsList();
      assertThat(taken).extracting(row -> row.getAs("channel")).containsExactly("caf\u00e9");
      assertThat(work.lake().latest("quarantine/shop_visits").orElseThrow().rows())
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.get("_file")).isEqualTo(VISITS);
                assertThat(row.get("column")).isEqualTo("channel");
                assertThat(row.get("value")).isEqualTo("caf\ufffd");
                assertThat(row.get("rule")).isEqualTo("encoding");
                assertThat(row.get("reason"))
                    .isEqualTo("not UTF-8, or a \ufffd that was in the file");
              });
    }
    assertThat(shop.said()).contains("1 to quarantine/shop_visits");
  }

  @Test
  void aHeaderInAnotherEncodingIsRefused() throws IOException {
    Shop shop = new Shop().days(0, 1);
    byte[] sales = "visit,caf\u00e9\n1,yes\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(shop.data.resolve("sales-2026-03-01.csv"), sales);
    assertFault(
        shop,
        DATA,
        "file:$D/data/sales-2026-03-01.csv: the header isn't UTF-8 (caf\ufffd); say the file's own"
            + " by encoding:, or save it as UTF-8",
        OddDataTest::ingest);
  }

  @Test
  void aSourceWithoutRowsNeedsTheTypesOfItsKeyAndTime() {
    Shop shop = new Shop().days(0, 1);
    edit(shop, VISITS, text -> text.lines().findFirst().orElseThrow() + "\n");
    assertFault(
        shop,
        DATA,
        "file:$D/data/visits-2026-03-01.csv: no row has a value of day, so that its type isn't"
            + " known; declare it as in types: {day: timestamp}, or bring rows",
        OddDataTest::ingest);
    edited(shop, "types: {visit: long}\n", "types: {visit: long, day: date}\n");
    try (Work work = shop.open()) {
      ingest(work);
      new ValidateJob(work, D0).run();
    }
    assertThat(shop.said()).contains("raw/shop_visits: 0 rows of 1 file");
    assertFault(
        shop,
        DATA,
        "features/shop: isn't there yet; run `millrace features shop` for a date that its source"
            + " has files for",
        work -> new Chains(work).train(D0));
  }

  @Test
  void aCheckOfAColumnThatIsNotThereIsRefused() {
    Shop shop = new Shop().days(0, 1);
    String check = "{check: in-range, column: pagez, min: 0}";
    edited(shop, "evaluate:", "validate: {shop_visits: [" + check + "]}\nevaluate:");
    try (Work work = shop.open()) {
      ingest(work);
    }
    assertFault(
        shop,
        SPEC,
        "validate.shop_visits[0].column: no column pagez; did you mean pages?",
        work -> new ValidateJob(work, D0).run());
  }

  @Test
  void aSliceColumnOfManyValuesIsLeftOutWithAWarning() {
    Shop shop = edited(new Shop().days(0, 1), "slices: [channel]", "slices: [channel, visit]");
    try (Work work = shop.open()) {
      ingest(work);
      new ValidateJob(work, D0).run();
      assertThat(profiles(work, "pages").map(row -> row.get("slice_column")).distinct())
          .containsExactlyInAnyOrder(null, "channel");
    }
    assertThat(shop.said().lines().filter(line -> line.startsWith("warning: ")))
        .containsExactly(
            "warning: raw/shop_visits: visit has more than 100 values in a slice, so that no column"
                + " is measured by it there");
  }

  @Test
  void aTextOfTenMegabytesIsMeasuredInLittleSpace() {
    Shop shop = new Shop().days(0, 1);
    visit(shop, "801,2026-03-01,3,1.0," + "x".repeat(10_000_000), StandardCharsets.UTF_8);
    try (Work work = shop.open()) {
      ingest(work);
      new ValidateJob(work, D0).run();
      assertThat(profiles(work, "channel").filter(row -> row.get("slice_column") == null))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.get("max_length")).isEqualTo(10_000_000L);
                assertThat((String) row.get("max")).hasSize(256);
                assertThat((String) row.get("top_values")).hasSizeLessThan(1000);
                assertThat((String) row.get("sketch")).hasSizeLessThan(2000);
              });
      assertThat(profiles(work, "channel").map(row -> row.get("slice_value")))
          .allSatisfy(value -> assertThat(String.valueOf(value)).hasSizeLessThan(300));
    }
  }

  @Test
  void aThousandColumnsGoThroughTheWholeChain() {
    Shop shop = new Shop().days(0, 2);
    List<String> names = IntStream.range(0, 995).mapToObj(i -> "c" + i).toList();
    edit(shop, VISITS, text -> widened(text, names));
    edit(shop, "visits-" + D1 + ".csv", text -> widened(text, names));
    edited(shop, "types: {visit: long}\n", "types: {visit: long, c0: double}\n");
    edited(shop, "minutes, channel]", "minutes, channel, " + String.join(", ", names) + "]");
    edited(shop, "rounds: 10", "rounds: 2");
    edited(shop, "    baseline: {kind: logistic}\n".substring(2), "");
    edited(shop, "slices: [channel]", "slices: []");
    edited(shop, "value: 0.6}", "value: 0.1}");
    try (Work work = shop.open()) {
      new Chains(work).train(D1);
      new Chains(work).score(D1);
      assertThat(work.raw("shop_visits").schema().fieldNames()).contains("c0", "c994");
      assertThat(profiles(work, "c0").filter(row -> "raw/shop_visits".equals(row.get("table"))))
          .hasSize(2)
          .allSatisfy(row -> assertThat(row.get("nulls")).isEqualTo(row.get("rows")));
      assertThat(work.lake().latest("predictions/shop").orElseThrow().read().count())
          .isEqualTo(120);
    }
    assertThat(shop.said()).contains("warning: feature c0 is left out of the model: no values");
  }

  /** Each row with more columns: one without any value, then texts and numbers. */
  private static String widened(String text, List<String> names) {
    List<String> lines = text.lines().toList();
    StringBuilder wide = new StringBuilder(lines.get(0) + "," + String.join(",", names) + "\n");
    for (int row = 1; row < lines.size(); row++) {
      int at = row;
      wide.append(lines.get(row)).append(',');
      wide.append(
          IntStream.range(1, names.size())
              .mapToObj(
                  i -> "," + (i % 10 == 1 ? "v" : "") + (at * i * 31) % (i % 10 == 1 ? 3 : 97))
              .collect(Collectors.joining()));
      wide.append('\n');
    }
    return wide.toString();
  }
}
