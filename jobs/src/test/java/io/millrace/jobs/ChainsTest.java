package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.StoppedException;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** The chains on real Spark, Delta and XGBoost. */
class ChainsTest {

  private static final LocalDate D3 = Shop.FIRST.plusDays(3);
  private static final LocalDate D4 = Shop.FIRST.plusDays(4);
  private static final LocalDate D5 = Shop.FIRST.plusDays(5);

  @Test
  void whatIsDoneIsDoneOnceAndThePastKeepsItsChampion() {
    Shop shop = new Shop().days(0, 6);
    String first;
    try (Work work = shop.open()) {
      PromoteJob.Decision decision = new Chains(work).train(D3);
      assertThat(decision.promoted()).isTrue();
      first = decision.version();
      new Chains(work).score(D3);
      new Chains(work).score(D4);
    }
    Lake lake = shop.open().lake();
    Dataset<Row> predictions = lake.latest("predictions/shop").orElseThrow().read();
    assertThat(predictions.count()).isEqualTo(240);
    assertThat(predictions.select("visit", "date").distinct().count()).isEqualTo(240);
    assertThat(predictions.select("model_version").distinct().collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly(first);
    assertThat(lake.latest("scored/shop").orElseThrow().files()).isEmpty();

    Map<String, Long> versions = Shop.versions(lake);
    shop.said();
    try (Work work = shop.open()) {
      new Chains(work).train(D3);
      new Chains(work).score(D3);
      new Chains(work).score(D4);
    }
    assertThat(Shop.versions(lake)).isEqualTo(versions);
    assertThat(shop.said().lines()).hasSize(21).allMatch(line -> line.contains("already done"));

    String second;
    try (Work work = shop.open()) {
      second = new Chains(work).train(D5).version();
      new Chains(work).score(D5);
      assertThat(second).isNotEqualTo(first);
      assertThat(new Champions(work).at(D5)).contains(second);
      assertThat(new Champions(work).at(D4)).contains(first);
    }
    versions = Shop.versions(lake);
    try (Work work = shop.open()) {
      new Chains(work).backfill(List.of(D3, D4));
    }
    assertThat(Shop.versions(lake)).isEqualTo(versions);

    try (Work work = shop.open()) {
      new PromoteJob(work, D5).to(first);
      assertThat(new Champions(work).at(D5)).contains(first);
      new Chains(work).backfill(List.of(D5));
    }
    assertThat(
            lake.latest("predictions/shop")
                .orElseThrow()
                .read()
                .where("date = '" + D5 + "'")
                .select("model_version")
                .distinct()
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly(first);
  }

  @Test
  void anEditedFeatureIsRefusedUntilItsDatesAreMadeAnew() {
    Shop shop = new Shop().days(0, 5);
    try (Work work = shop.open()) {
      new Chains(work).train(D3);
      new Chains(work).score(D3);
    }
    Map<String, String> edit = Map.of("features.expressions.speed", "pages * minutes");
    try (Work work = shop.open(edit)) {
      assertThatThrownBy(() -> new Chains(work).score(D4))
          .isInstanceOf(StoppedException.class)
          .hasMessage(
              "features/shop: 4 dates were made by another spec of the features: 2026-03-01,"
                  + " 2026-03-02, 2026-03-03, 2026-03-04\n"
                  + "undo the edit, or make them anew: millrace backfill shop --from 2026-03-01"
                  + " --to 2026-03-04");
    }
    try (Work work = shop.open(edit)) {
      new Chains(work).backfill(Dates.range(work.spec().every(), Shop.FIRST, D3));
      assertThat(shop.said())
          .contains("was trained on other features; the predictions of this date stay as they are");
      assertThatThrownBy(() -> new Chains(work).score(D4))
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("was trained on other features (spec edited since)")
          .hasMessageContaining("millrace run shop --date 2026-03-05");
      new Chains(work).train(D4);
      new Chains(work).score(D4);
    }
    Lake lake = shop.open().lake();
    assertThat(lake.latest("predictions/shop").orElseThrow().read().count()).isEqualTo(240);
  }

  @Test
  void aFileThatChangedUnderItsNameIsRefused() throws Exception {
    Shop shop = new Shop().days(0, 5);
    try (Work work = shop.open()) {
      new Chains(work).train(D3);
      new Chains(work).score(D3);
      new Chains(work).score(D4);
    }
    Lake lake = shop.open().lake();
    PinnedTable before = lake.latest("features/shop").orElseThrow();
    Shop.write(
        shop.data.resolve("visits-2026-03-05.csv"),
        Files.readString(shop.data.resolve("visits-2026-03-05.csv"))
            + "99999,2026-03-05,3,4.0,web\n");
    try (Work work = shop.open()) {
      assertThatThrownBy(() -> new Chains(work).score(D4))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("visits-2026-03-05.csv has changed since it was taken in")
          .hasMessageContaining("give changed rows in a file of a new name, or restore it");
    }
    assertThat(lake.latest("features/shop").orElseThrow().version()).isEqualTo(before.version());
  }

  @Test
  void aBlockedChallengerIsNotPromotedAndSaysWhy() {
    Shop shop = new Shop().days(0, 4);
    Shop.write(shop.spec, Shop.SPEC.replace("value: 0.6}", "value: 0.999}"));
    try (Work work = shop.open()) {
      PromoteJob.Decision decision = new Chains(work).train(D3);
      assertThat(decision.promoted()).isFalse();
      assertThat(decision.reasons()).singleElement().asString().contains("is below 0.999");
      assertThat(new Champions(work).at(D3)).isEmpty();
      assertThatThrownBy(() -> new Chains(work).score(D3))
          .isInstanceOf(StoppedException.class)
          .hasMessage(
              "shop: no model is in force at 2026-03-04; train and promote one: millrace run shop"
                  + " --date 2026-03-04");
      assertThat(new Chains(work).train(D3).outcome()).isEqualTo(Outcome.ALREADY_DONE);
    }
  }

  @Test
  void aModelFileThatWasChangedIsNotBelieved() throws Exception {
    Shop shop = new Shop().days(0, 5);
    String version;
    try (Work work = shop.open()) {
      version = new Chains(work).train(D3).version();
    }
    var file = shop.lakeFolder.resolve("models/shop/" + version + "/encoders.json");
    Files.writeString(file, Files.readString(file).replace("web", "wep"));
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    try (Work work = shop.open()) {
      assertThatThrownBy(() -> new Chains(work).score(D3))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("models/shop/" + version + "/encoders.json")
          .hasMessageContaining("SHA-256");
    }
  }
}
