package io.millrace.jobs;

import static io.millrace.jobs.BadShop.D2;
import static io.millrace.jobs.BadShop.DATA;
import static io.millrace.jobs.BadShop.SPEC;
import static io.millrace.jobs.BadShop.assertFault;
import static io.millrace.jobs.BadShop.copy;
import static io.millrace.jobs.BadShop.edit;
import static io.millrace.jobs.BadShop.edited;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What a person is told of specs that are wrong, or that do not fit the data. */
class BadSpecTest {

  @Test
  void aSpecIsCheckedBeforeAnythingIsDone() {
    assertFault(
        edited(new Shop(), "learning-rate", "lerning-rate"),
        SPEC,
        "$D/shop.yaml: train.algorithm.lerning-rate: unknown key; did you mean learning-rate?",
        BadShop::ingest);
    assertFault(
        edited(new Shop(), "rounds: 10", "rounds: many"),
        SPEC,
        "$D/shop.yaml: train.algorithm.rounds: expected a whole number, found \"many\"",
        BadShop::ingest);
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
    assertFault(shop, SPEC, message, BadShop::features);
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
  void aSourceOfAnotherPipelineMustBeReadAsThatOneReadsIt() {
    Shop shop = edited(copy(), "pipeline: shop", "pipeline: other");
    edited(shop, "kind: csv\n", "kind: csv\n    nulls: [web]\n");
    assertFault(
        shop,
        SPEC,
        "sources.shop_visits: pipeline shop took raw/shop_visits in by another reading (kind, key,"
            + " types, …) than other declares\ndeclare it as shop does, or under a name of its own;"
            + " where both were edited, first run `millrace ingest shop`",
        BadShop::ingest);
  }
}
