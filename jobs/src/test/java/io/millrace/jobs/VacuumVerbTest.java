package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.UnavailableException;
import io.millrace.jobs.cli.Cleaning;
import io.millrace.jobs.cli.Pinning;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.retain.Histories;
import io.millrace.retain.Need;
import io.millrace.retain.Pin;
import io.millrace.retain.Rules;
import io.millrace.retain.VacuumLog;
import io.millrace.table.Lake;
import io.millrace.table.LoggedFile;
import io.millrace.table.SmallTable;
import io.millrace.table.TableFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/**
 * Ten days of daily runs and retraining, deletes and OPTIMIZE, then a vacuum that retains nothing:
 * what is pinned is there to the bit, the rest is gone.
 */
class VacuumVerbTest {

  private static final String SPEC =
      Shop.SPEC
          .replaceAll("algorithm: .*\n *baseline: .*", "algorithm: {kind: logistic}")
          .replace("visits-{date}.csv", "visits-{date}*.csv");

  private static final Place HERE = new Place(Path.of("conf"), "local", Optional.empty(), Map.of());
  private static final LocalDate LATER = LocalDate.now(ZoneOffset.UTC).plusYears(1);

  private final Shop shop = new Shop().days(0, 10);
  private final Set<String> promoted = new TreeSet<>();

  @Test
  void afterTenDaysWhatIsPinnedIsThereAndTheRestIsGone() throws IOException {
    // Two models that nobody promotes, of features that are replaced.
    String kept = abandoned("pages * minutes");
    String lost = abandoned("pages + minutes");
    tenDays();
    disturb();
    Lake lake = shop.open().lake();
    pin(lake, Pinning.Action.ADD, "audit", List.of(kept), Optional.of(LATER));
    assertThat(shop.said()).startsWith("pin audit: models/shop/" + kept + " until " + LATER);
    assertThat(horizon(lake))
        .containsPattern(lost + " .*reproducible, until a vacuum after 20")
        .containsPattern(kept + " .*reproducible, pinned by audit until " + LATER);
    promoted.forEach(
        model ->
            assertThat(horizon(lake))
                .containsPattern(model + " .*reproducible, pinned by its promotion"));
    aForcedForeignVacuumLosesThem();

    Map<String, List<String>> rows = pinnedRows(lake);
    Map<String, List<String>> facts = LakeRows.ofFacts(lake);
    assertThat(facts).containsKeys("runs", "profiles", "metrics", "releases", "models");
    Set<String> needless = needless(lake);
    Set<String> there = names(lake);
    long before = bytes(lake);
    assertThat(needless).hasSizeGreaterThan(30);
    vacuum(lake, false, () -> false);
    assertThat(shop.said())
        .containsPattern(
            "would delete [0-9]+ files \\([0-9.]+ [kM]B\\) and join [0-9]+ small files of [0-9]+"
                + " tables? to [0-9]+; [0-9]+ files .* stay")
        .contains("Nothing was done: --yes does it")
        .containsPattern("features/shop +[0-9]+ of [0-9]+ +newest, [34] models, [78] releases, p");
    assertThat(bytes(lake)).isEqualTo(before);
    assertThat(vacuum(lake, true, () -> false)).isZero();
    String said = shop.said();
    assertThat(said).containsPattern("(?m)^deleted " + needless.size() + " files");

    assertThat(names(lake)).doesNotContainAnyElementsOf(needless);
    assertThat(before - bytes(lake, there)).isEqualTo(recorded(lake)).isPositive();
    assertThat(said).containsPattern("(?m)^joined [0-9]+ small files of [0-9]+ tables? to [0-9]+;");
    assertThat(LakeRows.ofFacts(lake)).as("joined").isEqualTo(facts);
    assertThat(lake.latest("profiles").orElseThrow().names()).hasSize(1);
    assertThat(TableFolder.list(lake, "scored/shop")).as("released, and so not staged").isEmpty();
    assertThat(pinnedRows(lake)).isEqualTo(rows);
    for (String model : Stream.concat(promoted.stream(), Stream.of(kept)).toList()) {
      assertThat(reproduce(model)).as(model).isZero();
    }
    assertThat(shop.said()).contains("bit-identical").doesNotContain("differs");
    assertThat(horizon(lake))
        .containsPattern(
            lost + " .*lost: features/shop@\\d+: [0-9]+ of its files are gone, by `millrace vac");
    assertThatThrownBy(() -> reproduce(lost))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("gone, by `millrace vacuum` on 20");
    pinsAreToldAndRefused(lake, kept, lost);
    aTerminalIsAsked(lake);
  }

  /** Trains a model of features that the next one replaces. */
  private String abandoned(String speed) {
    Shop.write(shop.spec, SPEC.replace("pages / minutes", speed));
    LocalDate date = Shop.FIRST.plusDays(1);
    try (Work work = shop.open()) {
      new Chains(work).backfill(List.of(Shop.FIRST, date));
      new TrainJob(work, date).run();
      return TrainingInputs.latest(work, date).version();
    }
  }

  private void tenDays() {
    Shop.write(shop.spec, SPEC);
    try (Work work = shop.open()) {
      new Chains(work).backfill(List.of(Shop.FIRST, Shop.FIRST.plusDays(1)));
    }
    for (int i = 2; i < 10; i++) {
      LocalDate date = Shop.FIRST.plusDays(i);
      try (Work work = shop.open()) {
        if (i % 3 == 2) {
          PromoteJob.Decision decision = new Chains(work).train(date);
          assertThat(decision.promoted()).isTrue();
          promoted.add(decision.version());
        }
        new Chains(work).score(date);
      }
      if (i == 4) {
        // A second file of a day that is in: OPTIMIZE makes one of both, with rows of two runs.
        Shop.write(
            shop.data.resolve("visits-" + date + "-late.csv"),
            "visit,day,pages,minutes,channel\n900001," + date + ",7,3.5,web\n");
        try (Work work = shop.open()) {
          new IngestJob(work, date).run();
        }
        sql("optimize", "raw/shop_visits", "");
      }
    }
    shop.said();
  }

  private void disturb() {
    sql("delete from", "features/shop", "where date = date'2026-03-03'");
    sql("delete from", "features/shop", "where date = date'2026-03-04' and pages > 9");
    sql("delete from", "labels/shop", "where known_at = date'2026-03-03'");
    sql("delete from", "raw/shop_visits", "where pages < 3");
    sql("delete from", "predictions/shop", "where date = date'2026-03-05'");
    List.of(
            "features/shop",
            "labels/shop",
            "predictions/shop",
            "raw/shop_visits",
            "runs",
            "metrics")
        .forEach(table -> sql("optimize", table, ""));
  }

  private void sql(String verb, String table, String rest) {
    TestSpark.session()
        .sql("%s delta.`%s` %s".formatted(verb, shop.lakeFolder.resolve(table), rest))
        .collect();
  }

  /** The negative twin: what somebody's VACUUM does who knows of no pins, on a copy. */
  private void aForcedForeignVacuumLosesThem() throws IOException {
    Path copy = TestSpark.temporary("copy");
    try (Stream<Path> files = Files.walk(shop.lakeFolder)) {
      for (Path file : files.toList()) {
        Path to = copy.resolve(shop.lakeFolder.relativize(file).toString());
        if (!Files.isDirectory(file)) {
          Files.createDirectories(to.getParent());
          Files.copy(file, to);
        }
      }
    }
    SparkSession spark = TestSpark.session();
    String check = "spark.databricks.delta.retentionDurationCheck.enabled";
    spark.conf().set(check, "false");
    try {
      spark.sql("vacuum delta.`" + copy.resolve("features/shop") + "` retain 0 hours").collect();
    } finally {
      spark.conf().unset(check);
    }
    String told = horizon(Lake.open(copy.toString(), TestSpark::session));
    promoted.forEach(
        model ->
            assertThat(told)
                .containsPattern(model + " .*lost: features/shop@\\d+: .* by a foreign VACUUM on"));
  }

  private void pinsAreToldAndRefused(Lake lake, String kept, String lost) {
    pin(lake, Pinning.Action.ADD, "audit", List.of("labels/shop"), Optional.empty());
    pin(lake, Pinning.Action.ADD, "audit", List.of("labels/shop"), Optional.empty());
    assertThat(shop.said()).containsPattern("pin audit: labels/shop@\\d+, as before");
    pin(lake, Pinning.Action.LIST, null, List.of(), Optional.empty());
    assertThat(shop.said())
        .containsPattern("audit +models/shop/" + kept + " +" + LATER + " +whole")
        .containsPattern("model " + promoted.iterator().next() + " +features/shop@.* more +whole")
        .containsPattern("8 releases of shop +predictions/shop@.* more +whole");
    assertThatThrownBy(() -> pin(lake, Pinning.Action.ADD, "late", List.of(lost), Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "models/shop/" + lost + ": can't be pinned any more: features/shop@");
    assertThatThrownBy(
            () -> pin(lake, Pinning.Action.ADD, "x", List.of("labels/shop@999"), Optional.empty()))
        .isInstanceOf(SpecException.class)
        .hasMessageMatching("labels/shop has the versions 0 to \\d+, and no version 999");
    assertThatThrownBy(
            () -> pin(lake, Pinning.Action.ADD, "x", List.of("labels/shp"), Optional.empty()))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("no such table or model in the lake; did you mean labels/shop?");
    assertThatThrownBy(
            () ->
                pin(
                    lake,
                    Pinning.Action.ADD,
                    "x",
                    List.of("labels/shop"),
                    Optional.of(LocalDate.EPOCH)))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("is over");
    VacuumLog.Running running = new VacuumLog(lake).begin(Rules.USUAL);
    assertThatThrownBy(
            () -> pin(lake, Pinning.Action.ADD, "x", List.of("labels/shop"), Optional.empty()))
        .isInstanceOf(UnavailableException.class)
        .hasMessageStartingWith("pin x: stands, but a vacuum that has been at work since 20");
    running.end();
    pin(lake, Pinning.Action.REMOVE, "x", List.of(), Optional.empty());
    assertThat(shop.said()).contains("pin x: 1 taken back");
    assertThatThrownBy(() -> pin(lake, Pinning.Action.REMOVE, "audti", List.of(), Optional.empty()))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("there is no pin audti; did you mean audit?");
    pin(lake, Pinning.Action.REMOVE, "audit", List.of(), Optional.empty());
    assertThat(horizon(lake)).containsPattern(kept + " .*reproducible, until a vacuum after 20");
  }

  private void aTerminalIsAsked(Lake lake) {
    long before = bytes(lake);
    vacuum(lake, false, () -> false, new Terminal(OptionalInt.of(120), false, false));
    assertThat(shop.said()).contains("delete ").contains("? [y/N]").contains("nothing was done");
    assertThat(bytes(lake)).isEqualTo(before);
    vacuum(lake, false, () -> true, new Terminal(OptionalInt.of(120), false, false));
    assertThat(shop.said()).contains("? [y/N]").containsPattern("(?m)^deleted [0-9]+ files");
    assertThat(bytes(lake)).isLessThan(before);
  }

  private void pin(
      Lake lake, Pinning.Action action, String name, List<String> what, Optional<LocalDate> until) {
    Pinning asked = new Pinning(action, Optional.ofNullable(name), what, until, "audit", HERE);
    PinVerb.run(asked, lake, console(Terminal.NONE));
  }

  private int vacuum(Lake lake, boolean yes, BooleanSupplier agrees) {
    return vacuum(lake, yes, agrees, Terminal.NONE);
  }

  private int vacuum(Lake lake, boolean yes, BooleanSupplier agrees, Terminal terminal) {
    Optional<Duration> none = Optional.of(Duration.ZERO);
    Cleaning asked = new Cleaning(none, none, false, yes, HERE);
    return VacuumVerb.run(asked, lake, console(terminal), agrees);
  }

  private Console console(Terminal terminal) {
    PrintStream out = new PrintStream(shop.said, true, StandardCharsets.UTF_8);
    return new Console(terminal, Console.Format.TEXT, out, out);
  }

  private String horizon(Lake lake) {
    shop.said();
    Lists.horizon(
        lake,
        new SmallTable(lake, ResultTables.models()).rows(),
        Rules.USUAL,
        console(Terminal.NONE));
    return shop.said();
  }

  private int reproduce(String version) {
    try (Work work = shop.open()) {
      return ReproduceVerb.run(version, work.lake(), work.console());
    }
  }

  /** The rows of all that is pinned, read by Kernel partition by partition. */
  private static Map<String, List<String>> pinnedRows(Lake lake) {
    Map<String, List<String>> rows = new TreeMap<>();
    Set<Need> needs = new java.util.LinkedHashSet<>();
    new Retention(lake).read(new Histories(lake)).forEach(pin -> needs.addAll(pin.needs()));
    for (Need need : needs) {
      rows.put(need.toString(), read(lake, need).map(Object::toString).sorted().toList());
    }
    assertThat(rows.values().stream().mapToInt(List::size).sum()).isGreaterThan(10_000);
    return rows;
  }

  private static Stream<Map<String, Object>> read(Lake lake, Need need) {
    var table = lake.at(need.table(), need.version());
    if (need.files() instanceof Need.UpTo upTo) {
      return Shop.FIRST
          .datesUntil(upTo.last().plusDays(1))
          .flatMap(day -> table.rows(upTo.column(), day).stream());
    } else if (need.files() instanceof Need.OfDay of) {
      return table.rows(of.column(), of.day()).stream();
    }
    return need.files() instanceof Need.All ? table.rows().stream() : Stream.of();
  }

  /** Files that no pin and no newest version has, found version by version. */
  private static Set<String> needless(Lake lake) {
    Set<String> needless = names(lake);
    Histories histories = new Histories(lake);
    List<Pin> pins = new Retention(lake).read(histories);
    for (String table : lake.tables()) {
      needless.removeAll(lake.latest(table).orElseThrow().names());
    }
    for (Pin pin : pins) {
      for (Need need : pin.needs()) {
        for (LoggedFile file : histories.of(need.table()).orElseThrow().files(need.version())) {
          boolean needed = file.run().isEmpty() || need.files().has(file.partition());
          if (needed) {
            needless.remove(file.name());
          }
        }
      }
    }
    return needless;
  }

  private static Set<String> names(Lake lake) {
    Set<String> names = new TreeSet<>();
    lake.tables()
        .forEach(table -> TableFolder.list(lake, table).forEach(file -> names.add(file.name())));
    return names;
  }

  /** All data files but the record of the vacuum itself. */
  private static long bytes(Lake lake) {
    return bytes(lake, names(lake));
  }

  private static long bytes(Lake lake, Set<String> chosen) {
    return lake.tables().stream()
        .filter(table -> !table.equals("vacuums"))
        .flatMap(table -> TableFolder.list(lake, table).stream())
        .filter(file -> chosen.contains(file.name()))
        .mapToLong(TableFolder.FoundFile::bytes)
        .sum();
  }

  private static long recorded(Lake lake) {
    List<Map<String, Object>> rows =
        new ArrayList<>(new SmallTable(lake, VacuumLog.definition()).rows());
    rows.removeIf(row -> !row.get("event").equals("deleted"));
    return rows.stream().mapToLong(row -> (Long) row.get("bytes")).sum();
  }
}
