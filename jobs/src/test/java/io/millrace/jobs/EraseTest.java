package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.StoppedException;
import io.millrace.TestSpark;
import io.millrace.branch.Branches;
import io.millrace.erase.Receipts;
import io.millrace.erase.Tombstones;
import io.millrace.jobs.cli.Erased;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import io.millrace.retain.Rules;
import io.millrace.retain.Vacuum;
import io.millrace.table.HadoopSettings;
import io.millrace.table.Lake;
import io.millrace.table.PastVersion;
import io.millrace.table.PinnedTable;
import io.millrace.table.SmallTable;
import io.millrace.table.TableFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;

/** A person is taken out of all that a lake remembers, and nobody else notices. */
class EraseTest {

  private static final LocalDate D1 = Shop.FIRST.plusDays(1);
  private static final LocalDate D2 = Shop.FIRST.plusDays(2);
  private static final Map<String, String> KEY =
      Map.of("MILLRACE_ERASURE_KEY", "0123456789abcdef0123456789abcdef");

  /** A visit of the second day. */
  private static final String PERSON = "C1007X";

  private static final String SPEC =
      Shop.SPEC
          .replace("types: {visit: long}", "types: {visit: string}")
          .replace("types: {visit: string}\n", "types: {visit: string, pages: long}\n")
          .replace("{kind: xgboost, rounds: 10, depth: 3, learning-rate: 0.3}", "{kind: logistic}")
          .replace("    baseline: {kind: logistic}\n", "")
          .replace("value: 0.6", "value: 0.5")
          .replace("visits-{date}.csv", "visits-{date}*.csv");

  @Test
  void afterItNoFileHoldsThePersonAndNothingElseHasChanged() throws IOException {
    Shop shop = shop();
    String version = lived(shop);
    Path left = leftByAKilledDrop(shop);
    Lake lake = lake(shop);
    assertThat(filesWith(shop.lakeFolder, PERSON))
        .extracting(file -> file.split("/")[0])
        .contains("raw", "quarantine", "features", "scored", "predictions", "profiles", "reports");
    List<String> predictions = rows(lake, "predictions/shop");
    List<String> features = rows(lake, "features/shop");
    Map<String, Long> versions = Shop.versions(lake);
    long others = Files.walk(shop.lakeFolder).filter(Files::isRegularFile).count();
    shop.said();

    assertThat(erase(shop, asked(PERSON, "", true, false))).isZero();
    assertThat(shop.said())
        .containsPattern("features/shop +1 +1 ")
        .containsPattern("quarantine/shop_visits +1 +1 ")
        .containsPattern("reports/shop/2026-03-02.html .*removed")
        .containsPattern("_branches/gone .*removed")
        .contains("models/shop/" + version + " learned from it")
        .doesNotContain(PERSON);
    assertThat(Shop.versions(lake(shop))).as("a dry run writes nothing").isEqualTo(versions);
    assertThat(Files.walk(shop.lakeFolder).filter(Files::isRegularFile).count()).isEqualTo(others);

    assertThat(erase(shop, asked(PERSON, "request 31", false, true))).isZero();
    assertThat(shop.said())
        .containsPattern("erasure [0-9a-f]{12}-1: \\d+ tables, .* bytes: not found")
        .doesNotContain(PERSON);
    assertThat(filesWith(shop.lakeFolder, PERSON)).isEmpty();
    assertThat(left).doesNotExist();

    lake = lake(shop);
    assertThat(rows(lake, "predictions/shop")).isEqualTo(without(predictions, 1));
    assertThat(rows(lake, "features/shop")).isEqualTo(without(features, 1));
    receiptTellsAllAndNothing(lake, versions);
    nothingIsStale(shop);
    whatWasLearnedIsTold(shop, version);
    thePersonDoesNotComeBack(shop);
    trainingAgainIsAsTheSpecSays(shop, version);
    aVacuumGoesOn(shop);
  }

  /** The folder of a branch of which no record tells any more. */
  private static Path leftByAKilledDrop(Shop shop) throws IOException {
    Path left = shop.lakeFolder.resolve("_branches/gone");
    String raw =
        filesWith(shop.lakeFolder, PERSON).stream()
            .filter(file -> file.startsWith("raw/"))
            .findFirst()
            .orElseThrow();
    Path copy = left.resolve(raw);
    Files.createDirectories(copy.getParent());
    Files.copy(shop.lakeFolder.resolve(raw), copy);
    return left;
  }

  private static void receiptTellsAllAndNothing(Lake lake, Map<String, Long> versions) {
    List<Map<String, Object>> receipts = new SmallTable(lake, Receipts.definition()).rows();
    Map<String, Map<String, Object>> erased = new TreeMap<>();
    receipts.stream()
        .filter(row -> row.get("step").equals("erased"))
        .forEach(row -> erased.put((String) row.get("table"), row));
    assertThat(erased)
        .containsKeys(
            "raw/shop_visits", "features/shop", "predictions/shop", "profiles", "scored/shop");
    erased.forEach(
        (table, row) -> {
          long before = (Long) row.get("version_before");
          assertThat(before).as(table).isEqualTo(versions.get(table));
          assertThat((Long) row.get("version")).as(table).isGreaterThan(before);
          assertThat(row.get("reason")).isEqualTo("request 31");
          assertThatThrownBy(() -> PastVersion.of(lake, table, before))
              .isInstanceOf(DataException.class)
              .hasMessageStartingWith(table + "@" + before + ": can't be opened any more: ")
              .hasMessageEndingWith("; the oldest version is " + row.get("version"));
        });
    assertThat(erased.get("features/shop").get("rows")).isEqualTo(1L);
    assertThat(erased.get("quarantine/shop_visits").get("rows")).isEqualTo(1L);
    assertThat(receipts).filteredOn(row -> row.get("step").equals("searched")).hasSize(1);
    assertThat(receipts.toString()).doesNotContain(PERSON, "1007");
    assertThat(new SmallTable(lake, Tombstones.definition()).rows().toString())
        .doesNotContain(PERSON, "1007");
  }

  /** Runs keep their ids, so that the same commands again do nothing. */
  private static void nothingIsStale(Shop shop) {
    try (Work work = open(shop, Map.of())) {
      assertThat(StaleDates.of(work, LocalDate.MIN, LocalDate.MAX)).isEmpty();
      Map<String, Long> before = Shop.versions(work.lake());
      new IngestJob(work, D1).run();
      new ValidateJob(work, D1).run();
      new FeaturesJob(work).ofDate(D1);
      new ScoreJob(work, D1).run();
      new ReleaseJob(work, D1).run();
      assertThat(Shop.versions(work.lake())).isEqualTo(before);
    }
  }

  private static void whatWasLearnedIsTold(Shop shop, String version) {
    shop.said();
    try (Work work = open(shop, Map.of())) {
      Lists.horizon(
          work.lake(),
          new SmallTable(work.lake(), ResultTables.models()).rows(),
          Rules.USUAL,
          work.console());
      assertThat(shop.said())
          .containsPattern(
              version + " .*not reproducible: features/shop@\\d+: a person was erased");
      assertThatThrownBy(() -> ReproduceVerb.run(version, work.lake(), work.console()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("a person was erased on 20");
      TrainingInputs left = TrainingInputs.left(work, new ModelLibrary(work).named(version));
      assertThat(LabelledRows.of(work, left).rows().toJSON().collectAsList())
          .as("what it is compared with from now on")
          .hasSizeGreaterThan(100)
          .noneMatch(row -> row.contains(PERSON));
    }
  }

  private static void thePersonDoesNotComeBack(Shop shop) throws IOException {
    Shop.write(
        shop.data.resolve("visits-2026-03-02-again.csv"),
        "visit,day,pages,minutes,channel\n%s,2026-03-02,7,3.5,web\nC1999X,2026-03-02,7,3.5,web\n%s,2026-03-02,many,1,web\n"
            .formatted(PERSON, PERSON));
    shop.said();
    try (Work work = open(shop, Map.of())) {
      new IngestJob(work, D2).run();
      assertThat(shop.said()).contains("1 of erased persons left out").doesNotContain("quarantine");
      PinnedTable seen = work.raw("shop_visits");
      assertThat(seen.read().where("visit = 'C1999X'").count()).isEqualTo(1);
      assertThat(filesWith(shop.lakeFolder, PERSON)).isEmpty();
    }
    assertThatThrownBy(
            () -> {
              try (Work work = shop.open()) {
                work.raw("shop_visits");
              }
            })
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("persons were erased from this lake: MILLRACE_ERASURE_KEY isn't set");
  }

  private static void trainingAgainIsAsTheSpecSays(Shop shop, String version) {
    try (Work work = open(shop, Map.of())) {
      assertThat(TrainingInputs.latest(work, D1).version()).isEqualTo(version);
    }
    try (Work work = open(shop, Map.of("erase.models", "retrain"))) {
      new TrainJob(work, D1).run();
      String anew = TrainingInputs.latest(work, D1).version();
      assertThat(anew).isNotEqualTo(version);
      assertThat(new ModelLibrary(work).row(anew)).isPresent();
    }
  }

  /** What has come and gone since is freed, though logs don't begin with the first version. */
  private static void aVacuumGoesOn(Shop shop) {
    Lake lake = lake(shop);
    TestSpark.session().sql("optimize delta.`" + lake.path("profiles") + "`").collect();
    Rules none = new Rules(Duration.ZERO, Duration.ZERO);
    Vacuum vacuum = new Vacuum(lake, none, new Retention(lake));
    Vacuum.Plan plan = vacuum.plan();
    assertThat(plan.tables())
        .as("logs that begin where the erasure ended, and nowhere before")
        .noneMatch(table -> table.why().startsWith("left alone"));
    vacuum.delete(plan);
    for (String table : lake.tables()) {
      assertThat(lake.latest(table).orElseThrow().missingFiles()).as(table).isEmpty();
    }
    assertThat(TableFolder.list(lake, "profiles"))
        .extracting(TableFolder.FoundFile::name)
        .containsExactlyInAnyOrderElementsOf(lake.latest("profiles").orElseThrow().names());
  }

  @Test
  void anErasureThatWasKilledIsEndedByTheNext() throws IOException {
    Shop shop = new Shop().days(0, 2);
    features(shop);
    List<String> features = rows(lake(shop), "features/shop");
    for (String step :
        List.of(
            "tombstone",
            "rewritten profiles",
            "forgotten features/shop",
            "rewritten raw/shop_visits")) {
      assertThatThrownBy(
              () ->
                  erase(
                      shop,
                      asked("1007", "", false, true),
                      done -> {
                        if (done.equals(step)) {
                          throw new IllegalStateException("killed after " + done);
                        }
                      }))
          .hasMessage("killed after " + step);
    }
    // Half a file, as a process leaves that is killed while it writes.
    Path torn = shop.lakeFolder.resolve("features/shop/date=2026-03-02/part-torn.parquet");
    Files.writeString(torn, "PAR1");
    Path model = shop.lakeFolder.resolve("models/shop/0123456789ab/torn.parquet");
    Shop.write(model, "PAR1");
    assertThat(erase(shop, asked("1007", "", false, true))).isEqualTo(10);
    assertThat(shop.said()).contains("part-torn.parquet (can't be read)");
    assertThat(model).as("nobody knows whether it holds the person").exists();
    Files.delete(model);
    Files.setLastModifiedTime(torn, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    assertThat(erase(shop, asked("1007", "", false, true))).isZero();
    assertThat(torn).doesNotExist();
    Lake lake = lake(shop);
    assertThat(rows(lake, "features/shop"))
        .isEqualTo(features.stream().filter(row -> !row.contains("\"visit\":1007,")).toList())
        .hasSize(features.size() - 1);
    for (String table : List.of("raw/shop_visits", "raw/shop_sales", "features/shop")) {
      // All files that are there, of whatever version.
      assertThat(
              TestSpark.session()
                  .read()
                  .option("recursiveFileLookup", "true")
                  .option("pathGlobFilter", "part-*")
                  .parquet(shop.lakeFolder.resolve(table).toString())
                  .where("visit = 1007")
                  .count())
          .as(table)
          .isZero();
      assertThat(lake.latest(table).orElseThrow().missingFiles()).isEmpty();
    }
    // A number's measures are made anew too: its extremes and frequent values are of those who
    // stay.
    assertThat(profileOf(lake, "raw/shop_visits", "visit"))
        .allMatch(row -> (Long) row.get("rows") < 121);
    assertThat(rows(lake, "erasures").toString()).contains("searched");
    assertThat(
            Tombstones.of(lake, KEY).concern(lake.latest("raw/shop_visits").orElseThrow().schema()))
        .isTrue();
  }

  private static List<Map<String, Object>> profileOf(Lake lake, String table, String column) {
    List<Map<String, Object>> found =
        new SmallTable(lake, ResultTables.profiles())
            .rows().stream()
                .filter(row -> table.equals(row.get("table")) && column.equals(row.get("column")))
                .toList();
    assertThat(found).isNotEmpty();
    assertThat(found.stream().filter(row -> row.get("slice_column") == null))
        .anyMatch(row -> (Long) row.get("rows") == 119)
        .noneMatch(row -> row.get("top_values").toString().contains("\"1007\""));
    return found;
  }

  /** The same value in another column, in names of files, in others' texts, in what is measured. */
  @Test
  void aPersonUnderTwoColumnsGoesByBoth() throws IOException {
    Shop shop = shop();
    Path called = shop.data.resolve("visits-2026-03-02-of-" + PERSON + ".csv");
    Shop.write(
        called,
        "visit,day,pages,minutes,channel\nC1901X,2026-03-02,3,3.5,ask %s again\nC1902Q,2026-03-02,many,3.5,web\n"
            .formatted(PERSON));
    try (Work work = open(shop, Map.of())) {
      new IngestJob(work, D1).run();
      new ValidateJob(work, D1).run();
    }
    Lake lake = lake(shop);
    table(
        lake,
        "raw/orders",
        "select 'run' run_id, '%s' client, 'of %s' note".formatted(PERSON, PERSON));
    // Of a slice that isn't there any more, and of rows that another tool has taken out.
    profileOfAGoneSlice(lake);
    foreign(
        lake, "delete from delta.`%s` where visit = '%s'", lake.path("raw/shop_visits"), PERSON);
    shop.said();

    assertThat(erase(shop, asked(PERSON, "", false, true))).isEqualTo(10);
    assertThat(shop.said())
        .contains("raw/orders: a cell is the very value, in a column that isn't visit.")
        .contains("say --mention raw/orders");
    assertThat(filesWith(shop.lakeFolder, PERSON))
        .isNotEmpty()
        .allMatch(f -> f.startsWith("raw/orders/"));
    assertThat(rows(lake(shop), "raw/orders").toString()).contains(PERSON, "of (erased)");

    assertThat(erase(shop, named("client", List.of()))).isZero();
    assertThat(erase(shop, asked(PERSON, "", false, true))).isZero();
    lake = lake(shop);
    assertThat(filesWith(shop.lakeFolder, PERSON)).isEmpty();
    assertThat(rows(lake, "raw/orders")).isEmpty();
    assertThat(rows(lake, "raw/shop_visits").toString()).contains("ask (erased) again");
    assertThat(rows(lake, "profiles").toString()).doesNotContain("gone-slice");
    aFileWhoseNameIsErasedIsKnown(shop);
    aMendedRowMayBeOfThePerson(shop);
  }

  private static void table(Lake lake, String name, String query) {
    lake.spark().sql(query).write().format("delta").save(lake.path(name).toString());
  }

  private static void foreign(Lake lake, String statement, Object... values) {
    lake.spark().sql(statement.formatted(values)).collect();
  }

  private static void profileOfAGoneSlice(Lake lake) {
    String profiles = "delta.`" + lake.path("profiles") + "`";
    lake.spark()
        .sql("select * from " + profiles + " where table = 'raw/shop_visits' limit 1")
        .withColumn("slice_run_id", org.apache.spark.sql.functions.lit("gone-slice"))
        .write()
        .format("delta")
        .mode("append")
        .save(lake.path("profiles").toString());
    assertThat(rows(lake, "profiles").toString()).contains("gone-slice");
  }

  /** Else its other rows would come in twice. */
  private static void aFileWhoseNameIsErasedIsKnown(Shop shop) {
    try (Work work = open(shop, Map.of())) {
      long before = work.lake().latest("raw/shop_visits").orElseThrow().version();
      assertThat(rows(work.lake(), "files").toString()).contains("of-(erased).csv");
      new IngestJob(work, D1).run();
      assertThat(work.lake().latest("raw/shop_visits").orElseThrow().version()).isEqualTo(before);
    }
  }

  private static void aMendedRowMayBeOfThePerson(Shop shop) throws IOException {
    Path mended = shop.folder.resolve("mended.csv");
    try (Work work = open(shop, Map.of())) {
      String refused =
          work.lake()
              .latest("quarantine/shop_visits")
              .orElseThrow()
              .read()
              .where("row like '%C1902Q%'")
              .first()
              .getAs("_row_id");
      Shop.write(
          mended,
          "row_id,visit,day,pages,minutes,channel\n%s,%s,2026-03-02,9,3.5,web\n"
              .formatted(refused, PERSON));
      assertThat(new Mending(work, "shop_visits", D1).retry(mended)).isZero();
      assertThat(filesWith(shop.lakeFolder, PERSON)).isEmpty();
      Shop.write(mended, Shop.read(mended).replace(PERSON, "C1902X"));
      assertThat(new Mending(work, "shop_visits", D1).retry(mended)).isOne();
    }
  }

  @Test
  void whatOnlyMentionsThePersonIsSaidSo() throws IOException {
    Shop shop = shop();
    try (Work work = open(shop, Map.of())) {
      new IngestJob(work, D1).run();
    }
    Lake lake = lake(shop);
    table(lake, "raw/orders", "select 'run' run_id, 'C1X' client, '%s' referrer".formatted(PERSON));
    table(lake, "raw/flags", "select true visit, 1 n");
    assertThatThrownBy(() -> erase(shop, asked(PERSON, "", true, false)))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("raw/flags: column visit is of type boolean;");
    shop.said();
    assertThat(erase(shop, named("visit", List.of("raw/orders"), "raw/flags"))).isZero();
    assertThat(rows(lake(shop), "raw/orders").toString()).contains("\"referrer\":\"(erased)\"");
    assertThat(filesWith(shop.lakeFolder, PERSON)).isEmpty();
  }

  @Test
  void aTableThatNobodyCanOpenIsSearchedToo() throws IOException {
    Shop shop = shop();
    try (Work work = open(shop, Map.of())) {
      new IngestJob(work, D1).run();
    }
    // One whose first writer was killed, and one of a reader that is to come.
    Files.createDirectories(shop.lakeFolder.resolve("raw/begun/_delta_log"));
    Path commit = shop.lakeFolder.resolve("strange/_delta_log/%020d.json".formatted(0));
    String features = "[\"unheardOf\"]";
    Files.createDirectories(commit.getParent());
    Shop.write(
        commit,
        "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":%s,\"writerFeatures\":%s}}\n"
                .formatted(features, features)
            + "{\"metaData\":{\"id\":\"0\",\"format\":{\"provider\":\"parquet\",\"options\":{}},\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[]}\",\"partitionColumns\":[],\"configuration\":{}}}\n");
    assertThat(erase(shop, asked("C1002Q", "", true, false))).isZero();
    Files.writeString(
        commit,
        "{\"commitInfo\":{\"userMetadata\":\"%s\"}}\n".formatted(PERSON),
        java.nio.file.StandardOpenOption.APPEND);

    assertThatThrownBy(() -> erase(shop, asked(PERSON, "", false, true)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "strange: files of it hold the person, and it can't be opened here; erase the person there by what writes it, and say --except strange");
    assertThat(erase(shop, named("visit", List.of(), "strange"))).isZero();
    assertThat(filesWith(shop.lakeFolder, PERSON)).hasSize(1).allMatch(f -> f.contains("strange"));
  }

  /** What a process that was killed left of a checkpoint bears no name of its own. */
  @Test
  void draftsOfParquetAreReadAsParquetAndGo() throws IOException {
    Shop shop = shop();
    try (Work work = open(shop, Map.of())) {
      new IngestJob(work, D1).run();
    }
    Path log = shop.lakeFolder.resolve("raw/shop_visits/_delta_log");
    Path data;
    try (var files = Files.walk(log.getParent())) {
      data = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    Path whole = log.resolve("..%020d.checkpoint.parquet.0a.0b.tmp".formatted(0));
    Path half = log.getParent().resolve("._5c");
    Files.copy(data, whole);
    Files.write(half, Arrays.copyOf(Files.readAllBytes(data), 100));
    Files.setLastModifiedTime(half, FileTime.from(Instant.now().minusSeconds(7200)));

    assertThat(erase(shop, asked(PERSON, "", false, true))).isZero();

    assertThat(whole).doesNotExist();
    assertThat(half).doesNotExist();
    assertThat(filesWith(shop.lakeFolder, PERSON)).isEmpty();
  }

  /** It wouldn't know of the tombstone. */
  @Test
  void aBranchThatIsMadeMeanwhileIsSeen() throws IOException {
    Shop shop = shop();
    try (Work work = open(shop, Map.of())) {
      new IngestJob(work, D1).run();
    }
    assertThatThrownBy(
            () ->
                erase(
                    shop,
                    asked(PERSON, "", false, true),
                    step -> {
                      if (step.equals("planned")) {
                        new Branches(lake(shop)).create("meanwhile");
                      }
                    }))
        .isInstanceOf(StoppedException.class)
        .hasMessageMatching("erasure [0-9a-f]{12}-1 isn't ended: branches read .*: meanwhile;.*");
    new Branches(lake(shop)).drop("meanwhile");
    assertThat(erase(shop, asked(PERSON, "", false, true))).isZero();
    assertThat(filesWith(shop.lakeFolder, PERSON)).isEmpty();
  }

  @Test
  void withoutTombstonesRawIsReadAsEver() {
    Shop shop = new Shop().days(0, 1);
    try (Work work = shop.open()) {
      new IngestJob(work, Shop.FIRST).run();
      PinnedTable raw = work.lake().latest("raw/shop_visits").orElseThrow();
      assertThat(work.raw("shop_visits")).isSameAs(raw);
    }
    assertThatThrownBy(() -> erase(shop, asked("1", "", false, false)))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("nothing was erased");
    new Branches(shop.open().lake()).create("trial");
    assertThatThrownBy(() -> erase(shop, asked("7", "", false, true)))
        .isInstanceOf(StoppedException.class)
        .hasMessageStartingWith(
            "nothing was erased: branches read what an erasure takes away: trial;");
    new Branches(shop.open().lake()).drop("trial");
    Place place = asked(PERSON, "", true, false).place();
    assertThatThrownBy(
            () ->
                erase(
                    shop,
                    new Erased(List.of("who=C1"), "", List.of(), List.of(), true, false, place)))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("--subject: no table of the lake has a column who");
    assertThatThrownBy(
            () ->
                erase(
                    shop,
                    new Erased(
                        List.of("visit=1"),
                        "",
                        List.of("raw/shop_visit"),
                        List.of(),
                        true,
                        false,
                        place)))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("did you mean raw/shop_visits?");
    assertThatThrownBy(() -> erase(shop, asked("C1007", "", true, false)))
        .isInstanceOf(SpecException.class)
        .hasMessageEndingWith("no value of column visit is written like that; its type is bigint");
    assertThatThrownBy(() -> erase(shop, asked("1007", "for 1007 by letter", false, true)))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("--reason names the person");
    assertThatThrownBy(() -> erase(shop, asked(PERSON, "it is " + PERSON, false, true)))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("--reason names the person");
    assertThatThrownBy(
            () ->
                EraseVerb.run(
                    asked("1007", "", true, false), lake(shop), Map.of(), shop.open().console()))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("openssl rand -hex 32");
  }

  /** A lake in which the person stands wherever a person can. */
  private static String lived(Shop shop) {
    String version;
    try (Work work = open(shop, Map.of())) {
      version = new Chains(work).train(D1).version();
      new Chains(work).daily(D1);
    }
    return version;
  }

  private static Shop shop() throws IOException {
    Shop shop = new Shop().days(0, 3);
    Shop.write(shop.spec, SPEC);
    try (Stream<Path> files = Files.list(shop.data)) {
      for (Path file : files.toList()) {
        Files.writeString(
            file,
            Pattern.compile("(?m)^(\\d+),").matcher(Files.readString(file)).replaceAll("C$1X,"));
      }
    }
    Shop.write(
        shop.data.resolve("visits-2026-03-02-more.csv"),
        "visit,day,pages,minutes,channel\n"
            + PERSON
            + ",2026-03-02,many,3.5,web\nC1900X,2026-03-02,3,3.5,web\n");
    return shop;
  }

  private static void features(Shop shop) {
    try (Work work = open(shop, Map.of())) {
      new IngestJob(work, D1).run();
      new ValidateJob(work, D1).run();
      new FeaturesJob(work).ofDate(D1);
    }
  }

  private static Work open(Shop shop, Map<String, String> overrides) {
    return shop.open(overrides, Console.Format.TEXT, KEY);
  }

  private static Lake lake(Shop shop) {
    return Lake.open(shop.lakeFolder.toString(), TestSpark::session);
  }

  private static Erased asked(String visit, String reason, boolean dryRun, boolean yes) {
    Place place = new Place(Path.of("conf"), "local", Optional.empty(), Map.of());
    return new Erased(List.of("visit=" + visit), reason, List.of(), List.of(), dryRun, yes, place);
  }

  private static Erased named(String column, List<String> mention, String... except) {
    Place place = new Place(Path.of("conf"), "local", Optional.empty(), Map.of());
    return new Erased(
        List.of(column + "=" + PERSON), "", List.of(except), mention, false, true, place);
  }

  private static int erase(Shop shop, Erased asked) {
    return erase(shop, asked, step -> {});
  }

  private static int erase(Shop shop, Erased asked, Consumer<String> after) {
    try (Work work = open(shop, Map.of())) {
      return EraseVerb.run(asked, lake(shop), KEY, work.console(), after);
    }
  }

  private static List<String> rows(Lake lake, String table) {
    return lake.latest(table).orElseThrow().read().toJSON().collectAsList().stream()
        .sorted()
        .toList();
  }

  private static List<String> without(List<String> rows, int fewer) {
    List<String> kept = rows.stream().filter(row -> !row.contains(PERSON)).toList();
    assertThat(kept).hasSize(rows.size() - fewer);
    return kept;
  }

  /** The obvious search: each file as the texts of its rows, or as it is. */
  private static List<String> filesWith(Path folder, String value) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean rows = file.toString().endsWith(".parquet");
        String text =
            rows ? texts(file) : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (text.contains(value)) {
          found.add(folder.relativize(file).toString());
        }
      }
    }
    return found;
  }

  /** By settings that are read once, not once a file. */
  private static final class GroupReader extends ParquetReader.Builder<Group> {

    private static final Configuration HADOOP = HadoopSettings.ours();

    GroupReader(Path file) throws IOException {
      super(HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toString()), HADOOP));
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }

  private static String texts(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    try (ParquetReader<Group> rows = new GroupReader(file).build()) {
      for (Group row = rows.read(); row != null; row = rows.read()) {
        text.append(row);
        if (row.getType().containsField("sketch") && row.getFieldRepetitionCount("sketch") > 0) {
          byte[] state = Base64.getDecoder().decode(row.getString("sketch", 0));
          text.append(new String(state, StandardCharsets.ISO_8859_1));
        }
      }
    }
    return text.toString();
  }
}
