package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.retain.Rules;
import io.millrace.table.SmallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** A model is trained again from what it was trained on, whatever has been written since. */
class ReproduceTest {

  private static final LocalDate D3 = Shop.FIRST.plusDays(3);
  private static final LocalDate D5 = Shop.FIRST.plusDays(5);

  @Test
  void aModelComesOutTheSameAfterItsTablesHaveMovedOn() throws IOException {
    Shop shop = new Shop().days(0, 6);
    String version;
    try (Work work = shop.open()) {
      version = new Chains(work).train(D3).version();
    }
    // Other features over the same dates, and days that came later.
    Shop.write(shop.spec, Shop.SPEC.replace("pages / minutes", "pages * minutes"));
    String other;
    try (Work work = shop.open()) {
      new Chains(work).backfill(Shop.FIRST.datesUntil(D5.plusDays(1)).toList());
      other = new Chains(work).train(D5).version();
    }
    Map<String, Long> versions = Shop.versions(shop.open().lake());
    shop.said();

    assertThat(reproduce(shop, version)).isZero();
    assertThat(shop.said())
        .startsWith("shop " + version + ": bit-identical, 4 files, from features/shop@");
    assertThat(reproduce(shop, other)).isZero();
    assertThat(Shop.versions(shop.open().lake())).isEqualTo(versions);
    shop.said();

    Path encoders = shop.lakeFolder.resolve("models/shop/" + version + "/encoders.json");
    replace(encoders, "mail", "male");
    assertThat(reproduce(shop, version)).as("the table knows the bytes").isZero();
    assertThat(horizon(shop)).doesNotContain("lost");
    vacuum(shop.lakeFolder.resolve("features/shop"));
    assertThat(horizon(shop))
        .containsPattern(
            version
                + " +2026-03-04 +lost: features/shop@\\d+: 4 of its files are gone, by a foreign")
        .containsPattern(other + " +2026-03-06 +reproducible, pinned by its promotion");
    assertThatThrownBy(() -> reproduce(shop, version))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("models/shop/" + version + ": can't be trained again, since what")
        .hasMessageMatching(
            "(?s).*features/shop@\\d+: 4 of its files are gone, by a foreign VACUUM on 20[-0-9]+T[0-9:]+Z");
    assertThatThrownBy(() -> reproduce(shop, "000000000000"))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("there is no model 000000000000");
  }

  @Test
  void theFirstFigureThatDiffersIsTold() throws IOException {
    Shop shop = new Shop().days(0, 4);
    String version;
    try (Work work = shop.open()) {
      version = new Chains(work).train(D3).version();
    }
    // As if another build had learned with another rate.
    Path manifest = shop.lakeFolder.resolve("models/shop/" + version + "/manifest.json");
    replace(manifest, "learning-rate: 0.3", "learning-rate: 0.2");
    shop.said();

    assertThat(reproduce(shop, version)).isEqualTo(10);
    assertThat(shop.said())
        .contains("warning: this build gives the training another run id")
        .contains(
            "millrace: shop " + version + ": not reproduced: train differs first at predictor.json")
        .containsPattern(": was -?[0-9.]+, is -?[0-9.]+");
    aSpecThatKeepsAMaskedNumberIsNamed(shop, version, manifest);
  }

  /** As where the spec says {@code rounds: ${ROUNDS}}. */
  private static void aSpecThatKeepsAMaskedNumberIsNamed(Shop shop, String version, Path manifest)
      throws IOException {
    replace(manifest, "rounds: 10", "rounds: \\\"***\\\"");
    String said = "models/shop/" + version + ": the spec that it keeps can't be read: line:";
    assertThatThrownBy(() -> reproduce(shop, version))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(said)
        .hasMessageContaining("train.algorithm.rounds")
        .hasMessageContaining("values from the environment are kept as ***: write such a number");
    try (Work work = shop.open()) {
      ModelTrace trace =
          new ModelTrace(work.lake(), work.console(), "shop", version, Optional.of(work));
      assertThat(trace.kept()).isEmpty();
      Map<String, Object> facts = trace.sections(D3).get(0).facts();
      assertThat(facts.get("lost").toString()).startsWith(said);
      assertThat(facts).containsEntry("date", D3).doesNotContainKey("horizon");
      shop.said();
      Lists.horizon(
          work.lake(),
          new SmallTable(work.lake(), ResultTables.models()).rows(),
          Rules.USUAL,
          work.console());
      assertThat(shop.said().lines().filter(line -> line.contains(version)))
          .singleElement()
          .asString()
          .contains("lost: " + said);
    }
  }

  private static int reproduce(Shop shop, String version) {
    try (Work work = shop.open()) {
      return ReproduceVerb.run(version, work.lake(), work.console());
    }
  }

  private static void replace(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  /** As somebody does who knows nothing of models. */
  private static void vacuum(Path table) {
    SparkSession spark = TestSpark.session();
    String check = "spark.databricks.delta.retentionDurationCheck.enabled";
    spark.conf().set(check, "false");
    try {
      spark.sql("vacuum delta.`" + table + "` retain 0 hours").collect();
    } finally {
      spark.conf().unset(check);
    }
  }

  private static String horizon(Shop shop) {
    shop.said();
    try (Work work = shop.open()) {
      Lists.horizon(
          work.lake(),
          new SmallTable(work.lake(), ResultTables.models()).rows(),
          Rules.USUAL,
          work.console());
    }
    return shop.said();
  }
}
