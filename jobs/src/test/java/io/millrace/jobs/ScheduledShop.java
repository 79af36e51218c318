package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.branch.Branches;
import io.millrace.jobs.console.Console;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A lake to begin with: two models, a branch with a corrected label, files that nobody needs any
 * more; and what each of the models says of all visits, made in peace.
 */
final class ScheduledShop {

  static final int DAYS = 5;
  static final int VISITS = 100;
  static final List<LocalDate> DATES = Shop.FIRST.datesUntil(Shop.FIRST.plusDays(DAYS)).toList();

  private static final long VISIT = 7_340_000;

  /** Somebody who may be erased: a visit of the third day. */
  static final long PERSON = VISIT + 2007;

  /** A visit of the first day, the label of which is another one on the branch. */
  static final long RELABELLED = VISIT + 42;

  private static final String SPEC =
      Shop.SPEC
          .replace(
              "algorithm: {kind: xgboost, rounds: 10, depth: 3, learning-rate: 0.3}",
              "algorithm: {kind: logistic, iterations: 20}")
          .replace("  baseline: {kind: logistic}\n", "")
          .replace("value: 0.6", "value: 0.5");

  private final Shop shop = new Shop();
  private final List<String> models = new ArrayList<>();
  private final Map<String, Map<Long, Double>> expected = new TreeMap<>();
  private final Set<String> replaced;
  private final String relabelled;
  private final Instant made;
  private Map<Long, String> features = Map.of();

  ScheduledShop() {
    for (int i = 0; i < DAYS; i++) {
      shop.day(Shop.FIRST.plusDays(i), VISIT + i * 1000L, VISITS);
    }
    Shop.write(shop.spec, SPEC.replace("pages / minutes", "pages * minutes"));
    try (Work work = shop.open()) {
      new IngestJob(work, Shop.FIRST).run();
      new ValidateJob(work, Shop.FIRST).run();
      new FeaturesJob(work).ofDate(Shop.FIRST);
      replaced = work.lake().latest("features/shop").orElseThrow().names();
    }
    Shop.write(shop.spec, SPEC);
    try (Work work = shop.open()) {
      new FeaturesJob(work).ofRange(Shop.FIRST, List.of(Shop.FIRST));
    }
    for (int iterations : List.of(20, 3)) {
      String algorithm = "{kind: logistic, iterations: %d}".formatted(iterations);
      try (Work work = shop.open(Map.of("train.algorithm", algorithm))) {
        models.add(new Chains(work).train(Shop.FIRST.plusDays(1)).version());
      }
    }
    relabelled = relabel();
    made = Instant.now();
    models.forEach(this::expect);
    assertThat(expected.get(models.get(0))).hasSize(DAYS * VISITS);
    assertThat(expected.get(models.get(0))).isNotEqualTo(expected.get(models.get(1)));
  }

  /** Corrects a label on a branch that is a day ahead; yields what it is there. */
  private String relabel() {
    Lake main = shop.open().lake();
    new Branches(main).create(Schedule.BRANCH);
    Lake branch = new Branches(main).open(Schedule.BRANCH);
    try (Work work = shop.open(branch, Map.of(), Console.Format.TEXT)) {
      new IngestJob(work, Shop.FIRST.plusDays(2)).run();
      new ValidateJob(work, Shop.FIRST.plusDays(2)).run();
    }
    String now = labelled(main).equals(List.of("yes")) ? "no" : "yes";
    TestSpark.session()
        .sql(
            "update delta.`%s` set bought = '%s' where visit = %d"
                .formatted(branch.path("raw/shop_sales"), now, RELABELLED));
    assertThat(labelled(new Branches(main).open(Schedule.BRANCH))).containsExactly(now);
    assertThat(labelled(main)).doesNotContain(now).hasSize(1);
    return now;
  }

  /** What the raw data say of the visit that was relabelled. */
  static List<String> labelled(Lake lake) {
    return lake
        .latest("raw/shop_sales")
        .orElseThrow()
        .read()
        .where("visit = " + RELABELLED)
        .collectAsList()
        .stream()
        .map(row -> (String) row.getAs("bought"))
        .toList();
  }

  private void expect(String model) {
    Path twin = copy("twin-" + model);
    try (Work work =
        shop.open(Lake.open(twin.toString(), TestSpark::session), Map.of(), Console.Format.TEXT)) {
      // The promotions of the trainings count from the second date on.
      new PromoteJob(work, Shop.FIRST).to(model);
      new PromoteJob(work, Shop.FIRST.plusDays(1)).to(model);
      new Chains(work).backfill(DATES);
      expected.put(model, predictions(work.lake(), model));
      features = features(work.lake());
    }
  }

  Shop shop() {
    return shop;
  }

  List<String> models() {
    return List.copyOf(models);
  }

  /** Probability by visit, if it is one of the models that were there in the beginning. */
  Map<Long, Double> expected(String model) {
    return expected.getOrDefault(model, Map.of());
  }

  /** Features by visit. */
  Map<Long, String> features() {
    return features;
  }

  /** Files that nobody needs. */
  Set<String> replaced() {
    return replaced;
  }

  /** The label on the branch. */
  String relabelled() {
    return relabelled;
  }

  /** When all of it was there. */
  Instant made() {
    return made;
  }

  static Map<Long, Double> predictions(Lake lake, String model) {
    Map<Long, Double> found = new TreeMap<>();
    lake.latest("predictions/shop")
        .orElseThrow()
        .read()
        .where("model_version = '" + model + "'")
        .select("visit", "probability")
        .collectAsList()
        .forEach(row -> found.put(row.getLong(0), row.getDouble(1)));
    return found;
  }

  static Map<Long, String> features(Lake lake) {
    Map<Long, String> found = new TreeMap<>();
    PinnedTable table = lake.latest("features/shop").orElseThrow();
    for (var row : table.read().drop("run_id").collectAsList()) {
      String before = found.put((Long) row.getAs("visit"), row.toString());
      assertThat(before).as("features of a visit, twice").isNull();
    }
    return found;
  }

  /** A lake of its own, of the same age. */
  Path copy(String name) {
    Path to = shop.folder.resolve(name);
    Path from = shop.lakeFolder;
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        // Checksums are kept by the one file system and not by the other.
        if (!file.getFileName().toString().endsWith(".crc")
            || file.getParent().getFileName().toString().equals("_delta_log")) {
          Files.copy(
              file,
              to.resolve(from.relativize(file).toString()),
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return to;
  }

  /** Makes all files some hours older. */
  static void age(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Instant before = Files.getLastModifiedTime(file).toInstant();
        Files.setLastModifiedTime(file, FileTime.from(before.minus(Duration.ofHours(8))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
