package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.jobs.cli.ComparedModels;
import io.millrace.jobs.cli.ComparedReleases;
import io.millrace.jobs.cli.Erased;
import io.millrace.jobs.cli.Place;
import io.millrace.report.Section;
import io.millrace.table.DataFile;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two models of a pipeline; their figures are those that evaluation found of both. */
class ModelDiffTest {

  private static final LocalDate D2 = Shop.FIRST.plusDays(2);
  private static final LocalDate D3 = Shop.FIRST.plusDays(3);

  private static final String SPEC =
      Shop.SPEC.replace(
          "{kind: xgboost, rounds: 10, depth: 3, learning-rate: 0.3}", "{kind: logistic}");

  @Test
  void tellsSpecDataFeaturesAndFiguresOnTheSameRows() {
    Shop shop = new Shop().days(0, 4);
    Shop.write(shop.spec, SPEC);
    String first;
    String second;
    try (Work work = shop.open()) {
      first = new Chains(work).train(D2).version();
      second = new Chains(work).train(D3).version();
    }

    List<Section> sections = diff(shop, first, second);
    assertThat(section(sections, "spec").facts()).containsEntry("changed", "nothing");
    List<Object> features = section(sections, "data").rows().get(0);
    assertThat(features.get(0)).isEqualTo("features/shop");
    assertThat(features.subList(3, 6)).containsExactly(120L, 0L, 0L);
    assertThat(section(sections, "features").rows())
        .anySatisfy(row -> assertThat(row.get(0)).isEqualTo("pages"));
    Section paired = section(sections, "on the same rows");
    requireThoseOfEvaluate(shop, first, second, paired);
    assertThat(section(sections, "flipped").facts().get("flipped").toString())
        .endsWith(" of " + paired.facts().get("rows"));
    assertThat(section(sections, "moved most").rows()).hasSize(3);

    Shop.write(shop.spec, SPEC.replace("pages / minutes", "pages * minutes"));
    String third;
    try (Work work = shop.open()) {
      new Chains(work).backfill(Shop.FIRST.datesUntil(D3.plusDays(1)).toList());
      third = new Chains(work).train(D3).version();
    }
    sections = diff(shop, second, third);
    assertThat(section(sections, "spec").rows())
        .containsExactly(
            List.of("features.expressions.speed", "pages / minutes", "pages * minutes"));
    assertThat(section(sections, "data").rows().get(0).subList(3, 6)).containsExactly(0L, 0L, 480L);
    // The older model reads its own features of these rows: its figures are what they were.
    Section again = section(sections, "on the same rows");
    assertThat(again.facts().get("rows")).isEqualTo(paired.facts().get("rows"));
    assertThat(figure(again, "auc", "", 2)).isEqualTo(figure(paired, "auc", "", 3));
    assertThatThrownBy(() -> diff(shop, first, "000000000000"))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "models/shop: there is no model 000000000000; `millrace models shop` lists them");
    whatAVacuumTookIsToldAndNoMore(shop, second, third);
  }

  /** What came after a model's date is nobody's, and what it learned from is told as lost. */
  private static void whatAVacuumTookIsToldAndNoMore(Shop shop, String second, String third) {
    Lake lake = shop.open().lake();
    Map<String, Object> row =
        lake.latest("models").orElseThrow().rows("pipeline", "shop").stream()
            .filter(found -> second.equals(found.get("model_version")))
            .findFirst()
            .orElseThrow();
    PinnedTable learned = lake.at("features/shop", (Long) row.get("features_table_version"));
    List<DataFile> gone = learned.filesBeside(lake.latest("features/shop").orElseThrow());
    assertThat(gone).isNotEmpty();
    Path folder = shop.lakeFolder.resolve("features/shop");
    assertThat(gone).allMatch(file -> folder.resolve(file.logPath()).toFile().delete());

    List<Section> left = diff(shop, second, third);
    List<Object> features = section(left, "data").rows().get(0);
    assertThat(features.subList(3, 6)).containsOnly("lost");
    assertThat(features.get(6).toString())
        .startsWith(learned.name() + "@" + learned.version() + ": 4 of its files are gone");
    assertThat(section(left, "data").rows().get(1).subList(3, 6)).containsExactly(0, 0, 0);
    assertThat(section(left, "on the same rows").facts().get("lost").toString())
        .startsWith(second + ": features/shop@");
  }

  @Test
  void theShiftOfAReleaseIsSplitIntoFeaturesAndModel() {
    Shop shop = new Shop().days(0, 4);
    Shop.write(shop.spec, SPEC);
    String first;
    String second;
    try (Work work = shop.open()) {
      first = new Chains(work).train(D2).version();
      second = new Chains(work).train(D3).version();
      new Chains(work).backfill(List.of(D2, D3));
    }
    List<Section> dates = releases(shop, List.of(D2, D3));
    assertThat(section(dates, "entities").facts())
        .containsEntry("in both", 0L)
        .containsEntry("only after", 120L);
    List<Object> all = section(dates, "shift of the mean").rows().get(0);
    // What the older model says of the newer date is what it releases there, once it is champion.
    try (Work work = shop.open()) {
      new PromoteJob(work, D3).to(first);
      new Chains(work).backfill(List.of(D3));
    }
    List<Section> same = releases(shop, List.of(D3));
    aReleaseThatComesBackIsTheLast(shop, first, second);
    List<Object> told = section(same, "releases of shop").rows().get(3);
    assertThat(told.get(0)).isEqualTo("mean");
    double newer = (Double) told.get(1);
    double older = (Double) told.get(2);
    assertThat((Double) all.get(4)).isCloseTo(newer, within(1e-9));
    assertThat((Double) all.get(6)).isCloseTo(older - (Double) all.get(3), within(1e-9));
    assertThat((Double) all.get(7)).isCloseTo(newer - older, within(1e-9));
    assertThat((Double) all.get(6) + (Double) all.get(7))
        .isCloseTo((Double) all.get(5), within(1e-9));
    assertThat(section(same, "entities").facts()).containsEntry("in both", 120L);
    List<Object> ofOne = section(same, "shift of the mean").rows().get(0);
    assertThat((Double) ofOne.get(6)).as("the same features").isCloseTo(0, within(1e-12));
    assertThat((Double) ofOne.get(7)).isCloseTo(older - newer, within(1e-9)).isNotZero();
    assertThatThrownBy(() -> releases(shop, List.of(D2)))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("predictions/shop: 2026-03-03 was released once; name another");
    afterAnErasureTheOthersAreCompared(shop);
  }

  private static void afterAnErasureTheOthersAreCompared(Shop shop) {
    List<Object> all = section(releases(shop, List.of(D2, D3)), "shift").rows().get(0);
    assertThat(all.subList(1, 3)).containsExactly(120L, 120L);
    Map<String, String> key = Map.of("MILLRACE_ERASURE_KEY", "0123456789abcdef0123456789abcdef");
    Place place = new Place(Path.of("conf"), "local", Optional.empty(), Map.of());
    Erased asked = new Erased(List.of("visit=3005"), "", List.of(), List.of(), false, true, place);
    try (Work work = shop.open()) {
      EraseVerb.run(asked, work.lake(), key, work.console(), step -> {});
    }
    List<Section> left = releases(shop, List.of(D2, D3));
    assertThat(section(left, "entities").facts()).containsEntry("only after", 119L);
    assertThat(section(left, "shift").facts()).isEmpty();
    List<Object> others = section(left, "shift").rows().get(0);
    assertThat(others.subList(1, 3)).containsExactly(120L, 119L);
    assertThat(others.get(3)).isEqualTo(all.get(3));
    assertThatThrownBy(() -> releases(shop, List.of(D3)))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "predictions/shop@\\d+: its release of 2026-03-04 \\(run .*\\) is gone, since a person was"
                + " erased on .* and readers had another by then; name two dates");
  }

  private static void aReleaseThatComesBackIsTheLast(Shop shop, String first, String second) {
    assertThat(models(releases(shop, List.of(D3)))).containsExactly(second, first);
    try (Work work = shop.open()) {
      new PromoteJob(work, D3).to(second);
      new Chains(work).backfill(List.of(D3));
    }
    assertThat(models(releases(shop, List.of(D3)))).containsExactly(first, second);
    assertThat(models(releases(shop, List.of(D2, D3)))).endsWith(second);
  }

  private static List<Object> models(List<Section> releases) {
    List<Object> row = section(releases, "releases of shop").rows().get(1);
    return row.subList(1, 3);
  }

  private static List<Section> releases(Shop shop, List<LocalDate> dates) {
    Place place = new Place(Path.of("conf"), "local", Optional.empty(), Map.of());
    ComparedReleases asked = new ComparedReleases("shop", dates, 3, Optional.empty(), place);
    try (Work work = shop.open()) {
      return new ReleaseDiff(work.lake(), work.console(), asked).sections();
    }
  }

  /** The second was judged beside the first, as the champion of its day, on the same rows. */
  private static void requireThoseOfEvaluate(
      Shop shop, String first, String second, Section paired) {
    int compared = 0;
    for (Map<String, Object> row :
        shop.open().lake().latest("metrics").orElseThrow().rows("pipeline", "shop")) {
      boolean champion =
          row.get("role").equals("champion") && row.get("model_version").equals(first);
      boolean challenger =
          row.get("role").equals("challenger") && row.get("model_version").equals(second);
      String metric = (String) row.get("metric");
      boolean told = List.of("auc", "log-loss", "brier", "accuracy").contains(metric);
      if (row.get("date").equals(D3) && told && (champion || challenger)) {
        String slice =
            row.get("slice_column").equals("")
                ? ""
                : row.get("slice_column") + "=" + row.get("slice_value");
        double figure = figure(paired, metric, slice, champion ? 2 : 3);
        assertThat(figure)
            .as("%s %s", metric, slice)
            .isCloseTo((Double) row.get("value"), within(1e-9));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(20);
    List<Object> auc = paired.rows().get(0);
    assertThat(auc.get(0)).isEqualTo("auc");
    assertThat((Double) auc.get(5)).isBetween(0.0, 1.0);
    assertThat((Double) auc.get(6)).isBetween((Double) auc.get(5), 1.0);
  }

  private static double figure(Section paired, String metric, String slice, int column) {
    return paired.rows().stream()
        .filter(row -> row.get(0).equals(metric) && row.get(1).equals(slice))
        .mapToDouble(row -> (Double) row.get(column))
        .findFirst()
        .orElseThrow();
  }

  private static List<Section> diff(Shop shop, String before, String after) {
    Place place = new Place(Path.of("conf"), "local", Optional.empty(), Map.of());
    ComparedModels asked = new ComparedModels("shop", before, after, 3, Optional.empty(), place);
    try (Work work = shop.open()) {
      return new ModelDiff(work.lake(), work.console(), asked).sections();
    }
  }

  private static Section section(List<Section> sections, String title) {
    return sections.stream().filter(s -> s.title().startsWith(title)).findFirst().orElseThrow();
  }
}
