package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.MillraceException;
import io.millrace.TestSpark;
import io.millrace.table.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a person is told of bad specs and bad data: whole messages, and nothing half-written. */
class BadInputTest {

  private static final int SPEC = 2;
  private static final int DATA = 3;
  private static final int UNAVAILABLE = 4;
  private static final int STOPPED = 10;

  private static final LocalDate D0 = Shop.FIRST;
  private static final LocalDate D2 = Shop.FIRST.plusDays(2);
  private static final LocalDate D3 = Shop.FIRST.plusDays(3);
  private static final String VISITS = "visits-" + D0 + ".csv";

  /** Three days taken in and trained on; a constant and an empty feature among the others. */
  private static final Shop TRAINED = new Shop();

  private static String warned;

  @BeforeAll
  static void train() {
    TRAINED.days(0, 4);
    for (LocalDate day = D0; !day.isAfter(D3); day = day.plusDays(1)) {
      edit(
          TRAINED,
          "visits-" + day + ".csv",
          text ->
              text.replaceAll("(?m)(?<=.)$", ",NL,").replaceFirst(",NL,\n", ",country,weight\n"));
    }
    edit(
        TRAINED,
        VISITS,
        text ->
            text
                + """
                801,2026-03-01,NaN,1.0,web,NL,
                802,2026-03-01,3,Infinity,web,NL,
                803,2026-03-01,3,-Infinity,web,NL,
                804,2026-03-01,0,-0.0,web,NL,
                805,2026-03-01,-0.0,0,web,NL,
                806,2026-03-01,three,1.0,web,NL,
                807,2026-03-41,3,1.0,web,NL,
                808,2026-03-01,3,1.0,web
                ,2026-03-01,3,1.0,web,NL,
                809,2026-03-01,3,1.0,web,NL,
                809,2026-03-01,3,1.0,web,NL,
                """);
    Shop.write(
        TRAINED.spec,
        Shop.SPEC
            .replace(
                "types: {visit: long}\n",
                "types: {visit: long, day: date, pages: double, weight: double}\n")
            .replace("channel]\n  expr", "channel, country, weight]\n  expr"));
    try (Work work = TRAINED.open()) {
      new Chains(work).train(D2);
    }
    warned = TRAINED.said();
  }

  /** A shop of its own with the trained one's files, lake and spec. */
  private static Shop copy() {
    Shop shop = new Shop();
    try {
      Files.walkFileTree(
          TRAINED.folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes of)
                throws IOException {
              Files.createDirectories(there(folder));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes of) throws IOException {
              Files.copy(
                  file,
                  there(file),
                  StandardCopyOption.REPLACE_EXISTING,
                  StandardCopyOption.COPY_ATTRIBUTES);
              return FileVisitResult.CONTINUE;
            }

            private Path there(Path path) {
              return shop.folder.resolve(TRAINED.folder.relativize(path));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shop;
  }

  private static void edit(Shop shop, String file, UnaryOperator<String> change) {
    Path path = shop.data.resolve(file);
    try {
      Shop.write(path, change.apply(Files.readString(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Shop edited(Shop shop, String from, String to) {
    try {
      String text = Files.readString(shop.spec);
      assertThat(text).contains(from);
      Shop.write(shop.spec, text.replace(from, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shop;
  }

  /** The fault that a command ends with, after which all tables are what they were. */
  private static void assertFault(Shop shop, int exitCode, String message, Consumer<Work> command) {
    Lake lake = Lake.open(shop.lakeFolder.toString(), TestSpark::session);
    Map<String, Long> before = Shop.versions(lake);
    MillraceException fault =
        catchThrowableOfType(
            MillraceException.class,
            () -> {
              try (Work work = shop.open()) {
                command.accept(work);
              }
            });
    assertThat(fault).isNotNull();
    assertThat(withoutHashes(fault.getMessage().replace(shop.folder.toString(), "$D")))
        .isEqualTo(message);
    assertThat(fault.exitCode()).isEqualTo(exitCode);
    assertThat(fault.getMessage().lines().count()).isLessThanOrEqualTo(3);
    assertThat(Shop.versions(lake)).isEqualTo(before);
  }

  private static String withoutHashes(String message) {
    return message.replaceAll("\\b[0-9a-f]{12}/", "#/").replaceAll(" [0-9a-f]{8}…", " #…");
  }

  /** Sources are taken in one by one, sales first; none is to be new here. */
  private static Shop withoutNewSales(Shop shop) {
    assertThat(shop.data.resolve("sales-" + D3 + ".csv").toFile().delete()).isTrue();
    return shop;
  }

  private static void ingest(Work work) {
    new IngestJob(work, D2).run();
  }

  private static void features(Work work) {
    new FeaturesJob(work).forTraining(D2);
  }

  private static void daily(Work work) {
    new Chains(work).score(D3);
  }

  @Test
  void aSpecIsCheckedBeforeAnythingIsDone() {
    assertFault(
        edited(new Shop(), "learning-rate", "lerning-rate"),
        SPEC,
        "$D/shop.yaml: train.algorithm.lerning-rate: unknown key; did you mean learning-rate?",
        BadInputTest::ingest);
    assertFault(
        edited(new Shop(), "rounds: 10", "rounds: many"),
        SPEC,
        "$D/shop.yaml: train.algorithm.rounds: expected a whole number, found \"many\"",
        BadInputTest::ingest);
  }

  @Test
  void aFileThatIsMissingOrEmptyStopsBeforeAnySourceIsTakenIn() {
    assertFault(
        edited(new Shop().days(0, 1), "visits-{date}", "visitz-{date}"),
        DATA,
        "$D/data/visitz-{date}.csv: no file matches; file:$D/data holds"
            + " sales-2026-03-02.csv, visits-2026-03-01.csv",
        BadInputTest::ingest);
    Shop empty = new Shop().days(0, 1);
    edit(empty, VISITS, text -> "");
    assertFault(
        empty,
        DATA,
        "file:$D/data/visits-2026-03-01.csv: the file is empty (0 bytes); bring it again, or take"
            + " it away",
        BadInputTest::ingest);
  }

  @Test
  void aHeaderWithoutADeclaredColumnOrWithOneTwiceIsRefused() {
    Shop other = new Shop().days(0, 1);
    Shop.write(other.data.resolve("sales-2026-03-02.csv"), "vist,bought\n1,yes\n");
    assertFault(
        other,
        DATA,
        "file:$D/data/sales-2026-03-02.csv: no column visit, which the source declares; the"
            + " nearest is vist",
        BadInputTest::ingest);
    Shop.write(other.data.resolve("sales-2026-03-02.csv"), "visit,bought,bought\n1,yes,no\n");
    assertFault(
        other,
        DATA,
        "file:$D/data/sales-2026-03-02.csv: columns 2 (bought) and 3 (bought) are both named"
            + " bought; give other names in `columns`",
        BadInputTest::ingest);
  }

  @Test
  void aLakeThatCannotBeWrittenIsUnavailable() {
    Shop shop = new Shop();
    Lake lake = Lake.open(shop.spec.resolve("lake").toString(), TestSpark::session);
    MillraceException fault = catchThrowableOfType(MillraceException.class, lake::requireWritable);
    assertThat(fault.exitCode()).isEqualTo(UNAVAILABLE);
    assertThat(fault)
        .hasMessage(
            "lake "
                + shop.spec
                + "/lake: can't be written to (Parent path is not a directory: file:"
                + shop.spec
                + "); give a folder of yours by --lake, or mend its permissions");
  }

  @Test
  void rowsThatCannotBeTakenStandInQuarantineWithTheirReason() {
    Lake lake = Lake.open(TRAINED.lakeFolder.toString(), TestSpark::session);
    List<Row> rows =
        lake.latest("quarantine/shop_visits")
            .orElseThrow()
            .read()
            .select("_file", "column", "value", "rule", "reason")
            .orderBy("rule", "value")
            .collectAsList();
    assertThat(rows)
        .extracting(row -> row.mkString(" | "))
        .containsExactly(
            "visits-2026-03-01.csv | day | 2026-03-41 | cast | not a DATE",
            "visits-2026-03-01.csv | pages | three | cast | not a DOUBLE",
            "visits-2026-03-01.csv | visit | null | key | key is null",
            "visits-2026-03-01.csv | visit | 809 | key | duplicate key, the same row again",
            "visits-2026-03-01.csv | null | null | parse | 5 fields where the header has 7");
    assertThat(warned).contains(", 5 to quarantine/shop_visits");
    assertThat(
            lake.latest("runs").orElseThrow().read().where("rows_quarantined > 0").collectAsList())
        .singleElement()
        .extracting(row -> (Long) row.getAs("rows_quarantined"))
        .isEqualTo(5L);
  }

  @Test
  void whatIsNoNumberIsAFeatureAllTheSame() {
    Lake lake = Lake.open(TRAINED.lakeFolder.toString(), TestSpark::session);
    assertThat(
            lake.latest("features/shop")
                .orElseThrow()
                .read()
                .where("visit > 800 and visit < 806")
                .select("visit", "pages", "minutes", "speed")
                .orderBy("visit")
                .collectAsList())
        .extracting(Row::toString)
        .containsExactly(
            "[801,NaN,1.0,NaN]",
            "[802,3.0,Infinity,0.0]",
            "[803,3.0,-Infinity,-0.0]",
            "[804,0.0,-0.0,null]",
            "[805,-0.0,0.0,null]");
  }

  @Test
  void aFeatureThatSaysNothingIsDroppedWithAWarning() {
    assertThat(warned.lines().filter(line -> line.startsWith("warning: ")))
        .containsExactly(
            "warning: feature country is left out of the model: constant",
            "warning: feature weight is left out of the model: no values");
  }

  @Test
  void featuresThatCannotBeMadeAreRefused() {
    String place = "features.expressions.speed: `";
    assertFeatures(
        "pages / minutes",
        "pages / / minutes",
        place + "pages / / minutes` can't be read: Syntax error at or near '/'. (line 1, pos 8)");
    assertFeatures(
        "pages / minutes",
        "pages / minuts",
        place + "pages / minuts` can't be read: there is no column minuts; did you mean minutes?");
    assertFeatures(
        "pages / minutes",
        "squareroot(pages)",
        place + "squareroot(pages)` can't be read: Cannot resolve routine `squareroot`");
    assertFeatures(
        "pages / minutes",
        "sum(pages)",
        place
            + "sum(pages)` looks beyond its row; an expression gives one value of one row, without"
            + " aggregate, window or explode");
    assertFeatures(
        "pages / minutes",
        "explode(array(pages))",
        place
            + "explode(array(pages))` looks beyond its row; an expression gives one value of one"
            + " row, without aggregate, window or explode");
    assertFeatures(
        "pages / minutes",
        "array(pages)",
        "features: speed is of type array<double>, which is no feature; make a number, a text or a"
            + " boolean of it");
    assertFeatures(
        "columns: [pages,",
        "columns: [pagez,",
        "features.columns: the source shop_visits has no column pagez; did you mean pages?");
    assertFeatures(
        "columns: [pages,",
        "columns: [day, pages,",
        "features: day is of type date, which is no feature; use its parts: date-parts: {day:"
            + " [month, day-of-week]}");
    assertFeatures(
        "  expressions",
        "  exclude: [minuts]\n  expressions",
        "features.exclude: the source shop_visits has no column minuts; did you mean minutes?");
    assertFeatures(
        "slices: [channel]",
        "slices: [chanel]",
        "evaluate.slices: the source shop_visits has no column chanel; did you mean channel?");
    assertFeatures(
        "entity: [visit]",
        "entity: [vizit]",
        "$D/shop.yaml: entity[0]: vizit is not in the key of shop_visits; did you mean visit?");
  }

  private static void assertFeatures(String from, String to, String message) {
    Shop shop = edited(copy(), from, to);
    deleteTable(shop, "features/shop");
    assertFault(shop, SPEC, message, BadInputTest::features);
  }

  private static void deleteTable(Shop shop, String name) {
    try {
      Files.move(shop.lakeFolder.resolve(name), shop.folder.resolve("gone"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void labelsThatCannotTeachAreRefused() {
    Shop unknown = edited(copy(), "positive: \"yes\"", "positive: \"sure\"");
    deleteTable(unknown, "labels/shop");
    assertFault(
        unknown,
        DATA,
        "labels/shop: values that are neither positive nor negative: 'yes' (102 rows); expected"
            + " 'sure' or 'no'; mend the data, or add them to the source's nulls",
        work -> new LabelJob(work, D2).run());
    Shop column = edited(copy(), "column: bought", "column: bougt");
    deleteTable(column, "labels/shop");
    assertFault(
        column,
        SPEC,
        "label: the source has no column bougt; did you mean bought?",
        work -> new LabelJob(work, D2).run());
    Shop one = new Shop().days(0, 1);
    edit(one, "sales-2026-03-02.csv", text -> text.replace("yes", "no"));
    try (Work work = one.open()) {
      new IngestJob(work, D2).run();
      new LabelJob(work, D2).run();
      new FeaturesJob(work).forTraining(D2);
    }
    assertFault(
        one,
        DATA,
        "labels/shop: every label is 'no'; a model needs two classes at the least: check label:"
            + " in the spec, or wait for more outcomes",
        work -> new TrainJob(work, D2).run());
  }

  @Test
  void datesBeforeAnyDataAreRefused() {
    assertFault(
        TRAINED,
        DATA,
        "features/shop: there are none up to 2026-02-01; run `millrace run shop --date"
            + " 2026-02-01`",
        work -> new Chains(work).train(D0.minusMonths(1)));
    assertFault(
        TRAINED,
        STOPPED,
        "shop: no model is in force at 2026-03-02; train and promote one: millrace run shop"
            + " --date 2026-03-02",
        work -> new ScoreJob(work, D0.plusDays(1)).run());
  }

  @Test
  void anEntityBeforeItsFirstSnapshotIsRefused() {
    Shop shop = edited(new Shop().days(2, 3), "per: event", "per: entity");
    edited(shop, "    time: day\n", "    load: snapshot\n");
    edited(shop, "visits-{date}", "visits-{date}");
    try (Work work = shop.open()) {
      new IngestJob(work, D2).run();
    }
    assertFault(
        shop,
        DATA,
        "raw/shop_visits: nothing is known yet on 2026-03-01; ask for the date of an ingest, or a"
            + " later one",
        work -> new FeaturesJob(work).ofDate(D0));
  }

  @Test
  void anEntityThatStandsTwiceAtADateIsRefused() {
    Shop shop = new Shop().days(0, 2);
    edit(shop, "visits-2026-03-02.csv", text -> text + "0,2026-03-01,3,4.0,web\n");
    try (Work work = shop.open()) {
      new IngestJob(work, D2).run();
    }
    assertFault(
        shop,
        DATA,
        "features/shop at 2026-03-01: visit=0 stands 2 times in shop_visits; one row per entity"
            + " and date is needed: mend the files, or widen entity:",
        work -> new FeaturesJob(work).forTraining(D2));
  }

  @Test
  void aCategoryThatIsNewIsScored() {
    Shop shop = copy();
    edit(shop, "visits-" + D3 + ".csv", text -> text.replace(",web,", ",telegraph,"));
    try (Work work = shop.open()) {
      daily(work);
    }
    Lake lake = Lake.open(shop.lakeFolder.toString(), TestSpark::session);
    assertThat(
            lake.latest("predictions/shop")
                .orElseThrow()
                .read()
                .where("probability > 0 and probability < 1")
                .count())
        .isEqualTo(120);
  }

  @Test
  void aColumnThatIsMissingOrRetypedAtScoringIsRefused() {
    Shop missing = withoutNewSales(copy());
    edit(
        missing, "visits-" + D3 + ".csv", text -> text.replaceAll("(?m),[^,\n]*,[^,\n]*,$", ",$0"));
    edit(missing, "visits-" + D3 + ".csv", text -> text.replaceFirst("minutes", "minits"));
    assertFault(
        missing,
        DATA,
        "file:$D/data/visits-2026-03-04.csv: no column minutes, which the table has; the nearest is"
            + " minits.\n"
            + "set schema-change: {missing: ignore} to take its rows with nulls",
        BadInputTest::daily);
    Shop retyped =
        edited(withoutNewSales(copy()), "    time: day\n", "    time: day\n    schema-change: {retyped: add}\n");
    edit(
        retyped,
        "visits-" + D3 + ".csv",
        text -> text.replaceAll("(?m)^(\\d+,[^,]*,[^,]*),[^,\n]*", "$1,long"));
    edit(
        retyped, "visits-" + D3 + ".csv", text -> text.replaceFirst("pages,long", "pages,minutes"));
    assertFault(
        retyped,
        DATA,
        "file:$D/data/visits-2026-03-04.csv: column minutes is a STRING, in the table a DOUBLE,"
            + " which has lost its text; declare types: {minutes: string}",
        BadInputTest::daily);
  }

  @Test
  void aFileThatChangedUnderItsNameIsRefused() {
    Shop shop = copy();
    edit(shop, VISITS, text -> text.replace("three", "threE"));
    long size = shop.data.resolve(VISITS).toFile().length();
    assertFault(
        shop,
        DATA,
        "sources.shop_visits: visits-2026-03-01.csv has changed since it was taken in ("
            + size
            + " bytes then, "
            + size
            + " now; SHA-256 #… then, #… now)\n"
            + "give changed rows in a file of a new name, or restore it; with `load: snapshot` a"
            + " file may change",
        BadInputTest::ingest);
  }

  @Test
  void aModelFileThatWasTamperedWithIsNotUsed() throws IOException {
    Shop shop = copy();
    try (var files = Files.walk(shop.lakeFolder.resolve("models/shop"))) {
      Path encoders =
          files.filter(file -> file.endsWith("encoders.json")).sorted().findFirst().orElseThrow();
      Files.writeString(encoders, Files.readString(encoders).replace("web", "wep"));
    }
    try (Work work = shop.open()) {
      new IngestJob(work, D3).run();
      new FeaturesJob(work).ofDate(D3);
    }
    assertFault(
        shop,
        DATA,
        "models/shop/#/baseline/encoders.json: was changed since it was written; restore it, or"
            + " train again",
        work -> new ScoreJob(work, D3).run());
  }

  @Test
  void aSourceOfAnotherPipelineMustBeReadAsThatOneReadsIt() {
    Shop shop = edited(copy(), "pipeline: shop", "pipeline: other");
    edited(shop, "kind: csv\n", "kind: csv\n    nulls: [web]\n");
    assertFault(
        shop,
        SPEC,
        "sources.shop_visits: pipeline shop took raw/shop_visits in by another reading (kind, key,"
            + " types, …) than other declares\ndeclare it as shop does, or under a name of its own;"
            + " where both were edited, first run `millrace ingest shop`",
        BadInputTest::ingest);
  }
}
