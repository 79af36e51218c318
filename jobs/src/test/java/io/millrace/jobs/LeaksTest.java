package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.StoppedException;
import io.millrace.table.RunLog;
import io.millrace.table.SmallTable;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Features that know the outcome are said, kept in a table, and where the spec says so stop. */
class LeaksTest {

  private static Shop shop(String audit) {
    Shop shop = new Shop().days(0, 3);
    Shop.write(
        shop.spec,
        Shop.SPEC
            .replace("types: {visit: long}\n", "types: {visit: long, sold: double}\n")
            .replace("columns: [pages, minutes, channel]", "columns: [pages, minutes, sold]")
            .replace("evaluate: {slices: [channel]", "evaluate: {slices: []")
            .replace("train:\n", "train:\n  audit: " + audit + "\n"));
    for (int i = 0; i < 3; i++) {
      java.nio.file.Path visits = shop.data.resolve("visits-" + Shop.FIRST.plusDays(i) + ".csv");
      String sales = Shop.read(shop.data.resolve("sales-" + Shop.FIRST.plusDays(i + 1) + ".csv"));
      List<String> bought = sales.lines().skip(1).toList();
      StringBuilder text = new StringBuilder("visit,day,pages,minutes,channel,sold\n");
      List<String> rows = Shop.read(visits).lines().skip(1).toList();
      for (int row = 0; row < rows.size(); row++) {
        boolean yes = bought.get(row).endsWith("yes");
        text.append(rows.get(row)).append(yes ? ",1\n" : ",\n");
      }
      Shop.write(visits, text.toString());
    }
    return shop;
  }

  private static void prepare(Work work) {
    for (int i = 0; i < 4; i++) {
      new IngestJob(work, Shop.FIRST.plusDays(i)).run();
    }
    new LabelJob(work, Shop.FIRST.plusDays(3)).run();
    new FeaturesJob(work).forTraining(Shop.FIRST.plusDays(3));
  }

  @Test
  void aLeakIsSaidAndKeptAndStopsOnlyWhereTheSpecSaysSo() {
    Shop shop = shop("{on-leak: stop}");
    String message =
        "whether sold is missing tells the label (AUC 1.000): it seems to be filled in after the"
            + " outcome; list it under features.exclude, else under train.audit.ignore";
    try (Work work = shop.open()) {
      prepare(work);
      assertThatThrownBy(() -> new TrainJob(work, Shop.FIRST.plusDays(3)).run())
          .isInstanceOf(StoppedException.class)
          .hasMessage(
              "train: nothing is trained, since features know the outcome"
                  + " (train.audit.on-leak: stop)\n"
                  + message);
      assertThat(work.lake().latest("models")).isEmpty();
      assertThatThrownBy(() -> new TrainJob(work, Shop.FIRST.plusDays(3)).run())
          .isInstanceOf(StoppedException.class);
      assertThat(
              new RunLog(work.lake())
                  .rows("shop").stream().filter(r -> r.get("stage").equals("train")))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.get("status")).isEqualTo("stopped");
                assertThat(row.get("message")).isEqualTo(message);
                assertThat(row.get("run_id"))
                    .isEqualTo(
                        new SmallTable(work.lake(), ResultTables.leaks())
                            .rows("shop")
                            .get(0)
                            .get("run_id"));
              });
    }
    assertThat(shop.said()).contains(message);
    try (Work work = shop.open(Map.of("train.audit.on-leak", "warn"))) {
      assertThat(new TrainJob(work, Shop.FIRST.plusDays(3)).run()).isEqualTo(Outcome.DONE);
      List<Row> rows = work.lake().latest("leaks").orElseThrow().read().collectAsList();
      assertThat(rows)
          .hasSize(2)
          .allSatisfy(
              row -> {
                assertThat(row.<String>getAs("rule")).isEqualTo("missing");
                assertThat(row.<String>getAs("column")).isEqualTo("sold");
                assertThat(row.<String>getAs("message")).isEqualTo(message);
                assertThat(row.<Double>getAs("value")).isEqualTo(1.0);
                assertThat(row.<Double>getAs("limit")).isEqualTo(0.98);
              });
    }
  }
}
