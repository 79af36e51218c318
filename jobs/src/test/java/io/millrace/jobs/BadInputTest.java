package io.millrace.jobs;

import static io.millrace.jobs.BadShop.D0;
import static io.millrace.jobs.BadShop.D2;
import static io.millrace.jobs.BadShop.D3;
import static io.millrace.jobs.BadShop.DATA;
import static io.millrace.jobs.BadShop.STOPPED;
import static io.millrace.jobs.BadShop.TRAINED;
import static io.millrace.jobs.BadShop.UNAVAILABLE;
import static io.millrace.jobs.BadShop.VISITS;
import static io.millrace.jobs.BadShop.WARNED;
import static io.millrace.jobs.BadShop.assertFault;
import static io.millrace.jobs.BadShop.copy;
import static io.millrace.jobs.BadShop.daily;
import static io.millrace.jobs.BadShop.edit;
import static io.millrace.jobs.BadShop.edited;
import static io.millrace.jobs.BadShop.withoutNewSales;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.MillraceException;
import io.millrace.TestSpark;
import io.millrace.table.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What a person is told of bad data: whole messages, and nothing half-written. */
class BadInputTest {

  @Test
  void aFileThatIsMissingOrEmptyStopsBeforeAnySourceIsTakenIn() {
    assertFault(
        edited(new Shop().days(0, 1), "visits-{date}", "visitz-{date}"),
        DATA,
        "$D/data/visitz-{date}.csv: no file matches; file:$D/data holds"
            + " sales-2026-03-02.csv, visits-2026-03-01.csv",
        BadShop::ingest);
    Shop empty = new Shop().days(0, 1);
    edit(empty, VISITS, text -> "");
    assertFault(
        empty,
        DATA,
        "file:$D/data/visits-2026-03-01.csv: the file is empty (0 bytes); bring it again, or take"
            + " it away",
        BadShop::ingest);
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
        BadShop::ingest);
    Shop.write(other.data.resolve("sales-2026-03-02.csv"), "visit,bought,bought\n1,yes,no\n");
    assertFault(
        other,
        DATA,
        "file:$D/data/sales-2026-03-02.csv: columns 2 (bought) and 3 (bought) are both named"
            + " bought; give other names in `columns`",
        BadShop::ingest);
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
    assertThat(WARNED).contains(", 5 to quarantine/shop_visits");
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
    assertThat(WARNED.lines().filter(line -> line.startsWith("warning: ")))
        .containsExactly(
            "warning: feature country is left out of the model: constant",
            "warning: feature weight is left out of the model: no values");
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
        BadShop::daily);
    Shop retyped =
        edited(
            withoutNewSales(copy()),
            "    time: day\n",
            "    time: day\n    schema-change: {retyped: add}\n");
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
        BadShop::daily);
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
        BadShop::ingest);
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
}
