package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.erase.LakeSearch;
import io.millrace.erase.Subject;
import io.millrace.retain.Rules;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunLog;
import io.millrace.table.SmallTable;
import io.millrace.table.TableFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What must hold of a lake, whatever was done to it and whatever befell those who did it. */
final class WholeLake {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> LOGGED =
      List.of(
          "raw/shop_visits",
          "raw/shop_sales",
          "labels/shop",
          "features/shop",
          "scored/shop",
          "predictions/shop");

  private final ScheduledShop base;
  private final Schedule schedule;
  private final Work work;
  private final Lake lake;
  private final boolean erased;

  WholeLake(ScheduledShop base, Schedule schedule, Work work) {
    this.base = base;
    this.schedule = schedule;
    this.work = work;
    this.lake = work.lake();
    this.erased = schedule.hasBegun("erase");
  }

  void check() {
    rows();
    releases();
    models();
    runs();
    merged();
    vacuumed();
    erased();
  }

  /** Each of them once. */
  private void rows() {
    int visits = ScheduledShop.DAYS * ScheduledShop.VISITS;
    int gone = erased ? 1 : 0;
    assertThat(visits("raw/shop_visits")).hasSize(visits - gone).doesNotHaveDuplicates();
    // The sales of the last day come a day later.
    int sales = visits - ScheduledShop.VISITS - gone;
    assertThat(visits("raw/shop_sales")).hasSize(sales).doesNotHaveDuplicates();
    assertThat(visits("labels/shop")).hasSize(sales).doesNotHaveDuplicates();
    assertThat(visits("predictions/shop")).doesNotHaveDuplicates();
    Map<Long, String> features = new TreeMap<>(base.features());
    if (erased) {
      features.remove(ScheduledShop.PERSON);
    }
    assertThat(ScheduledShop.features(lake)).isEqualTo(features);
    assertThat(lake.latest("scored/shop").map(PinnedTable::count).orElse(0L))
        .as("rows that were scored and not released")
        .isZero();
  }

  private List<Long> visits(String table) {
    return lake.latest(table)
        .map(
            found ->
                found.read().select("visit").collectAsList().stream()
                    .map(row -> row.getLong(0))
                    .toList())
        .orElse(List.of());
  }

  /** Each date's by its champion, by one run, of which one row tells. */
  private void releases() {
    Champions champions = new Champions(work);
    assertThat(champions.log().stream().map(Champions.Promotion::position)).doesNotHaveDuplicates();
    for (LocalDate date : ScheduledShop.DATES) {
      champions.at(date).ifPresent(model -> released(date, model));
    }
  }

  private void released(LocalDate date, String model) {
    var rows =
        lake.latest("predictions/shop")
            .orElseThrow()
            .read()
            .where("date = '" + date + "'")
            .collectAsList();
    boolean without = erased && date.equals(Shop.FIRST.plusDays(2));
    assertThat(rows).as("predictions of " + date).hasSize(ScheduledShop.VISITS - (without ? 1 : 0));
    Map<Long, Double> expected = base.expected(model);
    Set<String> runs = new HashSet<>();
    for (var row : rows) {
      assertThat((String) row.getAs("model_version")).isEqualTo(model);
      runs.add(row.getAs("run_id"));
      if (!expected.isEmpty()) {
        assertThat((Double) row.getAs("probability"))
            .isEqualTo(expected.get((Long) row.getAs("visit")));
      }
    }
    assertThat(runs).hasSize(1);
    assertThat(new SmallTable(lake, ResultTables.releases()).rows("shop"))
        .filteredOn(row -> runs.contains(row.get("run_id")))
        .as("the release of " + date)
        .hasSize(1);
  }

  /** All can be loaded, and what they learned from can be read. */
  private void models() {
    List<Map<String, Object>> models =
        new SmallTable(lake, ResultTables.models()).rows(work.name());
    for (Map<String, Object> model : models) {
      new ModelLibrary(work).load((String) model.get("model_version"));
    }
    base.shop().said();
    Lists.horizon(lake, models, Rules.USUAL, work.console());
    assertThat(base.shop().said()).contains(base.models()).doesNotContain("lost");
  }

  /** The index says what the logs say, and each version that a run has read can be read. */
  private void runs() {
    Set<String> indexed = new TreeSet<>();
    Set<String> read = new TreeSet<>();
    for (Map<String, Object> run : new RunLog(lake).rows("shop")) {
      for (Object output : (List<?>) run.get("outputs")) {
        indexed.add(run.get("run_id") + " " + versioned((Map<?, ?>) output));
      }
      ((List<?>) run.get("inputs")).forEach(input -> read.add(versioned((Map<?, ?>) input)));
    }
    Set<String> logged = new TreeSet<>();
    LOGGED.forEach(table -> logged.addAll(logged(table)));
    assertThat(indexed).as("the index of runs").containsAll(logged);
    if (erased) {
      return; // older versions are gone, and their logs with them
    }
    assertThat(logged)
        .as("what the logs say")
        .containsAll(
            indexed.stream().filter(run -> LOGGED.contains(run.split("[ @]")[1])).toList());
    Set<String> freed = schedule.hasBegun("vacuum") ? base.replaced() : Set.of();
    for (String table : read) {
      String[] parts = table.split("@");
      if (!parts[1].equals("-1")) {
        PinnedTable pinned = lake.at(parts[0], Long.parseLong(parts[1]));
        assertThat(pinned.missingFiles()).as(table).allMatch(file -> freed.contains(file.name()));
      }
    }
  }

  private static String versioned(Map<?, ?> reference) {
    return reference.get("table") + "@" + reference.get("version");
  }

  /** Run ids in the log of a table, with the version, read as text. */
  private Set<String> logged(String table) {
    Set<String> found = new TreeSet<>();
    Path log = Path.of(lake.path(table).toUri().getPath(), "_delta_log");
    if (!Files.exists(log)) {
      return found;
    }
    try (Stream<Path> files = Files.list(log)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().matches("\\d+\\.json")).toList()) {
        long version = Long.parseLong(file.getFileName().toString().replace(".json", ""));
        for (String line : Files.readAllLines(file)) {
          String text = JSON.readTree(line).path("commitInfo").path("userMetadata").asText("");
          for (JsonNode run : JSON.readTree(text.isEmpty() ? "{}" : text).path("millrace-runs")) {
            found.add(run.get("run_id").asText() + " " + table + "@" + version);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** A merge has landed whole or not at all, and labels are what main says. */
  private void merged() {
    List<Map<String, Object>> merges =
        lake.latest("merges").map(PinnedTable::rows).orElse(List.of());
    Set<Object> ended = new HashSet<>();
    merges.stream()
        .filter(row -> !"intent".equals(row.get("event")))
        .forEach(row -> ended.add(row.get("merge_id")));
    assertThat(merges)
        .extracting(row -> row.get("merge_id"))
        .as("merges, and those that have ended")
        .allMatch(ended::contains);
    List<String> now = ScheduledShop.labelled(lake);
    assertThat(now).hasSize(1);
    if (schedule.hasEnded("merge")) {
      assertThat(now).containsExactly(base.relabelled());
    }
    assertThat(
            lake.latest("labels/shop")
                .orElseThrow()
                .read()
                .where("visit = " + ScheduledShop.RELABELLED)
                .collectAsList())
        .extracting(row -> (String) row.getAs("label_text"))
        .isEqualTo(now);
  }

  /** What nobody needs is gone where somebody was told so. */
  private void vacuumed() {
    if (schedule.hasEnded("vacuum") && !erased) {
      assertThat(TableFolder.names(lake, "features/shop"))
          .doesNotContainAnyElementsOf(base.replaced());
    }
  }

  /** No file speaks of who was erased, whatever ran at the same time. */
  private void erased() {
    if (erased) {
      Subject person = Subject.parse(List.of("visit=" + ScheduledShop.PERSON));
      assertThat(LakeSearch.of(lake, person).hits()).isEmpty();
    }
  }
}
