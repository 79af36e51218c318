package io.millrace.jobs;

import io.millrace.TestSpark;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.SpecText;
import io.millrace.config.Variables;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.table.Lake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A small shop for tests: visits by day, whether they bought known a day later, a lake of its own.
 */
final class Shop {

  static final LocalDate FIRST = LocalDate.parse("2026-03-01");

  final Path folder = TestSpark.temporary("shop");
  final Path data = folder.resolve("data");
  final Path spec = folder.resolve("shop.yaml");
  final Path lakeFolder = folder.resolve("lake");
  final ByteArrayOutputStream said = new ByteArrayOutputStream();

  Shop() {
    write(spec, SPEC);
  }

  static final String SPEC =
      """
      pipeline: shop
      sources:
        shop_visits:
          kind: csv
          path: "${data}/visits-{date}.csv"
          key: [visit]
          time: day
          types: {visit: long}
        shop_sales: {kind: csv, path: "${data}/sales-{date}.csv", key: [visit], types: {visit: long}}
      entity: [visit]
      population: {source: shop_visits, per: event}
      label: {kind: source, source: shop_sales, column: bought, positive: "yes", negative: "no"}
      features:
        columns: [pages, minutes, channel]
        expressions: {speed: pages / minutes}
      split: {kind: by-hash, train: 0.6, tune: 0.2, test: 0.2}
      train:
        algorithm: {kind: xgboost, rounds: 10, depth: 3, learning-rate: 0.3}
        baseline: {kind: logistic}
      evaluate: {slices: [channel], value: {true-positive: 5, false-positive: -1}}
      promote:
        gates:
          - {gate: at-least, metric: auc, value: 0.6}
      """;

  /** Writes visits of some days, and the sales of each a day later. */
  Shop days(int from, int to) {
    for (int i = from; i < to; i++) {
      day(FIRST.plusDays(i), i * 1000L, 120);
    }
    return this;
  }

  void day(LocalDate day, long firstVisit, int visits) {
    Random random = new Random(day.toEpochDay());
    StringBuilder visit = new StringBuilder("visit,day,pages,minutes,channel\n");
    StringBuilder sale = new StringBuilder("visit,bought\n");
    String[] channels = {"web", "mail", "shop", ""};
    for (int i = 0; i < visits; i++) {
      int pages = random.nextInt(20);
      double minutes = Math.round(random.nextDouble() * 300) / 10.0;
      String channel = channels[random.nextInt(channels.length)];
      double lift = pages / 10.0 + (channel.equals("shop") ? 1 : 0) - 1.4;
      boolean bought = random.nextDouble() < 1 / (1 + Math.exp(-3 * lift));
      visit.append(firstVisit + i).append(',').append(day).append(',');
      visit.append(pages).append(',').append(minutes).append(',').append(channel).append('\n');
      sale.append(firstVisit + i).append(bought ? ",yes\n" : ",no\n");
    }
    write(data.resolve("visits-" + day + ".csv"), visit.toString());
    write(data.resolve("sales-" + day.plusDays(1) + ".csv"), sale.toString());
  }

  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens the pipeline as a command does, with some keys set otherwise. */
  Work open(Map<String, String> overrides) {
    return open(overrides, Console.Format.TEXT);
  }

  Work open(Map<String, String> overrides, Console.Format format) {
    return open(overrides, format, System.getenv());
  }

  Work open(Map<String, String> overrides, Console.Format format, Map<String, String> environment) {
    Lake lake = Lake.open(lakeFolder.toString(), TestSpark::session);
    return open(lake, overrides, format, environment);
  }

  /** Opens the pipeline on another lake. */
  Work open(Lake lake, Map<String, String> overrides, Console.Format format) {
    return open(lake, overrides, format, System.getenv());
  }

  Work open(
      Lake lake,
      Map<String, String> overrides,
      Console.Format format,
      Map<String, String> environment) {
    Variables variables = Variables.of(Map.of("data", data.toString()), Map.of());
    PipelineSpec read = SpecReader.pipeline(spec, variables, overrides);
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    Console console = new Console(Terminal.detect(Map.of("NO_COLOR", "1")), format, out, out);
    return new Work(read, SpecText.masked(spec, variables, overrides), lake, console, environment);
  }

  Work open() {
    return open(Map.of());
  }

  /** What has been said since the last call. */
  String said() {
    String text = said.toString(StandardCharsets.UTF_8);
    said.reset();
    return text;
  }

  /** The newest version of each table. */
  static Map<String, Long> versions(Lake lake) {
    Map<String, Long> versions = new TreeMap<>();
    lake.tables().forEach(name -> versions.put(name, lake.latest(name).orElseThrow().version()));
    return versions;
  }
}
