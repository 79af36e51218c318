package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Hashes;
import io.millrace.SpecException;
import io.millrace.jobs.Reached.Found;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.cli.Traced;
import io.millrace.report.Pages;
import io.millrace.report.Section;
import io.millrace.report.SectionsPage;
import io.millrace.table.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Traces in both directions, and what really differs once a row is changed and all is rebuilt. */
class TraceTest {

  private static final LocalDate D2 = Shop.FIRST.plusDays(2);
  private static final LocalDate D3 = Shop.FIRST.plusDays(3);
  private static final LocalDate D5 = Shop.FIRST.plusDays(5);
  private static final List<LocalDate> DATES = Shop.FIRST.datesUntil(D5).toList();

  private static final String SPEC =
      Shop.SPEC
          .replace(
              "  expressions:",
              """
                windows:
                  - {source: shop_visits, by: channel, over: [2d], aggregate: {pages: [sum]}}
                expressions:\
              """)
          .replace(
              "features:\n",
              """
              validate:
                shop_visits:
                  - {check: in-range, column: pages, max: 50, on-fail: quarantine}
                shop_sales:
                  - {check: exists-in, columns: [visit], source: shop_visits, on-fail: quarantine}
              features:
              """)
          .replace("{kind: xgboost, rounds: 10, depth: 3, learning-rate: 0.3}", "{kind: logistic}");

  private static Shop shop;
  private static Lake lake;
  private static String model;

  @BeforeAll
  static void sixDays() {
    shop = shop();
    model = build(shop);
    lake = shop.open().lake();
  }

  private static Shop shop() {
    Shop made = new Shop().days(0, 6);
    Shop.write(made.spec, SPEC);
    Path file = made.data.resolve("visits-2026-03-04.csv");
    Shop.write(file, Shop.read(file) + "3500,2026-03-04,99,3.0,web\n");
    return made;
  }

  /** Trains at D2, scores five dates in one go, and lets a person release the sixth. */
  private static String build(Shop made) {
    try (Work work = made.open()) {
      String version = new Chains(work).train(D2).version();
      new Chains(work).backfill(DATES);
      new IngestJob(work, D5).run();
      new ValidateJob(work, D5).run();
      new LabelJob(work, D5).run();
      new FeaturesJob(work).ofDate(D5);
      new ScoreJob(work, D5).run();
      new MonitorJob(work, D5).run();
      new ReleaseJob(work, D5, Optional.of("campaign, expected")).run();
      return version;
    }
  }

  @Test
  void aPredictionLeadsBackToItsRowsFilesAndPeople() throws IOException {
    List<Section> sections = trace("5003", D5);

    assertThat(section(sections, "prediction: ").facts())
        .containsEntry("visit", 5003L)
        .containsEntry("model_version", model);
    assertThat(section(sections, "release").facts())
        .containsEntry("override", "campaign, expected")
        .containsEntry("monitor", "release");
    assertThat(section(sections, "model: " + model).facts())
        .containsEntry("horizon", "reproducible");
    assertThat(section(sections, "model: ").rows().get(0)).contains(D2, "promote");
    assertThat(section(sections, "gates").rows().get(0)).contains("at-least", "auc", true);
    assertThat(section(sections, "spec of the model").facts())
        .containsEntry("changed since", "nothing");
    assertThat(column(section(sections, "runs"), "stage"))
        .containsExactly("release", "score", "features", "train");
    assertThat(section(sections, "slices").facts().get("proof").toString())
        .startsWith("the features' run id is the hash of these slices");
    Section own = section(sections, "rows of raw/shop_visits@4 as population: 1");
    assertThat(column(own, "_file")).containsExactly("visits-2026-03-06.csv");
    Section window = sections.stream().filter(s -> s.title().contains("window")).findFirst().get();
    double sum = column(window, "pages").stream().mapToDouble(p -> (Long) p).sum();
    assertThat(sum).isEqualTo(feature(sections, "sum_pages_by_channel_2d")).isPositive();
    Section files = section(sections, "files");
    assertThat(column(files, "file"))
        .containsExactlyInAnyOrder("visits-2026-03-06.csv", "visits-2026-03-05.csv");
    byte[] bytes = Files.readAllBytes(shop.data.resolve("visits-2026-03-06.csv"));
    assertThat(column(files, "sha256")).contains(Hashes.sha256Hex(bytes));
    // Two days before, a row was refused.
    assertThat(section(sections, "checks").facts()).containsEntry("don't hold", 1);
    assertThat(column(section(sections, "checks"), "column")).containsExactly("pages");
    assertThat(section(sections, "label").facts()).containsEntry("known", "not yet");
    assertThat(column(section(trace("4003", DATES.get(4)), "label"), "known at"))
        .containsExactly("2026-03-06");
    assertThat(Pages.sections(new SectionsPage("trace", "trace", sections)))
        .contains("campaign, expected", "visits-2026-03-06.csv")
        .doesNotContain("<script", "http://", "https://");
  }

  private static double feature(List<Section> sections, String name) {
    return section(sections, "features: ").rows().stream()
        .filter(row -> row.get(0).equals(name))
        .mapToDouble(row -> (Double) row.get(1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aKeyOrDateWithoutAPredictionIsRefused() {
    assertThatThrownBy(() -> trace("5003", D3))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "predictions/shop: no prediction of visit=5003 at 2026-03-04; there are some at"
                + " 2026-03-06");
    assertThatThrownBy(() -> ForwardVerb.start(lake, "shop_visits", "visits-2026-03-1.csv"))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("shop_visits: no file, row or column=value 'visits-2026-03-1.csv'");
  }

  @Test
  void whatAChangedRowMakesDifferentIsNamed() {
    // A row that no model learned from: its own features, and those whose windows hold it.
    String late = webVisit(D3);
    List<Found> found = forward(row(late));
    Set<String> features = named(found, "features");
    assertThat(features).contains("2026-03-04 visit=" + late).hasSizeBetween(2, 100);
    assertThat(dates(found, "features")).containsExactly("2026-03-04", "2026-03-05");
    assertThat(found).noneMatch(one -> one.what().equals("model"));
    Shop other = rebuilt("visits-2026-03-04.csv", late);
    Differences differences = differences(other);
    assertThat(differences.features()).isNotEmpty().isSubsetOf(features);
    assertThat(differences.predictions()).isNotEmpty().isSubsetOf(named(found, "predictions"));

    // A row that the model learned from reaches all that the model scored.
    String early = webVisit(Shop.FIRST.plusDays(1));
    found = forward(row(early));
    assertThat(found).anyMatch(one -> one.what().equals("model") && one.id().equals(model));
    assertThat(dates(found, "predictions"))
        .containsExactly("2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06");
    differences = differences(rebuilt("visits-2026-03-02.csv", early));
    assertThat(differences.features()).isNotEmpty().isSubsetOf(named(found, "features"));
    assertThat(differences.predictions().stream().map(one -> one.substring(0, 10)))
        .isNotEmpty()
        .isSubsetOf(dates(found, "predictions"));
    aMendedRowNamesTheRefusedOne(other);
  }

  @Test
  void aFileReachesItsDatesAndARowThatNothingReadReachesNothing() {
    List<Found> file = forward("visits-2026-03-04.csv");
    List<String> read = List.of("2026-03-04", "2026-03-05", "2026-03-06");
    // By whole days: which of their rows count, a file isn't asked.
    assertThat(dates(file, "features")).isEqualTo(read);
    assertThat(dates(file, "predictions")).isEqualTo(read);
    // Sales of these days were checked against the visits.
    assertThat(dates(file, "labels")).isEqualTo(read);
    assertThat(file).noneMatch(one -> one.what().equals("model"));
    assertThat(forward(row("3500"))).as("refused").noneMatch(one -> !one.what().equals("labels"));

    // An outcome that came after the training is a label and no more.
    List<Found> sale = forward("shop_sales", "visit=4003");
    assertThat(sale).extracting(Found::what).containsOnly("labels");
  }

  private static void aMendedRowNamesTheRefusedOne(Shop other) {
    Path mended = other.folder.resolve("mended.csv");
    Shop.write(
        mended,
        "row_id,visit,day,pages,minutes,channel\n"
            + id(other.open().lake(), "3500")
            + ",3500,2026-03-04,9,3.0,web\n");
    try (Work work = other.open()) {
      assertThat(new Mending(work, "shop_visits", D5).retry(mended)).isEqualTo(1);
      new ValidateJob(work, D5).run();
      new Chains(work).redo(List.of(D3));
    }
    List<Section> sections = trace(other, "3500", D3);
    assertThat(section(sections, "slices").facts().get("proof").toString()).startsWith("the f");
    Section refused = section(sections, "refused rows of shop_visits");
    assertThat(column(refused, "row")).hasSize(1);
    assertThat(column(refused, "row").get(0).toString()).contains("99", "3500");
  }

  /** A visit of a day whose channel others share. */
  private static String webVisit(LocalDate day) {
    return Shop.read(shop.data.resolve("visits-" + day + ".csv"))
        .lines()
        .filter(line -> line.endsWith(",web"))
        .map(line -> line.substring(0, line.indexOf(',')))
        .findFirst()
        .orElseThrow();
  }

  private record Differences(Set<String> features, Set<String> predictions) {}

  /** Another lake, in which one visit had more pages. */
  private static Shop rebuilt(String file, String visit) {
    Shop other = shop();
    Path changed = other.data.resolve(file);
    String text = Shop.read(changed);
    String line = text.lines().filter(one -> one.startsWith(visit + ",")).findFirst().orElseThrow();
    String[] cells = line.split(",", -1);
    cells[2] = String.valueOf(Integer.parseInt(cells[2]) + 30);
    Shop.write(changed, text.replace(line, String.join(",", cells)));
    build(other);
    return other;
  }

  private static Differences differences(Shop other) {
    Lake rebuilt = other.open().lake();
    return new Differences(
        differing("features/shop", List.of("run_id"), rebuilt),
        differing(
            "predictions/shop",
            List.of("run_id", "score_run_id", "scored_at", "model_version"),
            rebuilt));
  }

  private static Set<String> differing(String table, List<String> but, Lake rebuilt) {
    Map<String, String> here = rows(lake, table, but);
    Map<String, String> there = rows(rebuilt, table, but);
    Set<String> keys = new TreeSet<>(here.keySet());
    keys.addAll(there.keySet());
    keys.removeIf(key -> here.getOrDefault(key, "").equals(there.getOrDefault(key, "")));
    return keys;
  }

  private static Map<String, String> rows(Lake of, String table, List<String> but) {
    Map<String, String> rows = new TreeMap<>();
    var read = of.latest(table).orElseThrow().read().drop(but.toArray(String[]::new));
    for (Row row : read.collectAsList()) {
      rows.put(row.getAs("date") + " visit=" + row.getAs("visit"), row.toString());
    }
    return rows;
  }

  private static List<Found> forward(String asked) {
    return forward("shop_visits", asked);
  }

  private static List<Found> forward(String source, String asked) {
    ForwardVerb.Start start = ForwardVerb.start(lake, source, asked);
    ForwardTrace trace =
        new ForwardTrace(
                lake,
                "shop",
                List.of(shop.open()),
                source,
                start.slices(),
                start.row(),
                new ReadSlices.Opened(lake))
            .follow();
    assertThat(trace.unsure()).isEmpty();
    return new Reached(lake, "shop", trace).found();
  }

  private static String row(String visit) {
    return id(lake, visit);
  }

  private static String id(Lake of, String visit) {
    return of.latest("raw/shop_visits")
        .orElseThrow()
        .read()
        .where("visit = " + visit)
        .select("_row_id")
        .first()
        .getString(0);
  }

  private static Set<String> named(List<Found> found, String what) {
    Set<String> named = new TreeSet<>();
    found.stream()
        .filter(one -> one.what().equals(what) && one.stands())
        .forEach(one -> one.entities().forEach(entity -> named.add(one.date() + " " + entity)));
    return named;
  }

  private static List<String> dates(List<Found> found, String what) {
    return found.stream()
        .filter(one -> one.what().equals(what) && one.stands())
        .map(one -> one.date().toString())
        .distinct()
        .toList();
  }

  private static List<Section> trace(String visit, LocalDate date) {
    return trace(shop, visit, date);
  }

  private static List<Section> trace(Shop of, String visit, LocalDate date) {
    Place place = new Place(Path.of("conf"), "local", Optional.empty(), Map.of());
    Traced asked =
        new Traced(
            Optional.of("shop"),
            List.of(visit),
            Optional.of(date),
            Optional.empty(),
            Optional.empty(),
            1000,
            Optional.empty(),
            place);
    try (Work work = of.open()) {
      return new PredictionTrace(work.lake(), work.console(), Optional.of(work), asked).sections();
    }
  }

  private static Section section(List<Section> sections, String title) {
    return sections.stream()
        .filter(section -> section.title().startsWith(title))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    title + " in " + sections.stream().map(Section::title).toList()));
  }

  private static List<Object> column(Section section, String name) {
    int at = section.headers().indexOf(name);
    List<Object> values = new ArrayList<>();
    section.rows().forEach(row -> values.add(row.get(at)));
    return values;
  }
}
